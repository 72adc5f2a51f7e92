/** Seeded damage to samples of the binary formats: no crash, no hang, memory bounded, and everything before the damage intact. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StreamFormat } from '../../main/service/formats/format.ts';
import { mlflowDb } from '../../main/service/formats/mlflow-db.ts';
import { mlflowMetric } from '../../main/service/formats/mlflow-files.ts';
import { swanlab } from '../../main/service/formats/swanlab.ts';
import { tensorboard } from '../../main/service/formats/tensorboard.ts';
import { wandb } from '../../main/service/formats/wandb.ts';
import { Batch } from '../../main/service/formats/batch.ts';
import { bytesOf, filesOf, LOGS, nameOf } from '../unit/formats/cases.ts';
import { blockFile, join, record, WANDB_HEADER } from '../unit/formats/encode.ts';
import { readAtOnce, readLive, type Reading } from '../unit/formats/reading.ts';
import { seeded } from '../bench/generate-tfevents.ts';

/** Damages in each test, or as many as fit into FUZZ_SECONDS. */
const ROUNDS = 400;
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
/** CPU milliseconds for one small file, some hundred times what it takes. */
const LONGEST = 1000;
const MOST_MEMORY = 300 * 2 ** 20;

function sample(name: string, ending: RegExp): { path: string; bytes: Uint8Array } {
  const path = filesOf(name).find((file) => ending.test(file)) ?? '';
  return { path, bytes: bytesOf(name, path).subarray(0, 100_000) };
}

const SAMPLES: [string, StreamFormat, { path: string; bytes: Uint8Array }][] = [
  ['PyTorch events', tensorboard, sample('tb-pytorch-hparams', /1795351018.*tfevents/)],
  ['TensorFlow 2 events', tensorboard, sample('tb-tf2', /train.*tfevents/)],
  ['Keras events', tensorboard, sample('tb-keras', /train.*tfevents/)],
  ['wandb', wandb, sample('wandb-crashed', /\.wandb$/)],
  ['SwanLab 0.7', swanlab, sample('swanlab-v1', /\.swanlab$/)],
  ['SwanLab 0.10', swanlab, sample('swanlab-v2', /\.swanlab$/)],
  ['MLflow metric', mlflowMetric, sample('mlflow-files', /train_loss$/)],
];

/** Damages a copy; returns it and the first place that differs. */
function damaged(bytes: Uint8Array, random: () => number): { bytes: Uint8Array; from: number } {
  const at = Math.floor(random() * bytes.length);
  const size = Math.min(bytes.length - at, Math.floor(2 ** (random() * 12)));
  const noise = Uint8Array.from({ length: size }, () => random() * 256);
  const kind = Math.floor(random() * 6);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at + size);
  if (kind === 0) return { bytes: join(before, after), from: at };
  if (kind === 1) return { bytes: join(before, noise, bytes.subarray(at)), from: at };
  if (kind === 2) return { bytes: join(before, new Uint8Array(size), after), from: at };
  if (kind === 3) return { bytes: join(before, bytes.subarray(at, at + size), bytes.subarray(at)), from: at + size };
  if (kind === 4) return { bytes: join(before, noise, after), from: at };
  const flipped = bytes.slice();
  const places = Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * bytes.length));
  for (const place of places) flipped[place] = (flipped[place] ?? 0) ^ (1 << Math.floor(random() * 8));
  return { bytes: flipped, from: Math.min(...places) };
}

function beginsWith(reading: Reading, start: Reading): void {
  for (const [key, { points }] of start.series) {
    expect(reading.series.get(key)?.points.slice(0, points.length)).toEqual(points);
  }
}

function timed<T>(work: () => T): T {
  const began = process.cpuUsage();
  const result = work();
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(LONGEST);
  return result;
}

/** Damages again and again; what the readers leave behind stays bounded. */
function again(work: (round: number) => void): void {
  const memory = process.memoryUsage().rss;
  const until = performance.now() + SECONDS * 1000;
  for (let round = 0; round < ROUNDS || performance.now() < until; round += 1) work(round);
  expect(process.memoryUsage().rss - memory).toBeLessThan(MOST_MEMORY);
}

