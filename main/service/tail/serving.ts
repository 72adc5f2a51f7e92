/** Reads what is queued, one chunk of one file after the other, and what idle files end with. */
import type { Clock } from '../clock.ts';
import { openPace } from '../watch/pace.ts';
import type { RootDisk } from '../watch/root-disk.ts';
import { IDLE_MS, type Collection } from './collection.ts';
import type { Followed } from './followed.ts';
import { lookAt, offer, type Looking } from './look.ts';
import type { Scanning } from './scanning.ts';

export interface Serving {
  /** Until nothing is queued or a folder is to be scanned first. */
  serve(): Promise<void>;
  /** Until there are points, each file committed by itself. True once there are, or the root is closed. */
  readFirst(): Promise<boolean>;
  /** Takes the last, unfinished record of files that have been idle for long enough. */
  offerRests(): Promise<void>;
}

export interface ServingParts {
  clock: Clock;
  /** One-shot: the root is read to its end, and nothing is scanned or awaited meanwhile. */
  once: boolean;
  disk: RootDisk;
  collection: Collection;
  scanning: Pick<Scanning, 'takeHints' | 'hasDirty'>;
  turn: Looking;
  /** Commits what was read. */
  flush(): void;
  /** Called after each file. */
  served(): void;
  /** True once there are points. */
  hasPoints(): boolean;
  /** True after the first loading of the root. */
  complete(): boolean;
  closed(): boolean;
}

/** Nothing is read before the first call. */
export function openServing({ clock, once, disk, collection, scanning, turn, flush, served, hasPoints, complete, closed }: ServingParts): Serving {
  const { queue, delayed, unfinished } = collection;

  async function serveOne(file: Followed): Promise<void> {
    file.lookedAt = clock.steady();
    const { bytes, more } = await lookAt(file, turn);
    if (bytes > 0 && complete()) file.grewAt = clock.steady();
    if (bytes > 0 && (more || complete()) && typeof file.native === 'string') disk.held?.keep(file.native);
    if (more) queue.add(file);
    else if (file.notBefore > clock.steady()) delayed.add(file);
    else if (file.format?.kind === 'stream' && file.place.offset < file.size) unfinished.add(file);
  }

  return {
    async serve() {
      const pace = openPace();
      while (!closed()) {
        scanning.takeHints();
        if (!once && scanning.hasDirty()) return;
        const file = queue.next();
        if (!file) return;
        if (file.notBefore > clock.steady()) delayed.add(file);
        else await serveOne(file);
        served();
        if (pace.isSpent()) await pace.rest();
      }
    },
    async readFirst() {
      const pace = openPace();
      while (!closed() && !hasPoints()) {
        const file = queue.next();
        if (!file) break;
        await serveOne(file);
        flush();
        if (pace.isSpent()) await pace.rest();
      }
      return closed() || hasPoints();
    },
    async offerRests() {
      for (const file of unfinished) {
        if (!once && clock.steady() - file.changedAt < IDLE_MS) continue;
        unfinished.delete(file);
        if (!file.gone) await offer(file, turn);
      }
      flush();
    },
  };
}
