/** What the world does to us: limits, rights, full disks, silent mounts. Each in a process of its own where it would hurt this one. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  appendFileSync, chmodSync, chownSync, closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync,
  rmSync, statSync, writeFileSync, writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maskedCrc32c } from '../../main/service/formats/crc32c.ts';
import { openStore } from '../../main/service/store/open.ts';
import { startFollower, type FollowerProcess } from './follower-process.ts';
import { HEADER } from './number-formats.ts';
import { memory, openWorld } from './world.ts';

let folder: string;
let root: string;
let database: string;
const running: FollowerProcess[] = [];
const mounts: string[] = [];
const servers: ChildProcess[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-faults-')));
  root = join(folder, 'runs');
  database = join(folder, 'db', 'gapwatch.db');
  mkdirSync(root);
  mkdirSync(join(folder, 'db'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.kill('SIGCONT');
  for (const follower of running.splice(0)) await follower.end();
  for (const mount of mounts.splice(0)) execFileSync('umount', ['-l', mount]);
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

function follow(...args: Parameters<typeof startFollower>): FollowerProcess {
  const follower = startFollower(...args);
  running.push(follower);
  return follower;
}

const loaded = (line: { kind: string; state?: string }): boolean => line.kind === 'root-state' && line.state === 'ok';

/** Why a test cannot run here, or null. What is skipped is counted by the test runner and says why in its name. */
function cannot(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? 'it failed';
  }
}

const isRoot = process.getuid?.() === 0;
const noMount = isRoot ? cannot(tryMount) : 'needs root';
const noFuse = existsSync('/dev/fuse') ? null : 'no /dev/fuse';
const noBindfs = noMount ?? noFuse ?? cannot(() => run('bindfs', '--version'));
/** A user namespace of its own in which only eight inotify watches may be made. */
const fewWatches = 'echo 8 > /proc/sys/user/max_inotify_watches';
const noNamespace = cannot(() => run('unshare', '-r', 'sh', '-c', fewWatches));
const noLimit = cannot(() => run('prlimit', '--version'));

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}

