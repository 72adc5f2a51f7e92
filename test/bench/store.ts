/**
 * The store against one row per point in the same SQLite, and its zooms against LTTB over raw points in memory; measured in turn in one
 * process. `npm run bench -- store`, or this file alone.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { Batch } from '../../main/service/formats/batch.ts';
import type { Points } from '../../main/service/points.ts';
import { openStore } from '../../main/service/store/open.ts';
import type { Store } from '../../main/service/store/store.ts';
import { seeded } from './generate-tfevents.ts';
import { type Row, median, milliseconds, paired, seconds } from './row.ts';

const PAIRS = 7;
const TAGS = 5;
const STEPS = 200_000;
/** Points of each series in one commit: what a megabyte of event file holds. */
const PORTION = 4400;
const LONG = 10_000_000;
const PIXELS = 2000;

/** CPU seconds of a piece of work, user and system. */
function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Losses as TensorBoard logs them: steps 10 apart, wall times with a millisecond of jitter, float32 values. */
function fill(points: Points, from: number, to: number, random: () => number): void {
  for (let i = from; i < to; i += 1) {
    points.push(i * 10, NaN, 1.7e9 + i * 0.1 + random() * 1e-3, Math.fround(2 * Math.exp(-i / STEPS) + random() * 0.1));
  }
}

function portions(): Batch[] {
  const random = seeded(1);
  const batches: Batch[] = [];
  for (let from = 0; from < STEPS; from += PORTION) {
    const batch = new Batch();
    for (let tag = 0; tag < TAGS; tag += 1) fill(batch.columns(batch.series(`tag${tag}`)), from, Math.min(STEPS, from + PORTION), random);
    batches.push(batch);
  }
  return batches;
}

function append(store: Store, sourceId: number, batch: Batch): void {
  const position = { device: 1, inode: 1, size: 1, offset: 1, marker: '', mtimeMs: 1, reader: undefined };
  store.commit([{ sourceId, position, batch, mode: 'append', grewAtMs: null }]);
}

function writeChunks(file: string, batches: readonly Batch[]): void {
  const store = openStore(file);
  const source = store.addSource(store.addRoot('/runs'), 'log', 'tensorboard').id;
  for (const batch of batches) append(store, source, batch);
  store.rest();
  store.close();
}

