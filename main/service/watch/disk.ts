/**
 * The few questions that watching and tailing ask of a file system. `localDisk` answers them in this thread with synchronous calls,
 * which on a local disk cost half of the asynchronous ones and never occupy the thread pool; slow-disk.ts answers through a worker.
 */
import { closeSync, lstatSync, opendirSync, readdirSync, realpathSync, type Dirent } from 'node:fs';
import { steadyMs } from '../clock.ts';
import { openHeld, type Held } from './held.ts';
import { readableName } from './names.ts';
import { openPace } from './pace.ts';
import { kindOf, openRegular, readRanges, statOf, type Kind, type Native, type Range, type ReadResult, type Stat } from './regular-file.ts';

export type { Kind, Native, Range, ReadResult, Stat } from './regular-file.ts';

export interface Entry {
  /** Readable name, see `readableName`. */
  name: string;
  /** Last part of the path, as the system takes it. */
  native: Native;
  kind: Kind;
}

export interface Disk {
  /** What lies at each path, links not followed; an Error with its `code` in place of what cannot be had. */
  stat(paths: readonly Native[]): Promise<(Stat | NodeJS.ErrnoException)[]>;
  /** The entries of a folder, in no order; `large` if there may be thousands. Rejects with the system's error. */
  list(folder: Native, large: boolean): Promise<Entry[]>;
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

/** Joins a folder and a name, as text where both are. */
export function joinNative(folder: Native, name: Native): Native {
  if (typeof folder === 'string' && typeof name === 'string') return folder === '/' ? folder + name : `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder as Uint8Array), Buffer.from('/'), Buffer.from(name as Uint8Array)]);
}

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
  return paths.map((path) => {
    try {
      const found = lstatSync(path as string, { throwIfNoEntry: false });
      return found ? statOf(found, () => lstatSync(path as string, { bigint: true })) : missing(path);
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
  });
}

function missing(path: Native): NodeJS.ErrnoException {
  const name = typeof path === 'string' ? path : readableName(path);
  return Object.assign(new Error(`ENOENT: no such file or folder: ${name}`), { code: 'ENOENT' });
}

function list(folder: Native): Entry[] {
  let found: Dirent[];
  try {
    found = readdirSync(folder as string, { withFileTypes: true });
  } catch {
    // Where the listing does not tell kinds Node asks for each, and one file that cannot be asked would hide all others.
    return readdirSync(folder as string, 'buffer').map((bytes) => {
      const name = readableName(bytes);
      const native = name.includes('\\x') ? bytes : name;
      return { name, native, kind: kindAt(joinNative(folder, native)) };
    });
  }
  // A name that is no UTF-8 arrives with replacement characters and could not be opened: take the bytes of this folder instead.
  const odd = found.some((entry) => entry.name.includes('\ufffd'));
  if (!odd) return found.map((entry) => entryOf(folder, entry));
  return readdirSync(folder as string, { withFileTypes: true, encoding: 'buffer' }).map((entry) => entryOf(folder, entry));
}

/** A folder of a million images takes a second: in portions, so that the thread stays free. Twice as dear as `list`. */
async function listLarge(folder: Native): Promise<Entry[]> {
  const pace = openPace();
  const open = opendirSync(folder as string, { bufferSize: 1024 });
  const entries: Entry[] = [];
  try {
    for (let found = open.readSync(); found; found = open.readSync()) {
      if (found.name.includes('\ufffd')) return list(folder);
      entries.push(entryOf(folder, found));
      if (entries.length % 1024 === 0) await pace.rest();
    }
  } finally {
    open.closeSync();
  }
  return entries;
}

function entryOf(folder: Native, found: Dirent<string> | Dirent<NonSharedBuffer>): Entry {
  const name = typeof found.name === 'string' ? found.name : readableName(found.name);
  // Names of a folder read as bytes are bytes only where they must be.
  const native = typeof found.name === 'string' || !name.includes('\\x') ? name : found.name;
  return { name, native, kind: kindOf(found) ?? kindAt(joinNative(folder, native)) };
}

function read(file: Native, ranges: readonly Range[], into: Uint8Array): ReadResult {
  const descriptor = openRegular(file);
  try {
    return readRanges(descriptor, ranges, into);
  } finally {
    closeSync(descriptor);
  }
}

/** For file systems that do not say the kind in the listing. What cannot be asked passes for a file: its stat will say what is wrong. */
function kindAt(path: Native): Kind {
  const found = stat([path])[0];
  if (!found || !('kind' in found)) return found?.code === 'ENOENT' ? 'other' : 'file';
  return found.kind;
}
