/**
 * The few questions that watching and tailing ask of a file system. `localDisk` answers them in this thread with synchronous calls,
 * which on a local disk cost half of the asynchronous ones and never occupy the thread pool; slow-disk.ts answers through a worker.
 */
import { closeSync, realpathSync } from 'node:fs';
import { steadyMs } from '../clock.ts';
import { openHeld, type Held } from './held.ts';
import { list, listLarge, type Listing } from './listing.ts';
import { openRegular, readRanges, statAt, type Native, type Range, type ReadResult, type Stat } from './regular-file.ts';

export type { Native, Range, ReadResult, Stat } from './regular-file.ts';

export interface Disk {
  /** What lies at each path, links not followed; an Error with its `code` in place of what cannot be had. */
  stat(paths: readonly Native[]): Promise<(Stat | NodeJS.ErrnoException)[]>;
  /** What lies in a folder, in no order; `large` if there may be thousands. Rejects with the system's error. */
  list(folder: Native, large: boolean): Promise<Listing>;
  /** Reads ranges of a regular file; open, read, close. Rejects with the system's error, or EINVAL if it is no regular file. */
  read(file: Native, ranges: readonly Range[]): Promise<ReadResult>;
  /** The path without links. */
  realpath(path: string): Promise<string>;
  /** A path at which the file can be read without waiting, for libraries that open it themselves; `release` it afterwards. */
  localCopy(file: Native): Promise<{ path: string; release(): void }>;
  /** Descriptors kept open; null where that is not worth while or not wanted. */
  readonly held: Held | null;
  close(): Promise<void>;
}

const REUSED = 1024 * 1024 + 8192;

/** The path of a file beside another one whose name is the same with an ending. */
export function sibling(file: Native, ending: string): Native {
  return typeof file === 'string' ? file + ending : Buffer.concat([file, Buffer.from(ending)]);
}

/** The synchronous answers, shared by `localDisk` and the worker of slow-disk.ts. */
export const calls = { stat, list, read, realpath: (path: string): string => realpathSync(path) };

/** The disk of this thread. `steady` gives milliseconds for descriptors that are kept open for a while. */
export function localDisk(steady: () => number = steadyMs): Disk {
  let reused: Buffer | null = null;
  // On Windows an open file cannot be deleted by its owner.
  const held = process.platform === 'win32' ? null : openHeld(steady);
  return {
    held,
    stat: (paths) => Promise.resolve(stat(paths)),
    list: (folder, large) => (large ? listLarge(folder) : attempt(() => list(folder))),
    read: (file, ranges) =>
      attempt(() => {
        let wanted = 0;
        for (const range of ranges) wanted += range.length;
        if (wanted > REUSED) return read(file, ranges, Buffer.allocUnsafeSlow(wanted));
        return read(file, ranges, (reused ??= Buffer.allocUnsafeSlow(REUSED)));
      }),
    realpath: (path) => attempt(() => realpathSync(path)),
    localCopy: (file) => Promise.resolve({ path: typeof file === 'string' ? file : Buffer.from(file).toString(), release() {} }),
    close() {
      reused = null;
      held?.close();
      return Promise.resolve();
    },
  };
}

function attempt<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

function stat(paths: readonly Native[]): (Stat | NodeJS.ErrnoException)[] {
  return paths.map(statAt);
}

function read(file: Native, ranges: readonly Range[], into: Uint8Array): ReadResult {
  const { descriptor, found } = openRegular(file);
  try {
    return readRanges(descriptor, ranges, into, found);
  } finally {
    closeSync(descriptor);
  }
}