/** The best of the row layouts: one table without a row id, one prepared statement, a transaction a batch. */
function writeRows(file: string, batches: readonly Batch[]): void {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE points (series INTEGER, step INTEGER, time REAL, value REAL, PRIMARY KEY (series, step)) STRICT, WITHOUT ROWID');
  const insert = db.prepare('INSERT INTO points VALUES (?, ?, ?, ?)');
  for (const batch of batches) {
    db.transaction(() => {
      batch.list.forEach(({ points }, series) => {
        for (let i = 0; i < points.length; i += 1) insert.run(series, points.step[i], points.time[i], points.value[i]);
      });
    })();
  }
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

function benchWrite(folder: string): Row[] {
  const batches = portions();
  const files = { ours: join(folder, 'chunks.db'), anchor: join(folder, 'rows.db') };
  const pairs = Array.from({ length: PAIRS }, () => {
    for (const file of Object.values(files)) rmSync(file, { force: true });
    return { ours: cpuSeconds(() => writeChunks(files.ours, batches)), anchor: cpuSeconds(() => writeRows(files.anchor, batches)) };
  });
  const bytes = { ours: statSync(files.ours).size / (TAGS * STEPS), anchor: statSync(files.anchor).size / (TAGS * STEPS) };
  const eight = { text: '>= 8x', met: (ratio: number) => ratio >= 8 };
  const small = { text: '>= 4x, at most 9 B', met: (ratio: number) => ratio >= 4 && bytes.ours <= 9 };
  return [
    paired('1 M points into SQLite, pyramid included, CPU; against a row a point', pairs, seconds, ({ ours, anchor }) => anchor / ours, eight),
    paired('bytes a point on disk; against a row a point', [bytes], (value) => `${value.toFixed(1)} B`, ({ ours, anchor }) => anchor / ours, small),
  ];
}

function benchRead(folder: string): Row[] {
  const random = seeded(2);
  const batch = new Batch();
  fill(batch.columns(batch.series('loss')), 0, 50_000, random);
  const store = openStore(join(folder, 'short.db'));
  append(store, store.addSource(store.addRoot('/runs'), 'log', 'tensorboard').id, batch);
  writeRows(join(folder, 'short-rows.db'), [batch]);
  const db = new Sqlite(join(folder, 'short-rows.db'));
  const select = db.prepare<[number], [number, number, number]>('SELECT step, time, value FROM points WHERE series = ? ORDER BY step').raw();
  const rows = () => {
    const found = select.all(0);
    return [0, 1, 2].map((column) => Float64Array.from(found, (row) => row[column]!));
  };
  const ours = () => store.points(1);
  const { value: stored } = ours();
  if (rows()[2]!.some((value, i) => value !== stored[i])) throw new Error('the two stores differ');
  const repeat = (work: () => unknown, times: number) => cpuSeconds(() => { for (let k = 0; k < times; k += 1) work(); }) / times;
  const pairs = Array.from({ length: PAIRS }, () => ({ ours: repeat(ours, 20) * 1000, anchor: repeat(rows, 3) * 1000 }));
  db.close();
  store.close();
  const target = { text: '>= 12x, at most 2 ms', met: (ratio: number) => ratio >= 12 && median(pairs.map((pair) => pair.ours)) <= 2 };
  return [paired('read all of a series of 50 k points, CPU; against a row a point', pairs, milliseconds, ({ ours: o, anchor }) => anchor / o, target)];
}

/** Largest triangle, three buckets: the usual way to thin a line, over all points. */
function lttb(x: Float64Array, y: Float64Array, from: number, to: number, count: number): Float64Array {
  const picked = new Float64Array(count * 2);
  const every = (to - from - 2) / (count - 2);
  let last = from;
  picked.set([x[from]!, y[from]!]);
  for (let bucket = 0; bucket < count - 2; bucket += 1) {
    const start = from + Math.floor(bucket * every) + 1;
    const end = from + Math.floor((bucket + 1) * every) + 1;
    const beyond = Math.min(to, from + Math.floor((bucket + 2) * every) + 1);
    let [meanX, meanY] = [0, 0];
    for (let i = end; i < beyond; i += 1) {
      meanX += x[i]!;
      meanY += y[i]!;
    }
    meanX /= beyond - end;
    meanY /= beyond - end;
    const [lastX, lastY] = [x[last]!, y[last]!];
    let [area, best] = [-1, start];
    for (let i = start; i < end; i += 1) {
      const one = Math.abs((lastX - meanX) * (y[i]! - lastY) - (lastX - x[i]!) * (meanY - lastY));
      if (one > area) {
        area = one;
        best = i;
      }
    }
    picked[bucket * 2 + 2] = x[best]!;
    picked[bucket * 2 + 3] = y[best]!;
    last = best;
  }
  picked.set([x[to - 1]!, y[to - 1]!], count * 2 - 2);
  return picked;
}

function benchZoom(folder: string): Row[] {
  const random = seeded(3);
  const store = openStore(join(folder, 'long.db'));
  const source = store.addSource(store.addRoot('/runs'), 'log', 'tensorboard').id;
  const raw = { x: new Float64Array(LONG), y: new Float64Array(LONG) };
  for (let from = 0; from < LONG; from += 100_000) {
    const batch = new Batch();
    const points = batch.columns(batch.series('loss'));
    fill(points, from, from + 100_000, random);
    raw.x.set(points.step.subarray(0, points.length), from);
    raw.y.set(points.value.subarray(0, points.length), from);
    append(store, source, batch);
  }
  const zoom = (width: number) => {
    const from = Math.floor(random() * (LONG - width));
    return {
      ours: cpuSeconds(() => store.curve(1, { axis: 'step', from: from * 10, to: (from + width - 1) * 10, pixels: PIXELS })) * 1000,
      anchor: cpuSeconds(() => lttb(raw.x, raw.y, from, from + width, PIXELS)) * 1000,
    };
  };
  const ten = { text: '>= 10x', met: (ratio: number) => ratio >= 10 };
  const ratioOf = ({ ours, anchor }: { ours: number; anchor: number }) => anchor / ours;
  const rows: Row[] = [];
  let whole: number[] = [];
  for (const part of [1, 0.3, 0.1, 0.03]) {
    for (let k = 0; k < 40; k += 1) zoom(LONG * part);
    const pairs = Array.from({ length: 21 }, () => zoom(LONG * part));
    const what = `${(LONG * part) / 1e6} M of 10 M points to ${PIXELS} pixels, extremes exact, CPU; against LTTB in memory`;
    if (part === 1) whole = pairs.map(({ anchor }) => anchor);
    else rows.push(paired(`${what} over all points`, pairs.map(({ ours }, k) => ({ ours, anchor: whole[k]! })), milliseconds, ratioOf, ten));
    rows.push(paired(`${what}${part === 1 ? ' over all points' : ' over that part alone'}`, pairs, milliseconds, ratioOf, ten));
  }
  store.close();
  return rows;
}

function benchLive(folder: string): Row[] {
  const runs = 500;
  const store = openStore(join(folder, 'live.db'));
  const root = store.addRoot('/runs');
  const ids = Array.from({ length: runs }, (_, run) => store.addSource(root, `run${run}`, 'tensorboard').id);
  const position = (at: number) => ({ device: 1, inode: 1, size: at, offset: at, marker: 'ab'.repeat(16), mtimeMs: at, reader: undefined });
  const second = (at: number, count: number) => {
    const commits = ids.map((sourceId) => {
      const batch = new Batch();
      for (let i = at; i < at + count; i += 1) batch.point(batch.series('loss'), i, NaN, 1.7e9 + i, Math.fround(Math.sin(i + sourceId)));
      return { sourceId, position: position(at), batch, mode: 'append' as const, grewAtMs: at };
    });
    return cpuSeconds(() => store.commit(commits));
  };
  second(0, 3000);
  const shares = Array.from({ length: 120 }, (_, k) => second(3000 + k, 1)).slice(20);
  store.close();
  const share = shares.reduce((a, b) => a + b, 0) / shares.length;
  const row: Row = {
    what: `${runs} runs with a point a second each: the store's share of a core`,
    ours: `${(share * 100).toFixed(1)} %`,
    anchor: '',
    ratio: null,
    spread: null,
    target: '<= 10 % for all of Gapwatch',
    met: share <= 0.1,
  };
  return [row];
}

/** The rows of the benchmark table. */
export async function benchStore(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-bench-store-'));
  try {
    return [...benchWrite(folder), ...benchRead(folder), ...benchZoom(folder), ...benchLive(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { what, ours, anchor, ratio, spread, met } of await benchStore()) {
    const versus = ratio === null ? '' : `, anchor ${anchor}, ratio ${ratio.toFixed(1)} (${spread?.map((end) => end.toFixed(1)).join(' to ')})`;
    process.stdout.write(`${met ? 'met   ' : 'MISSED'} ${what}: ${ours}${versus}\n`);
  }
}
