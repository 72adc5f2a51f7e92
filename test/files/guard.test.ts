/**
 * Speed, guarded by ratios alone: our reader and store beside the obvious program for the same file, in one process and in turn. Seconds
 * would only say how busy the machine is. `npm run bench` measures beside real anchors.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Batch } from '../../main/service/formats/batch.ts';
import { jsonl } from '../../main/service/formats/jsonl.ts';
import { tensorboard } from '../../main/service/formats/tensorboard.ts';
import { openStore } from '../../main/service/store/open.ts';
import { csv } from '../../main/service/formats/csv-generic.ts';
import { csvLog, readInChunks } from '../bench/csv.ts';
import { generateTfevents, seeded } from '../bench/generate-tfevents.ts';
import { gain } from './gain.ts';

const TAGS = 5;
const STEPS = 8000;
const POINTS = TAGS * STEPS;

let scratch: string;
let bytes: Uint8Array;
let lines: Uint8Array;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gapwatch-guard-'));
  generateTfevents(scratch, 1, TAGS, STEPS);
  const [file = ''] = readdirSync(join(scratch, 'run'));
  bytes = readFileSync(join(scratch, 'run', file));
  lines = new TextEncoder().encode(jsonLines(rowsOf(bytes)));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** One line a step with all its tags, as trainers write. */
function jsonLines(rows: readonly Line[]): string {
  const steps = new Map<number, Record<string, number>>();
  for (const { tag, step, time, value } of rows) steps.set(step, { step, time, ...steps.get(step), [tag]: value });
  return [...steps.values()].map((line) => `${JSON.stringify(line)}\n`).join('');
}

interface Line {
  tag: string;
  step: number;
  time: number;
  value: number;
}

/** The obvious reader: frame by frame, field by field, without checksums, one object a point. */
function rowsOf(file: Uint8Array): Line[] {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const rows: Line[] = [];
  for (let at = 0; at < buffer.length; ) {
    const length = Number(buffer.readBigUInt64LE(at));
    const row = rowOf(fieldsOf(buffer.subarray(at + 12, at + 12 + length)));
    if (row) rows.push(row);
    at += length + 16;
  }
  return rows;
}

function rowOf(event: Map<number, Buffer | number>): Line | null {
  const summary = event.get(5);
  if (!Buffer.isBuffer(summary)) return null;
  const value = fieldsOf(fieldsOf(summary).get(1) as Buffer);
  return {
    tag: (value.get(1) as Buffer).toString(),
    step: (event.get(2) as number | undefined) ?? 0,
    time: (event.get(1) as Buffer).readDoubleLE(0),
    value: (value.get(2) as Buffer).readFloatLE(0),
  };
}

function fieldsOf(message: Buffer): Map<number, Buffer | number> {
  const fields = new Map<number, Buffer | number>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) fields.set(key >> 3, varint());
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
      fields.set(key >> 3, message.subarray(at, at + length));
      at += length;
    }
  }
  return fields;
}

/** One row a point, in one transaction: the best that rows can do. */
function storeRows(rows: readonly Line[], file: string): Sqlite.Database {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE points (series TEXT, step INTEGER, time REAL, value REAL, PRIMARY KEY (series, step)) WITHOUT ROWID');
  const add = db.prepare('INSERT INTO points VALUES (?, ?, ?, ?)');
  db.transaction(() => {
    for (const { tag, step, time, value } of rows) add.run(tag, step, time, value);
  })();
  return db;
}

function storeOurs(file: string): ReturnType<typeof openStore> {
  const store = openStore(file);
  const source = store.addSource(store.addRoot('/logs'), 'run/events', 'tensorboard');
  const reader = tensorboard.open({ path: 'run/events', name: 'events' });
  const batch = new Batch();
  const offset = reader.read(bytes, 0, batch, true);
  const position = { device: 0, inode: 0, size: bytes.length, offset, marker: '', mtimeMs: 0, reader: null };
  store.commit([{ sourceId: source.id, position, batch, mode: 'append', grewAtMs: null }]);
  if (batch.pointCount !== POINTS) throw new Error(`${batch.pointCount} points`);
  return store;
}

test('event files are read, checked and stored several times faster than frame by frame into rows', () => {
  const ratio = gain(
    (n) => storeOurs(join(scratch, `ours-${n}.db`)).close(),
    (n) => storeRows(rowsOf(bytes), join(scratch, `rows-${n}.db`)).close(),
  );
  process.stdout.write(`event files: the obvious way costs ${ratio.toFixed(1)} times ours\n`);
  expect(ratio).toBeGreaterThan(4);
});

test('JSON lines are read about as fast as JSON.parse reads them', () => {
  const ratio = gain(
    () => void jsonl.open({ path: 'log', name: 'log' }).read(lines, 0, new Batch(), true),
    () => void parseLines(lines),
  );
  process.stdout.write(`JSON lines: JSON.parse costs ${ratio.toFixed(1)} times ours\n`);
  expect(ratio).toBeGreaterThan(0.7);
});

/** What a program does that hands every line to JSON.parse and keeps the numbers. */
function parseLines(log: Uint8Array): number {
  const values: number[] = [];
  for (const line of new TextDecoder().decode(log).split('\n')) if (line !== '') for (const value of Object.values(JSON.parse(line) as Record<string, number>)) values.push(value);
  return values.length;
}

test('JSON lines whose keys change their order are read not much slower than JSON.parse reads them', () => {
  const random = seeded(1);
  const text = Array.from({ length: 8000 }, (_, step) => {
    const pairs = ['loss', 'lr', 'acc', 'norm', 'tokens'].map((key) => `"${key}":${random()}`);
    return `{"step":${step},${pairs.sort(() => random() - 0.5).join(',')}}\n`;
  }).join('');
  const log = new TextEncoder().encode(text);
  const ratio = gain(() => void jsonl.open({ path: 'log', name: 'log' }).read(log, 0, new Batch(), true), () => void parseLines(log));
  process.stdout.write(`JSON lines in changing order: JSON.parse costs ${ratio.toFixed(2)} times ours\n`);
  expect(ratio).toBeGreaterThan(0.42);
});

test('CSV is read faster than by splitting lines and cells', () => {
  const log = csvLog(20_000);
  const ratio = gain(
    () => void readInChunks(csv, log),
    () => {
      for (const line of new TextDecoder().decode(log).split('\n')) line.split(',').map(Number);
    },
  );
  process.stdout.write(`CSV: splitting costs ${ratio.toFixed(1)} times ours\n`);
  expect(ratio).toBeGreaterThan(0.8);
});

test('a curve is drawn from the store many times faster than from rows', () => {
  const store = storeOurs(join(scratch, 'ours-curve.db'));
  const rows = storeRows(rowsOf(bytes), join(scratch, 'rows-curve.db'));
  const [series] = store.series(1);
  const all = rows.prepare('SELECT step, value FROM points WHERE series = ? ORDER BY step');
  const ratio = gain(
    () => {
      for (let n = 0; n < 50; n += 1) store.curve(series?.id ?? 0, { axis: 'step', pixels: 4000 });
    },
    () => {
      for (let n = 0; n < 50; n += 1) all.all(series?.name);
    },
  );
  store.close();
  rows.close();
  process.stdout.write(`a curve: rows cost ${ratio.toFixed(1)} times ours\n`);
  expect(ratio).toBeGreaterThan(4);
});
