/** Opening and reading regular files, and what a stat says. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type BigIntStats, type Dirent, type Stats } from 'node:fs';
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

// Never wait for the other end of a FIFO, never follow a link that was put in place of a file.
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const UNTHROWN = { throwIfNoEntry: false } as const;

/** An open file and what it was when it was opened. */
export interface Opened {
  descriptor: number;
  found: Stats;
}

/** Opens a regular file for reading; the caller closes it. Throws the system's error, or EINVAL if it is no regular file. */
export function openRegular(file: Native): Opened {
  const descriptor = openSync(file as string, OPEN);
  try {
    const found = fstatSync(descriptor);
    if (found.isFile()) return { descriptor, found };
    throw notRegular();
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Reads ranges of an open file into one buffer. `found`: what it is at the moment, where that is known. */
export function readRanges(descriptor: number, ranges: readonly Range[], into: Uint8Array, found = fstatSync(descriptor)): ReadResult {
  const stat = statOf(found, () => fstatSync(descriptor, { bigint: true }));
  let start = 0;
  const parts = ranges.map((range) => {
    const end = start + readFully(descriptor, into, start, range);
    const part = into.subarray(start, end);
    start = end;
    return part;
  });
  return { stat, parts };
}

function notRegular(): NodeJS.ErrnoException {
  return Object.assign(new Error('EINVAL: not a regular file'), { code: 'EINVAL' });
}

function readFully(descriptor: number, into: Uint8Array, start: number, range: Range): number {
  let done = 0;
  while (done < range.length) {
    const got = readSome(descriptor, into, start + done, { offset: range.offset + done, length: range.length - done });
    if (got === 0) break;
    done += got;
  }
  return done;
}

/** A signal may interrupt a read on some file systems; Node hands that on. */
function readSome(descriptor: number, into: Uint8Array, start: number, { offset, length }: Range): number {
  for (;;) {
    try {
      return readSync(descriptor, into, start, length, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
  }
}

/** What lies at a path, links not followed; an Error with its `code` in place of what cannot be had. */
export function statAt(path: Native): Stat | NodeJS.ErrnoException {
  try {
    const found = lstatSync(path as string, UNTHROWN);
    return found ? statOf(found, () => lstatSync(path as string, { bigint: true })) : missing(path);
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function missing(path: Native): NodeJS.ErrnoException {
  const name = typeof path === 'string' ? path : readableName(path);
  return Object.assign(new Error(`ENOENT: no such file or folder: ${name}`), { code: 'ENOENT' });
}

/** A stat of ours from one of Node. `exact` asks again with all 64 bits. */
function statOf(found: Stats, exact: () => BigIntStats): Stat {
  const { dev: device, size, mtimeMs, ctimeMs } = found;
  const inode = found.ino > Number.MAX_SAFE_INTEGER ? foldInode(exact().ino) : found.ino;
  return { kind: kindOf(found) ?? 'other', device, inode, size, mtimeMs, ctimeMs };
}

/**
 * Inodes of Lustre, NTFS and others are larger than 2^53 and neighbours differ in their last bits, which a number would round away: two files
 * would look like one. The upper bits are folded into the lower 53.
 */
function foldInode(inode: bigint): number {
  return Number(BigInt.asUintN(53, inode ^ (inode >> 53n)));
}

type Kinds = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>;

/** The kind, or null where the system does not say it. */
export function kindOf(found: Kinds): Kind | null {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'link';
  return found.isFIFO() || found.isSocket() || found.isBlockDevice() || found.isCharacterDevice() ? 'other' : null;
}