const LIMIT = { timeout: 60_000 + SECONDS * 2000 };

describe.each(SAMPLES)('%s', (_title, format, { path, bytes }) => {
  const where = { path, name: nameOf(path) };

  it('keeps everything before the damage, and reads the same live', LIMIT, () => {
    expect(readAtOnce(format, bytes, where).series.size).toBeGreaterThan(0);
    const random = seeded(2026);
    again((round) => {
      const harm = damaged(bytes, random);
      const reading = timed(() => readAtOnce(format, harm.bytes, where));
      // The last line of a text may look complete: only whole lines are certain.
      const intact = format === mlflowMetric ? harm.bytes.subarray(0, harm.from).lastIndexOf(0x0a) + 1 : harm.from;
      beginsWith(reading, readAtOnce(format, harm.bytes.subarray(0, intact), where));
      if (round % 20 !== 0) return;
      const live = timed(() => readLive(format, harm.bytes, where, random, 3000));
      expect(live.series).toEqual(reading.series);
    });
  });
});

/** The records of an event file whose sums are right. */
function eventsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: Uint8Array[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16 + view.getUint32(at, true)) {
    events.push(bytes.subarray(at + 12, at + 12 + view.getUint32(at, true)));
  }
  return events;
}

describe('messages that are damaged although their sums are right', () => {
  it.each(SAMPLES.slice(0, 3))('%s', LIMIT, (_title, format, { path, bytes }) => {
    const random = seeded(11);
    const events = eventsOf(bytes);
    const where = { path, name: nameOf(path) };
    again(() => {
      const hit = Math.floor(random() * events.length);
      const harmed = events.map((event, at) => record(at === hit ? damaged(event, random).bytes : event));
      const reading = timed(() => readAtOnce(format, join(...harmed), where));
      beginsWith(reading, readAtOnce(format, join(...harmed.slice(0, hit)), where));
      expect(reading.done).toBe(join(...harmed).length);
    });
  });

  it('wandb and SwanLab', LIMIT, () => {
    const random = seeded(12);
    again(() => {
      // Half of the bytes are 10: the first field, holding a message.
      const byte = (): number => (random() < 0.5 ? 10 : random() * 256);
      const noise = Array.from({ length: 20 }, () => Uint8Array.from({ length: Math.floor(random() * 300) }, byte));
      const { bytes } = blockFile(WANDB_HEADER, noise);
      for (const format of [wandb, swanlab]) timed(() => readAtOnce(format, bytes, { path: 'x', name: 'x' }));
    });
  });
});

it('a file of noise or of one byte repeated costs neither time nor memory', () => {
  const random = seeded(13);
  const before = process.memoryUsage().rss;
  const size = 4 * 2 ** 20;
  const repeated = [0, 1, 10, 255].map((byte) => new Uint8Array(size).fill(byte));
  const files = [Uint8Array.from({ length: size }, () => random() * 256), ...repeated];
  for (const format of [tensorboard, wandb, swanlab]) {
    for (const bytes of files) {
      const batch = new Batch();
      timed(() => format.open({ path: 'x', name: 'x' }).read(bytes, 0, batch, true));
      expect(batch.pointCount + batch.problems.length).toBeLessThan(200);
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
});

it('a damaged database gives its rows or a sentence', LIMIT, () => {
  const folder = mkdtempSync(joinPath(tmpdir(), 'gapwatch-'));
  const file = joinPath(folder, 'mlflow.db');
  const original = readFileSync(joinPath(LOGS, 'mlflow-db', 'mlflow.db'));
  const random = seeded(14);
  const until = performance.now() + SECONDS * 1000;
  for (let round = 0; round < 150 || performance.now() < until; round += 1) {
    writeFileSync(file, damaged(original, random).bytes);
    try {
      timed(() => mlflowDb.poll(file, undefined, () => new Batch()));
    } catch (error) {
      expect((error as Error).message).toMatch(/^This database cannot be (read|opened): /);
    }
  }
  copyFileSync(joinPath(LOGS, 'mlflow-db', 'mlflow.db'), file);
  expect(() => mlflowDb.poll(file, undefined, () => new Batch())).not.toThrow();
  rmSync(folder, { recursive: true });
});
