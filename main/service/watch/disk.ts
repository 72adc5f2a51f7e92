/**
 * The few questions that watching and tailing ask of a file system. `localDisk` answers them in this thread with synchronous calls,
 * which on a local disk cost half of the asynchronous ones and never occupy the thread pool; slow-disk.ts answers through a worker.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, opendirSync, readSync, realpathSync, type Dirent, type Stats } from 'node:fs';
import { readableName } from './names.ts';

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
  /** The entries of a folder, in no order. Rejects with the system's error. */
  list(folder: Native): Promise<Entry[]>;
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
    list: (folder) => attempt(() => list(folder)),
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
  const entries = entriesOf(folder, 'utf8');
  // A name that is no UTF-8 arrives with replacement characters and could not be opened: take the bytes of this folder instead.
  return entries.some((entry) => entry.name.includes('\ufffd')) ? entriesOf(folder, 'buffer') : entries;
}

function entriesOf(folder: Native, encoding: 'utf8' | 'buffer'): Entry[] {
  const entries: Entry[] = [];
  const open = opendirSync(folder as string, { bufferSize: 512, encoding: encoding as BufferEncoding });
  try {
    for (let found = open.readSync(); found; found = open.readSync()) {
      const bytes = found.name as unknown as Uint8Array | string;
      const name = typeof bytes === 'string' ? bytes : readableName(bytes);
      const native = typeof bytes === 'string' || name.includes('\\x') === false ? name : bytes;
      entries.push({ name, native, kind: kindOf(found) ?? kindAt(joinNative(folder, native)) });
    }
  } finally {
    open.closeSync();
  }
  return entries;
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

function kindOf(found: Dirent | Stats): Kind | null {
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
