/** What one look at one file has at hand. */
import type { Format, Probe } from '../formats/format.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../watch/disk.ts';
import type { Followed } from './followed.ts';
import type { Pending } from './pending.ts';

export interface Turn {
  disk: Disk;
  clock: Clock;
  pending: Pending;
  recognise(probe: Probe): Format | null | Promise<Format | null>;
  /** Names beside a file. */
  siblings(path: string): ReadonlySet<string>;
  /** Has the folder of a file scanned before the file is looked at again. Returns whether that will be. */
  rescan(file: Followed): boolean;
  /** Commits what is waiting. */
  flush(): void;
  /** States or (with null) ends what is wrong with a file. */
  trouble(file: Followed, text: string | null): void;
}

/** What a look came to: `more` if there is more to read at once, `bytes` how many were taken. */
export interface Outcome {
  more: boolean;
  bytes: number;
}

export const NOTHING: Outcome = { more: false, bytes: 0 };
