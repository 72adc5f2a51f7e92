/** A root folder, a store and the real tailing, with a clock that the test turns. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../main/service/clock.ts';
import type { Format, Probe } from '../../main/service/formats/format.ts';
import { openStore } from '../../main/service/store/open.ts';
import type { SourceRow, Store } from '../../main/service/store/store.ts';
import type { TailEvent } from '../../main/service/tail/events.ts';
import { openTail, type Tail } from '../../main/service/tail/tail.ts';
import type { rootDisk } from '../../main/service/watch/root-disk.ts';
import { formatById, recognise } from './number-formats.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
}

/** Delays pass when the test says so; the wall clock is the real one, as the time stamps of files are. */
export function manualClock(): ManualClock {
  let now = 1000;
  const timers = new Set<{ at: number; work: () => void }>();
  return {
    wall: () => Date.now(),
    steady: () => now,
    after(ms, work) {
      const timer = { at: now + ms, work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.work();
      }
    },
  };
}

export interface World {
  /** Holds the root. */
  folder: string;
  root: string;
  rootId: number;
  clock: ManualClock;
  store: Store;
  tail: Tail;
  events: TailEvent[];
  /** Everything that is there is looked at, as after a minute. */
  look(): Promise<void>;
  /** Time passes and what is due by then is done. */
  pass(ms: number): Promise<void>;
  /** The service ends and is started again on the same database. */
  restart(): Promise<void>;
  /** The source of a path that is not gone. */
  source(path: string): SourceRow | undefined;
  /** Values of a source: of its current generation, or of all. */
  values(source: SourceRow, generations?: 'all'): number[];
  close(): Promise<void>;
}

/** Thousands of short-lived databases wait for the disk otherwise; what is tested is not the disk. */
export const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

interface WorldOptions {
  /** Folder for the database, instead of one in memory. */
  databaseFolder?: string;
  recognise?: (probe: Probe) => Format | null;
  formatById?: (id: string) => Format | null;
  openDisk?: typeof rootDisk;
}

/** Makes an empty root that is followed by `tick` alone: no notifications, no timers of the system. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-files-')));
  const root = join(folder, 'runs');
  mkdirSync(root);
  const databaseFolder = options.databaseFolder ?? mkdtempSync(join(memory, 'gapwatch-db-'));
  const database = join(databaseFolder, 'gapwatch.db');
  const clock = manualClock();
  const events: TailEvent[] = [];
  const disk = options.openDisk ? { openDisk: options.openDisk } : {};

  function start(): Pick<World, 'store' | 'tail' | 'rootId'> {
    const store = openStore(database);
    const rootId = store.addRoot(root);
    const formats = { recognise: options.recognise ?? recognise, formatById: options.formatById ?? formatById };
    const tail = openTail({ store, ...formats, clock, hints: false, ...disk, onEvent: (event) => events.push(event) });
    tail.attach(rootId);
    return { store, tail, rootId };
  }

  async function stop(): Promise<void> {
    await world.tail.close();
    world.store.close();
  }

  const world: World = {
    folder,
    root,
    clock,
    events,
    ...start(),
    async look() {
      world.tail.lookAgain();
      await world.tail.tick();
    },
    async pass(ms) {
      clock.advance(ms);
      await world.tail.tick();
    },
    async restart() {
      await stop();
      Object.assign(world, start());
    },
    source: (path) => world.store.sources(world.rootId).find((source) => source.path === path && !source.gone),
    values(source, generations) {
      const rows = [...(generations === 'all' ? world.store.superseded(source.id) : []), ...world.store.series(source.id)];
      return rows.flatMap((row) => {
        const points = world.store.points(row.id);
        return [...points.value.subarray(0, points.length)];
      });
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
      if (!options.databaseFolder) rmSync(databaseFolder, { recursive: true, force: true });
    },
  };
  return world;
}
