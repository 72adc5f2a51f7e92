/** The whole service while its disk, its database, its folders or its clock fail: what the window is told, and that it stays alive. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../main/service/clock.ts';
import { systemClock } from '../../main/service/clock.ts';
import { noFuse, noMount } from './fuse/mount.ts';
import { named, openPlace, type Place } from './place.ts';
import { openServed, type Served } from './served.ts';

let place: Place;
let data: string;
const open: Served[] = [];

beforeEach(() => {
  place = openPlace();
  data = join(place.folder, 'data');
  mkdirSync(data);
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
  await place.remove();
});

function serve(over?: Parameters<typeof openServed>[1]): Served {
  const app = openServed(data, over);
  open.push(app);
  return app;
}

async function endNow(app: Served): Promise<void> {
  open.splice(open.indexOf(app), 1);
  await app.close();
}

const line = (step: number): string => `${JSON.stringify({ step, loss: Math.sin(step) + 2, val_loss: Math.cos(step) + 2 })}\n`;
const lines = (from: number, count: number): string => Array.from({ length: count }, (_, index) => line(from + index)).join('');

/** Values of the loss of the only run, as a curve gives them. */
async function losses(app: Served): Promise<number[]> {
  const [row] = (await app.ask('overview')).runs;
  const detail = row && (await app.ask('run', row.key));
  const series = detail?.series.find(({ name }) => name === 'loss');
  if (!row || !series) return [];
  const [curve] = await app.ask('curves', { run: row.key, series: [series.key], axis: 'step', pixels: 100_000 });
  return [...(curve?.y ?? [])];
}

const expected = (count: number): number[] => Array.from({ length: count }, (_, step) => Math.sin(step) + 2);

async function untilStored(app: Served, count: number): Promise<void> {
  await app.eventually(async () => ((await losses(app)).length === count ? true : null));
  expect(await losses(app)).toEqual(expected(count));
}

test.skipIf(noMount !== null)(named('the disk of the database is full: a banner, curves are drawn on, and it goes on by itself', noMount), async () => {
  place.tmpfs(data, '8m');
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 100);
  const ballast = join(data, 'ballast');
  const { bavail, bsize } = statfsSync(data);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - 16_384));
  let written = 100;
  const isFull = (): boolean => app.banners().some(({ id, tone }) => id === 'storage' && tone === 'bad');
  while (!isFull()) {
    if (written > 400_000) throw new Error('the disk does not get full');
    appendFileSync(join(place.root, 'run/log.jsonl'), lines(written, 2000));
    written += 2000;
    await app.eventually(async () => (isFull() || (await app.ask('overview')).totals.points === 2 * written ? true : null));
  }
  const meanwhile = await losses(app);
  expect(meanwhile).toEqual(expected(meanwhile.length));
  expect(meanwhile.length).toBeGreaterThanOrEqual(100);
  rmSync(ballast);
  await app.eventually(() => (app.banners().some(({ id }) => id === 'storage') ? null : true));
  await untilStored(app, written);
});

test('the database is damaged while it is in use: the service says so, is opened anew, tells the user, and has read all again', async () => {
  place.put('run/log.jsonl', lines(0, 9000));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 9000);
  await app.ask('setNote', (await app.ask('overview')).runs[0]?.key, 'mine');
  await endNow(app);
  const file = join(data, 'gapwatch.db');
  const bytes = readFileSync(file);
  // Chunks are longer than a page: what is no page of a tree, and no text, is a part of one.
  for (let page = 8192; page < bytes.length; page += 8192) {
    const isText = bytes.subarray(page + 3000, page + 5000).every((byte) => byte < 0x80);
    if (![2, 5, 10, 13].includes(bytes[page] ?? 0) && !isText) bytes[page + 4000] = (bytes[page + 4000] ?? 0) ^ 0x10;
  }
  writeFileSync(file, bytes);
  const second = serve();
  await second.request('run', [(await second.ask('overview')).runs[0]?.key]).then(() => losses(second)).catch(() => []);
  expect(second.damaged.length).toBeGreaterThan(0);
  await endNow(second);
  const third = serve();
  await untilStored(third, 9000);
  expect(third.banners().find(({ id }) => id === 'recovered')?.text).toMatch(/set aside as gapwatch\.db\.damaged-.*read again from the logs/);
  expect(readdirSync(data).some((name) => name.includes('.damaged-'))).toBe(true);
});

/** A clock that runs so many times as fast as the real one. */
function faster(times: number): Clock {
  const steady = (): number => systemClock.steady() * times;
  const begin = systemClock.wall() - steady();
  return { steady, wall: () => begin + steady(), after: (ms, work) => systemClock.after(ms / times, work) };
}

