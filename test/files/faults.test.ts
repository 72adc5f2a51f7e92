/** What the world does to us: limits, rights, full disks. Each in a process of its own where it would hurt this one. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noMount } from './fuse/mount.ts';
import { HEADER } from './number-formats.ts';
import { cannot, loaded, named, openPlace, type Place } from './place.ts';
import { openWorld } from './world.ts';

let place: Place;

beforeEach(() => {
  place = openPlace();
});
afterEach(() => place.remove());

const isRoot = process.getuid?.() === 0;
const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'ignore' });
/** A user namespace of its own in which only so many inotify watches may be made. */
const withWatches = (most: number): string[] => ['unshare', '-r', 'sh', '-c', `echo ${most} > /proc/sys/user/max_inotify_watches && exec "$0" "$@"`];
const noNamespace = cannot(() => run('unshare', '-r', 'sh', '-c', 'echo 8 > /proc/sys/user/max_inotify_watches'));
const noLimit = cannot(() => run('prlimit', '--version'));

test.skipIf((noLimit ?? noNamespace) !== null)(named('5,000 runs with 256 descriptors and no watches: all are read, and growth is seen', noLimit ?? noNamespace), async () => {
  for (let run = 0; run < 5000; run += 1) place.put(`group-${run % 50}/run-${run}/log.num`, `${HEADER}${run}\n`);
  const follower = place.follow(place.database, [place.root], { before: [...withWatches(0), 'prlimit', '--nofile=256'] });
  await follower.until(loaded);
  expect(follower.said.find((line) => line.kind === 'problem')).toMatchObject({ path: '', text: expect.stringContaining('max_user_watches') as string });
  for (let run = 0; run < 5000; run += 1) appendFileSync(join(place.root, `group-${run % 50}/run-${run}/log.num`), '70007\n');
  await follower.until((line) => line.stored === 10_000);
  await follower.end();
  expect(follower.said.filter((line) => line.kind === 'problem')).toHaveLength(1);
});

test('100,000 files: the logs among them are found, and the thread stays free', async () => {
  for (let run = 0; run < 100; run += 1) {
    mkdirSync(join(place.root, `run-${run}`));
    for (let file = 0; file < 999; file += 1) closeSync(openSync(join(place.root, `run-${run}/sample-${file}.txt`), 'w'));
    place.put(`run-${run}/log.num`, `${HEADER}${run}\n`);
  }
  const follower = place.follow(place.database, [place.root]);
  await follower.until(loaded);
  expect(follower.said.at(-1)?.stored).toBe(100);
  follower.ask('usage');
  const usage = await follower.until((line) => line.kind === 'usage');
  // Parts are cut to 8 ms; the collector adds to that, and the other threads of the process.
  expect(usage.longestMs).toBeLessThan(250);
}, 120_000);

test.skipIf(noNamespace !== null)(named('no watches left: polls, and says which limit was hit', noNamespace), async () => {
  for (let run = 0; run < 20; run += 1) place.put(`run-${run}/log.num`, `${HEADER}${run}\n`);
  const follower = place.follow(place.database, [place.root], { before: withWatches(8) });
  await follower.until(loaded);
  const problem = follower.said.find((line) => line.kind === 'problem');
  expect(problem).toMatchObject({ path: '', text: expect.stringContaining('max_user_watches') as string });
  for (let run = 0; run < 20; run += 1) appendFileSync(join(place.root, `run-${run}/log.num`), '9\n');
  await follower.until((line) => line.stored === 40);
});

test('stopped (SIGSTOP) while logs grow, rotate and are replaced, and continued: all is read, once', async () => {
  for (const run of ['a', 'b', 'c']) place.put(`${run}/log.num`, `${HEADER}1\n`);
  const follower = place.follow(place.database, [place.root]);
  await follower.until(loaded);
  follower.child.kill('SIGSTOP');
  appendFileSync(join(place.root, 'a/log.num'), '2\n3\n');
  renameSync(join(place.root, 'b/log.num'), join(place.root, 'b/log.num.1'));
  place.put('b/log.num', `${HEADER}4\n5\n`);
  place.put('c/new.tmp', `${HEADER}6\n7\n8\n`);
  renameSync(join(place.root, 'c/new.tmp'), join(place.root, 'c/log.num'));
  follower.child.kill('SIGCONT');
  // Three old ones, two more of a, the two of the new b, and the three that took the place of c's.
  await follower.until((line) => line.stored === 10);
  await follower.end();
  expect(follower.said.at(-1)).toMatchObject({ kind: 'closed' });
  expect(follower.said.filter(({ stored }) => (stored ?? 0) > 10)).toEqual([]);
});

const notRoot = isRoot ? null : 'needs root';

test.skipIf(!isRoot)(named('no permission: the file is named, others are read, and it is once it may be', notRoot), async () => {
  const nobody = 65534;
  chmodSync(place.folder, 0o755);
  chownSync(join(place.folder, 'db'), nobody, nobody);
  place.put('a/log.num', `${HEADER}1\n`);
  place.put('b/log.num', `${HEADER}2\n`);
  place.put('closed/log.num', `${HEADER}3\n`);
  chmodSync(join(place.root, 'b/log.num'), 0o000);
  chmodSync(join(place.root, 'closed'), 0o000);
  const follower = place.follow(place.database, [place.root], { user: nobody });
  await follower.until(loaded);
  expect(follower.said.findLast((line) => line.stored !== undefined)?.stored).toBe(1);
  const problems = follower.said.filter((line) => line.kind === 'problem').map((line) => [line.path, line.text]);
  expect(problems).toContainEqual(['b/log.num', 'no permission to read this file']);
  expect(problems).toContainEqual(['closed', expect.stringContaining('EACCES')]);
  chmodSync(join(place.root, 'b/log.num'), 0o644);
  await follower.until((line) => line.stored === 2);
  await follower.until((line) => line.kind === 'problem' && line.path === 'b/log.num' && line.text === null);
});

test.skipIf(noMount !== null)(named('disk full: says so, loses nothing, goes on by itself', noMount), async () => {
  const disk = join(place.folder, 'db');
  place.tmpfs(disk, '3m');
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
  place.tmpfs(place.root, '1m');
  place.put('run/log.num', `${HEADER}1\n2\n`);
  execFileSync('mount', ['-o', 'remount,ro', place.root]);
  const follower = place.follow(place.database, [place.root]);
  await follower.until((line) => line.stored === 2);
});
