/**
 * A real file system in user space that passes everything on to a folder, and does wrong what it is told to.
 *
 *   node server.ts <folder> <mount point>       commands as lines of JSON on standard input, see `Command`
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync, fstatSync, fsyncSync, ftruncateSync, lstatSync, mkdirSync, openSync, read, readSync, readdirSync, renameSync, rmdirSync,
  truncateSync, unlinkSync, utimesSync, writeFileSync, writeSync, type BigIntStats, type Dirent,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { seeded } from '../../bench/generate-tfevents.ts';
import { openNodes } from './nodes.ts';
import { openUnsynced } from './unsynced.ts';
import {
  answer, attrOut, entryOut, initOut, MAX_WRITE, namesIn, openOut, parse, readdirOut, statfsOut, writeOut, type Listed, type Request,
} from './wire.ts';

export interface Faults {
  /** One in so many of these operations (on paths that contain `on`) fails with `error` (an errno's name). */
  fail?: { error: string; every: number; operations: string[]; on?: string };
  /** Reads give only a part of what was asked for. */
  shortReads?: boolean;
  /** Listings do not say what is a file and what a folder, as on some network file systems. */
  kindsUnsaid?: boolean;
  /** Inodes are larger than 2^53 and differ in their last bits only, as on Lustre. */
  largeInodes?: boolean;
}

export type Command = { faults: Faults } | { cutInto: string; seed: number } | { watched: true };

const [folder = '', mount = ''] = process.argv.slice(2);
const device = openSync('/dev/fuse', 'r+');
const nodes = openNodes();
const listings = new Map<number, Listed[]>();
const opened = new Map<number, string>();
const unsynced = openUnsynced();
const random = seeded(5);
let faults: Faults = {};
let failed = 0;
let nextListing = 1;

const real = (path: string): string => (path === '' ? folder : join(folder, path));
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const number64 = (body: Buffer, at: number): number => Number(body.readBigUInt64LE(at));

const inodeOf = (stat: BigIntStats): bigint => (faults.largeInodes ? (1n << 60n) + (stat.ino & 0xffn) : stat.ino);

function entry(path: string): Buffer {
  const stat = lstatSync(real(path), { bigint: true });
  return entryOut(nodes.nodeOf(path), stat, inodeOf(stat));
}

function move(from: string, to: string): void {
  renameSync(real(from), real(to));
  nodes.move(from, to);
  unsynced.moved(from, to);
}

function listed(path: string): Listed[] {
  const found = readdirSync(real(path), { withFileTypes: true });
  const kindOf = (entry: Dirent): number => (faults.kindsUnsaid ? 0 : entry.isDirectory() ? 4 : 8);
  return [...['.', '..'].map((name) => ({ name, type: 4 })), ...found.map((entry) => ({ name: entry.name, type: kindOf(entry) }))];
}

function open(path: string, flags: number, mode = 0): Buffer {
  const { O_ACCMODE, O_CREAT, O_EXCL, O_TRUNC } = { O_ACCMODE: 3, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512 };
  const handle = openSync(real(path), flags & (O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC), mode);
  opened.set(handle, path);
  return openOut(handle, faults.shortReads === true);
}

function readPart(handle: number, offset: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  const got = readSync(handle, buffer, 0, size, offset);
  return buffer.subarray(0, faults.shortReads && got > 1 ? 1 + Math.floor(random() * (got - 1)) : got);
}

function write(handle: number, offset: number, bytes: Buffer): Buffer {
  writeSync(handle, bytes, 0, bytes.length, offset);
  unsynced.wrote(opened.get(handle) ?? '', offset, bytes);
  return writeOut(bytes.length);
}

function setattr(node: bigint, body: Buffer): Buffer {
  const valid = body.readUInt32LE(0);
  const path = nodes.pathOf(node);
  if (valid & 8) {
    const size = number64(body, 16);
    if (valid & 64) ftruncateSync(number64(body, 8), size);
    else truncateSync(real(path), size);
    unsynced.resized(path, size);
  }
  if (valid & 32) utimesSync(real(path), number64(body, 32) + body.readUInt32LE(56) / 1e9, number64(body, 40) + body.readUInt32LE(60) / 1e9);
  const stat = lstatSync(real(path), { bigint: true });
  return attrOut(stat, inodeOf(stat));
}

function getattr(node: bigint, body: Buffer): Buffer {
  const byHandle = nodes.find(node) === null && (body.readUInt32LE(0) & 1) === 1;
  const stat = byHandle ? fstatSync(number64(body, 8), { bigint: true }) : lstatSync(real(nodes.pathOf(node)), { bigint: true });
  return attrOut(stat, inodeOf(stat));
}

function release(handle: number): void {
  closeSync(handle);
  opened.delete(handle);
}

function sync(handle: number): void {
  fsyncSync(handle);
  const path = opened.get(handle) ?? '';
  unsynced.synced(path, real(path));
}

const NOTHING = Buffer.alloc(0);
const done = (_: unknown): Buffer => NOTHING;