function tryMount(): void {
  const at = mkdtempSync(join(tmpdir(), 'gapwatch-mount-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
  execFileSync('umount', [at]);
  rmSync(at, { recursive: true });
}

function named(name: string, reason: string | null): string {
  return reason === null ? name : `${name} (SKIPPED: ${reason})`;
}

test.skipIf(noLimit !== null)(named('5,000 runs with 256 descriptors', noLimit), async () => {
  for (let run = 0; run < 5000; run += 1) put(`group-${run % 50}/run-${run}/log.num`, `${HEADER}${run}\n`);
  const follower = follow(database, [root], { before: ['prlimit', '--nofile=256'] });
  await follower.until(loaded);
  appendFileSync(join(root, 'group-7/run-7/log.num'), '70007\n');
  await follower.until((line) => line.stored === 5001);
  await follower.end();
  expect(follower.said.filter((line) => line.kind === 'problem')).toEqual([]);
});

test('100,000 files: the logs among them are found, and the thread stays free', async () => {
  for (let run = 0; run < 100; run += 1) {
    mkdirSync(join(root, `run-${run}`));
    for (let file = 0; file < 999; file += 1) closeSync(openSync(join(root, `run-${run}/sample-${file}.txt`), 'w'));
    put(`run-${run}/log.num`, `${HEADER}${run}\n`);
  }
  const follower = follow(database, [root]);
  await follower.until(loaded);
  expect(follower.said.at(-1)?.stored).toBe(100);
  follower.ask('usage');
  const usage = await follower.until((line) => line.kind === 'usage');
  // Parts are cut to 8 ms; the rest is what a busy machine adds.
  expect(usage.longestMs).toBeLessThan(250);
}, 120_000);

test.skipIf(noNamespace !== null)(named('no watches left: polls, and says which limit was hit', noNamespace), async () => {
  for (let run = 0; run < 20; run += 1) put(`run-${run}/log.num`, `${HEADER}${run}\n`);
  const follower = follow(database, [root], { before: ['unshare', '-r', 'sh', '-c', `${fewWatches} && exec "$0" "$@"`] });
  await follower.until(loaded);
  const problem = follower.said.find((line) => line.kind === 'problem');
  expect(problem).toMatchObject({ path: '', text: expect.stringContaining('max_user_watches') as string });
  for (let run = 0; run < 20; run += 1) appendFileSync(join(root, `run-${run}/log.num`), '9\n');
  await follower.until((line) => line.stored === 40);
});

const notRoot = isRoot ? null : 'needs root';

test.skipIf(!isRoot)(named('no permission: the file is named, others are read, and it is once it may be', notRoot), async () => {
  const nobody = 65534;
  chmodSync(folder, 0o755);
  chownSync(join(folder, 'db'), nobody, nobody);
  put('a/log.num', `${HEADER}1\n`);
  put('b/log.num', `${HEADER}2\n`);
  put('closed/log.num', `${HEADER}3\n`);
  chmodSync(join(root, 'b/log.num'), 0o000);
  chmodSync(join(root, 'closed'), 0o000);
  const follower = follow(database, [root], { user: nobody });
  await follower.until(loaded);
  expect(follower.said.findLast((line) => line.stored !== undefined)?.stored).toBe(1);
  const problems = follower.said.filter((line) => line.kind === 'problem').map((line) => [line.path, line.text]);
  expect(problems).toContainEqual(['b/log.num', 'no permission to read this file']);
  expect(problems).toContainEqual(['closed', expect.stringContaining('EACCES')]);
  chmodSync(join(root, 'b/log.num'), 0o644);
  await follower.until((line) => line.stored === 2);
  await follower.until((line) => line.kind === 'problem' && line.path === 'b/log.num' && line.text === null);
});

test.skipIf(noMount !== null)(named('disk full: says so, loses nothing, goes on by itself', noMount), async () => {
  const disk = join(folder, 'db');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]);
  mounts.push(disk);
  const world = await openWorld({ databaseFolder: disk });
  try {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1_500_000));
    let next = 0;
    // Numbers without a pattern, so that they take room in the store.
    const line = (): string => `${Math.imul((next += 1), 2_654_435_761) >>> 0}\n`;
    const lines = (count: number): string => Array.from({ length: count }, line).join('');
    writeFileSync(join(world.root, 'a.num'), HEADER + lines(10));
    writeFileSync(join(world.root, 'b.num'), HEADER + lines(10));
    const full = (): boolean => world.events.some((event) => event.kind === 'storage' && event.sentence?.includes('disk is full') === true);
    for (let turn = 0; turn < 400 && !full(); turn += 1) {
      appendFileSync(join(world.root, turn % 2 ? 'a.num' : 'b.num'), lines(20_000));
      await world.look();
    }
    expect(full()).toBe(true);
    // More is written, more looks fail, files are renamed: all waits.
    appendFileSync(join(world.root, 'a.num'), lines(50));
    for (let turn = 0; turn < 5; turn += 1) await world.pass(20_000);
    const stored = world.store.totals().points;
    expect(stored).toBeLessThan(next);
    expect(stored).toBeGreaterThan(0);
    rmSync(ballast);
    await world.pass(20_000);
    await world.look();
    expect(world.events.filter((event) => event.kind === 'storage').at(-1)).toMatchObject({ sentence: null });
    for (const name of ['a.num', 'b.num']) {
      const written = readFileSync(join(world.root, name), 'latin1').split('\n').slice(1, -1).map(Number);
      const source = world.source(name);
      expect(source && world.values(source)).toEqual(written);
    }
  } finally {
    await world.close();
  }
});

test.skipIf(noMount !== null)(named('logs on a read-only disk are read', noMount), async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root]);
  mounts.push(root);
  put('run/log.num', `${HEADER}1\n2\n`);
  execFileSync('mount', ['-o', 'remount,ro', root]);
  const follower = follow(database, [root]);
  await follower.until((line) => line.stored === 2);
});

