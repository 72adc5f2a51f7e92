/**
 * The few questions that watching and tailing ask of a file system. `localDisk` answers them in this thread with synchronous calls,
 * which on a local disk cost half of the asynchronous ones and never occupy the thread pool; slow-disk.ts answers through a worker.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  opendirSync,
  readdirSync,
  readSync,
  realpathSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { readableName } from './names.ts';
import { openPace } from './pace.ts';

/** A path as the system takes it: text, or bytes where the name is no UTF-8. */
export type Native = string | Uint8Array;

export type Kind = 'file' | 'folder' | 'link' | 'other';

export interface Stat {
  kind: Kind;
  device: number;
  inode: number;
  size: number;
  /** Milliseconds since 1970. */
  mtimeMs: number;
  ctimeMs: number;
}

export interface Entry {
  /** Readable name, see `readableName`. */
  name: string;
  /** Last part of the path, as the system takes it. */
  native: Native;
  kind: Kind;
}

export interface Range {
  offset: number;
  length: number;
}

export interface ReadResult {
  /** Of the opened file itself, so that no replacement can slip in between. */
  stat: Stat;
  /** One part a range, shorter where the file ends. Valid until the next `read` of the same disk. */
  parts: Uint8Array[];
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
  close(): Promise<void>;
}

// Never wait for the other end of a FIFO, never follow a link that was put in place of a file.
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const REUSED = 1024 * 1024 + 8192;

/** Joins a folder and a name, as text where both are. */
export function joinNative(folder: Native, name: Native): Native {
  if (typeof folder === 'string' && typeof name === 'string') return folder === '/' ? folder + name : `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder as Uint8Array), Buffer.from('/'), Buffer.from(name as Uint8Array)]);
}

/** The synchronous answers, shared by `localDisk` and the worker of slow-disk.ts. */
export const calls = { stat, list, read, realpath: (path: string): string => realpathSync(path) };

/** The disk of this thread. */
export function localDisk(): Disk {
  let reused: Buffer | null = null;
  return {
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
    close() {
      reused = null;
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
      return found ? statOf(found) : missing(path);
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
  });
}

function missing(path: Native): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: no such file or folder: ${typeof path === 'string' ? path : readableName(path)}`), { code: 'ENOENT' });
}

function list(folder: Native): Entry[] {
  const found = readdirSync(folder as string, { withFileTypes: true });
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
  const descriptor = openSync(file as string, OPEN);
  try {
    const found = statOf(fstatSync(descriptor));
    if (found.kind !== 'file') throw Object.assign(new Error('EINVAL: not a regular file'), { code: 'EINVAL' });
    let start = 0;
    const parts = ranges.map((range) => {
      const end = start + readFully(descriptor, into, start, range);
      const part = into.subarray(start, end);
      start = end;
      return part;
    });
    return { stat: found, parts };
  } finally {
    closeSync(descriptor);
  }
}

function readFully(descriptor: number, into: Uint8Array, start: number, range: Range): number {
  let done = 0;
  while (done < range.length) {
    let got: number;
    try {
      got = readSync(descriptor, into, start + done, range.length - done, range.offset + done);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EINTR' || (code === 'EAGAIN' && done === 0)) continue;
      throw error;
    }
    if (got === 0) break;
    done += got;
  }
  return done;
}

function statOf(found: Stats): Stat {
  const { dev: device, ino: inode, size, mtimeMs, ctimeMs } = found;
  return { kind: kindOf(found) ?? 'other', device, inode, size, mtimeMs, ctimeMs };
}

function kindOf(found: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>): Kind | null {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'link';
  return found.isFIFO() || found.isSocket() || found.isBlockDevice() || found.isCharacterDevice() ? 'other' : null;
}

/** For file systems that do not say the kind in the listing. */
function kindAt(path: Native): Kind {
  const found = stat([path])[0];
  return found && 'kind' in found ? found.kind : 'other';
}