/** What each operation answers; an operation that is not here is not known (ENOSYS). */
const operations: Record<string, (request: Request) => Buffer> = {
  init: initOut,
  lookup: ({ node, body }) => entry(nodes.child(node, namesIn(body, 0)[0] ?? '')),
  getattr: ({ node, body }) => getattr(node, body),
  setattr: ({ node, body }) => setattr(node, body),
  mkdir({ node, body }) {
    const path = nodes.child(node, namesIn(body, 8)[0] ?? '');
    mkdirSync(real(path), body.readUInt32LE(0));
    return entry(path);
  },
  unlink({ node, body }) {
    const path = nodes.child(node, namesIn(body, 0)[0] ?? '');
    unlinkSync(real(path));
    nodes.forget(path);
    unsynced.removed(path);
    return NOTHING;
  },
  rmdir({ node, body }) {
    const path = nodes.child(node, namesIn(body, 0)[0] ?? '');
    nodes.forget(path);
    return done(rmdirSync(real(path)));
  },
  rename: ({ node, body }) => renamed(node, body, 8),
  rename2: ({ node, body }) => renamed(node, body, 16),
  open: ({ node, body }) => open(nodes.pathOf(node), body.readUInt32LE(0)),
  create({ node, body }) {
    const path = nodes.child(node, namesIn(body, 16)[0] ?? '');
    const handle = open(path, body.readUInt32LE(0) | 64, body.readUInt32LE(4));
    return Buffer.concat([entry(path), handle]);
  },
  read: ({ body }) => readPart(number64(body, 0), number64(body, 8), body.readUInt32LE(16)),
  write: ({ body }) => write(number64(body, 0), number64(body, 8), body.subarray(40, 40 + body.readUInt32LE(16))),
  statfs: statfsOut,
  release: ({ body }) => done(release(number64(body, 0))),
  fsync: ({ body }) => done(sync(number64(body, 0))),
  flush: done,
  fsyncdir: done,
  opendir({ node }) {
    listings.set(nextListing, listed(nodes.pathOf(node)));
    return openOut(nextListing++, false);
  },
  readdir: ({ body }) => readdirOut(listings.get(number64(body, 0)) ?? [], number64(body, 8), body.readUInt32LE(16)),
  releasedir: ({ body }) => done(listings.delete(number64(body, 0))),
};

function renamed(node: bigint, body: Buffer, namesAt: number): Buffer {
  const [from = '', to = ''] = namesIn(body, namesAt);
  return done(move(nodes.child(node, from), nodes.child(body.readBigUInt64LE(0), to)));
}

function injected({ op, node, body }: Request): number {
  const { fail } = faults;
  const path = op === 'lookup' ? nodes.child(node, namesIn(body, 0)[0] ?? '') : (nodes.find(node) ?? '');
  if (!fail?.operations.includes(op) || !path.includes(fail.on ?? '')) return 0;
  if (random() * fail.every >= 1) return 0;
  failed += 1;
  return (constants.errno as Record<string, number>)[fail.error] ?? 5;
}

function serve(request: Request): Buffer | null {
  const { op, unique } = request;
  if (op === 'forget' || op === 'batch_forget' || op === 'interrupt') return null;
  const wrong = injected(request);
  if (wrong !== 0) return answer(unique, wrong);
  try {
    const work = operations[op];
    return work ? answer(unique, 0, work(request)) : answer(unique, constants.errno.ENOSYS);
  } catch (error) {
    return answer(unique, Math.abs((error as { errno?: number }).errno ?? constants.errno.ENOENT));
  }
}

const buffer = Buffer.alloc(MAX_WRITE + 8192);
function next(): void {
  read(device, buffer, 0, buffer.length, null, (error, length) => {
    // Unmounted.
    if (error?.code === 'ENODEV') process.exit(0);
    if (!error) {
      const reply = serve(parse(buffer.subarray(0, length)));
      try {
        if (reply) writeSync(device, reply);
      } catch {
        // The program that asked was killed meanwhile.
      }
    }
    next();
  });
}

/** Lays the files down as a power cut leaves them. */
function cut(into: string, seed: number): void {
  mkdirSync(into, { recursive: true });
  for (const [path, bytes] of unsynced.cut(seeded(seed))) {
    mkdirSync(join(into, dirname(path)), { recursive: true });
    writeFileSync(join(into, dirname(path), basename(path)), bytes);
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as Command;
  if ('faults' in command) faults = command.faults;
  else if ('cutInto' in command) cut(command.cutInto, command.seed);
  say({ done: true, failed });
});

// What is there before anything is written is safe.
for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (lstatSync(real(path)).isFile()) unsynced.synced(path, real(path));
}

const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
const mounted = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'gapwatch-test', mount], { stdio: ['ignore', 'ignore', 'pipe', device] });
if (mounted.status !== 0) throw new Error(`mount: ${String(mounted.stderr)}`);
next();
say({ ready: true });