test('an index of the database is damaged, so that runs are hidden: found once all is quiet, and read again', async () => {
  for (let run = 0; run < 9; run += 1) place.put(`run-${run}/log.jsonl`, lines(0, 3));
  const app = serve();
  await app.ask('addFolder', place.root);
  await app.eventually(async () => ((await app.ask('overview')).runs.length === 9 ? true : null));
  await endNow(app);
  const file = join(data, 'gapwatch.db');
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('run-7/log'); at >= 0; at = bytes.indexOf('run-7/log', at + 1)) {
    if (bytes[Math.floor(at / 8192) * 8192] === 10) bytes.write('run-8', at);
  }
  writeFileSync(file, bytes);
  const second = serve({ clock: faster(20) });
  expect(await second.eventually(() => second.damaged[0] ?? null)).toMatch(/damaged/);
  await endNow(second);
  const third = serve();
  await third.eventually(async () => ((await third.ask('overview')).runs.length === 9 ? true : null));
  expect(third.damaged).toEqual([]);
});

test.skipIf(noFuse !== null).each(['EIO', 'EROFS', 'ENOSPC'])(named('writes of the database fail with %s: said, nothing lost, and it goes on by itself', noFuse), async (error) => {
  const disk = await place.faulty('data');
  data = disk.at;
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 100);
  await disk.set({ fail: { error, every: 1, operations: ['write', 'fsync', 'create', 'setattr'] } });
  appendFileSync(join(place.root, 'run/log.jsonl'), lines(100, 50));
  const banner = await app.eventually(() => app.banners().find(({ id }) => id === 'storage') ?? null);
  expect(banner.text).toMatch(error === 'EIO' ? /tried again/ : error === 'EROFS' ? /cannot be written|tried again/ : /full|tried again/);
  expect(await losses(app)).toEqual(expected(100));
  await disk.set({});
  await app.eventually(() => (app.banners().some(({ id }) => id === 'storage') ? null : true));
  await untilStored(app, 150);
  expect(app.damaged).toEqual([]);
  await endNow(app);
});

test('another program holds the database: said, nothing lost, and it goes on by itself', async () => {
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 100);
  const other = new Sqlite(join(data, 'gapwatch.db'));
  other.exec('BEGIN IMMEDIATE');
  appendFileSync(join(place.root, 'run/log.jsonl'), lines(100, 50));
  const banner = await app.eventually(() => app.banners().find(({ id }) => id === 'storage') ?? null);
  expect(banner.text).toMatch(/Another process holds the database/);
  expect(await losses(app)).toEqual(expected(100));
  other.exec('ROLLBACK');
  other.close();
  await untilStored(app, 150);
  expect(app.banners().some(({ id }) => id === 'storage')).toBe(false);
});

test.skipIf(noFuse !== null)(named('one of two folders hangs: questions are answered at once, the other folder goes on', noFuse), async () => {
  const far = await place.faulty('far');
  mkdirSync(join(far.behind, 'run'));
  writeFileSync(join(far.behind, 'run/log.jsonl'), lines(0, 10));
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 100);
  await app.ask('addFolder', far.at);
  await app.eventually(async () => ((await app.ask('overview')).runs.length === 2 ? true : null));
  far.hang();
  const hung = performance.now();
  await app.eventually(async () => ((await app.ask('overview')).roots.find(({ path }) => path === far.at)?.state === 'not-answering' ? true : null));
  expect(performance.now() - hung).toBeLessThan(5000);
  for (let turn = 0; turn < 10; turn += 1) {
    const asked = performance.now();
    await app.ask('overview');
    expect(performance.now() - asked).toBeLessThan(500);
    appendFileSync(join(place.root, 'run/log.jsonl'), line(100 + turn));
    await app.eventually(async () => ((await app.ask('overview')).totals.points === 2 * (111 + turn) ? true : null));
  }
  far.answer();
  await app.eventually(async () => ((await app.ask('overview')).roots.find(({ path }) => path === far.at)?.state === 'ok' ? true : null));
});

test.skipIf(noMount !== null)(named('a database on a disk that is read-only from the start: what is there is shown', noMount), async () => {
  place.tmpfs(data, '16m');
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve();
  await app.ask('addFolder', place.root);
  await untilStored(app, 100);
  await endNow(app);
  execFileSync('mount', ['-o', 'remount,ro', data]);
  try {
    const second = serve();
    expect(await losses(second)).toEqual(expected(100));
  } finally {
    execFileSync('mount', ['-o', 'remount,rw', data]);
  }
});