test.skipIf(noBindfs !== null)(named('a mount that hangs: flagged, other folders live, goes on when it answers', noBindfs), async () => {
  const remote = join(folder, 'remote');
  const mounted = join(folder, 'mounted');
  mkdirSync(remote);
  mkdirSync(mounted);
  writeFileSync(join(remote, 'log.num'), `${HEADER}1\n`);
  put('log.num', `${HEADER}1\n`);
  const bindfs = spawn('bindfs', ['-f', '-o', 'attr_timeout=0,entry_timeout=0', remote, mounted], { stdio: 'ignore' });
  mounts.push(mounted);
  servers.push(bindfs);
  const before = statSync(folder).dev;
  while (statSync(mounted).dev === before) await new Promise((resume) => setImmediate(resume));
  const follower = follow(database, [root, mounted]);
  try {
    await follower.until((line) => loaded(line) && line.rootId === 1);
    await follower.until((line) => loaded(line) && line.rootId === 2);
    expect(follower.said.find((line) => line.kind === 'problem' && line.rootId === 2)?.text).toMatch(/network file system \(fuse/);
    bindfs.kill('SIGSTOP');
    const stopped = performance.now();
    const first = await follower.until((line) => line.rootId === 2 && line.state === 'not-answering');
    expect(performance.now() - stopped).toBeLessThan(15_000);
    // The other folder is as prompt as ever.
    for (let turn = 0; turn < 5; turn += 1) {
      appendFileSync(join(root, 'log.num'), `${turn}\n`);
      await follower.until((line) => line.kind === 'grew' && line.rootId === 1 && line.stored === 3 + turn);
    }
    appendFileSync(join(remote, 'log.num'), '2\n');
    bindfs.kill('SIGCONT');
    await follower.until((line) => line.rootId === 2 && line.kind === 'grew' && line.stored === 8);
    expect(follower.said.filter((line) => line.rootId === 2 && line.kind === 'root-state').at(-1)?.state).toBe('ok');
    bindfs.kill('SIGSTOP');
    await follower.until((line) => line.state === 'not-answering' && line !== first);
    // Closing does not wait for the mount either; the process itself the kernel lets go only with the last call.
    const ended = follower.end();
    await follower.until((line) => line.kind === 'closed');
    bindfs.kill('SIGCONT');
    await ended;
  } finally {
    bindfs.kill('SIGCONT');
    await follower.end();
  }
});

test('a line of 500 MB costs that line, not the memory', async () => {
  const path = join(root, 'metrics.csv');
  // The damage lies behind the part by which a format is recognised.
  writeFileSync(path, `step,loss\n${Array.from({ length: 2000 }, (_, step) => `${step},0.5\n`).join('')}`);
  growSparse(path, 500 * 1024 * 1024);
  appendFileSync(path, '\n2000,0.125\n2001,0.0625\n');
  const follower = follow(database, [root]);
  await follower.until((line) => (line.stored ?? 0) >= 2002);
  follower.ask('usage');
  const usage = await follower.until((line) => line.kind === 'usage');
  await follower.end();
  expect(usage.maxRssKiB).toBeLessThan(400 * 1024);
  const store = openStore(database);
  expect(store.problems()).toMatchObject([{ path: 'metrics.csv' }]);
  expect(store.totals().points).toBe(2002);
  store.close();
});

test('a record of 2 GB in an event file is seeked over', async () => {
  const path = join(root, 'events.out.tfevents.1700000000.host.1.0');
  const huge = 2 ** 31 - 1000;
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([record(event(1, 0.5)), record(event(2, 0.25)), lengthHeader(huge)]));
  closeSync(file);
  growSparse(path, huge + 4);
  appendFileSync(path, Buffer.concat([record(event(3, 0.125)), record(event(4, 0.0625))]));
  const follower = follow(database, [root]);
  await follower.until((line) => (line.stored ?? 0) >= 4);
  follower.ask('usage');
  const usage = await follower.until((line) => line.kind === 'usage');
  await follower.end();
  expect(usage.maxRssKiB).toBeLessThan(400 * 1024);
});

/** A hole at the end of a file: bytes that take no room. */
function growSparse(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  ftruncateSync(file, statSync(path).size + bytes);
  closeSync(file);
}

function lengthHeader(length: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeBigUInt64LE(BigInt(length));
  header.writeUInt32LE(maskedCrc32c(new DataView(header.buffer, header.byteOffset), 0, 8), 8);
  return header;
}

function record(data: Buffer): Buffer {
  const end = Buffer.alloc(4);
  end.writeUInt32LE(maskedCrc32c(new DataView(data.buffer, data.byteOffset), 0, data.length));
  return Buffer.concat([lengthHeader(data.length), data, end]);
}

/** Event { wall_time, step, summary { value { tag "loss", simple_value } } }. */
function event(step: number, value: number): Buffer {
  const scalar = Buffer.from([0x0a, 4, ...Buffer.from('loss'), 0x15, 0, 0, 0, 0]);
  scalar.writeFloatLE(value, 7);
  const summary = Buffer.concat([Buffer.from([0x0a, scalar.length]), scalar]);
  const head = Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, step, 0x2a, summary.length]);
  head.writeDoubleLE(1.7e9 + step, 1);
  return Buffer.concat([head, summary]);
}
