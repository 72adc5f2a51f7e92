/** Whether known files changed, by their stats: those that grow every second, all of them once in a while. */
import type { Clock } from '../clock.ts';
import type { RootDisk } from '../watch/root-disk.ts';
import { openPace } from '../watch/pace.ts';
import { statEach } from '../watch/stats.ts';
import { ACTIVE_MS, type Collection } from './collection.ts';
import { statDatabase } from './database.ts';
import type { Followed } from './followed.ts';
import type { Pending } from './pending.ts';
import { restAfter } from './share.ts';

const ACTIVE_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 15_000;
/** Looking at what grows may cost this part of the time. */
const ACTIVE_SHARE = 1 / 50;
/** Files larger than this are not read again to be compared. */
const VERIFY_CAP = 64 * 1024 * 1024;

export interface Comparing {
  /** Compares what is due. */
  compare(): Promise<void>;
  /** All of them are due. */
  sweepSoon(): void;
  /** Every stat was asked for a moment ago. */
  justAsked(): void;
  /** Steady milliseconds at which something is due. */
  nextAt(): number;
}

export interface ComparingParts {
  clock: Clock;
  disk: RootDisk;
  collection: Collection;
  pending: Pending;
  /** Whether a hint to this path waits to be taken. */
  hinted(path: string): boolean;
  /** The file is no longer what it was: its folder is to be scanned. */
  lost(file: Followed): void;
}

/** Nothing is compared before `compare`. */
export function openComparing({ clock, disk, collection, pending, hinted, lost }: ComparingParts): Comparing {
  const { files, queue, active } = collection;
  const due = { active: 0, sweep: clock.steady() + SWEEP_EVERY_MS };

  async function compare(): Promise<void> {
    const began = clock.steady();
    if (due.sweep <= began) {
      // The reader of a quiet file begins again, when it is wanted, with what the store knows.
      for (const file of files.values()) if (!active.has(file) && !pending.has(file)) file.reader = null;
      await compareAll([...files.values()]);
      due.sweep = clock.steady() + restAfter(clock, began, SWEEP_EVERY_MS);
      due.active = began + ACTIVE_EVERY_MS;
    } else if (due.active <= began) {
      for (const file of active) if (began - file.changedAt > ACTIVE_MS) settle(file);
      // A hint led to these a moment ago, or will soon.
      await compareAll([...active].filter((file) => began - file.lookedAt >= ACTIVE_EVERY_MS / 2 && !hinted(file.path)));
      due.active = clock.steady() + Math.max(ACTIVE_EVERY_MS, (clock.steady() - began) / ACTIVE_SHARE);
      disk.held?.expire();
    }
  }

  /** A file that grew while it was watched is compared whole once it is quiet. */
  function settle(file: Followed): void {
    active.delete(file);
    if (file.grewAt === null || file.gone || file.size > VERIFY_CAP || file.format === null || file.format.kind === 'database') return;
    file.verify = true;
    queue.add(file);
  }

  async function compareAll(list: readonly Followed[]): Promise<void> {
    const there = list.filter((file) => !file.gone);
    const pace = openPace();
    await statEach(disk, there.map(({ native }) => native), pace, (stat, at) => {
      const file = there[at]!;
      if (!('kind' in stat) || stat.kind !== 'file') lost(file);
      else if (file.format?.kind !== 'database') collection.consider(file, stat);
    });
    for (const file of there) {
      if (file.format?.kind !== 'database') continue;
      const stat = await statDatabase(file.native, disk).catch(() => null);
      if (stat) collection.consider(file, stat);
      if (pace.isSpent()) await pace.rest();
    }
  }

  return {
    compare,
    sweepSoon: () => void (due.sweep = 0),
    justAsked: () => void (due.active = clock.steady() + ACTIVE_EVERY_MS),
    nextAt: () => (active.size > 0 ? Math.min(due.sweep, due.active) : due.sweep),
  };
}
