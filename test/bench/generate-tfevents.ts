/**
 * Writes seeded TensorBoard event files, as PyTorch's SummaryWriter would: one float a record, five tags in turn.
 *
 *   node test/bench/generate-tfevents.ts <folder> [runs] [tags] [steps] [seed]
 *
 * The two folders of the cold-ingest benchmark are `1 5 200000` and `500 5 400`, a million scalars each.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { maskedCrc32c } from '../../main/service/formats/crc32c.ts';

const TAGS = ['train/loss', 'val/loss', 'train/accuracy', 'lr', 'grad_norm'];

/** Bytes collected in one buffer, which is written out when it is nearly full. */
interface Output {
  bytes: Uint8Array;
  view: DataView;
  used: number;
  flushIfFull(): void;
}

/** Seconds since 1970 of the first event of run 0. */
const START = 1_790_000_000;

/** mulberry32: a small generator with a fixed sequence for a seed; values in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Writes `runs` folders of one event file with `tags` x `steps` scalars each; returns the number of bytes. `tagsOf` names the
 * tags of a run instead.
 */
export function generateTfevents(folder: string, runs: number, tags: number, steps: number, seed = 1, tagsOf?: (run: number) => readonly string[]): number {
  const random = seeded(seed);
  let total = 0;
  for (let run = 0; run < runs; run += 1) {
    const name = runs === 1 ? 'run' : `run-${String(run).padStart(4, '0')}`;
    mkdirSync(join(folder, name), { recursive: true });
    const start = START + run * 60;
    const file = openSync(join(folder, name, `events.out.tfevents.${start}.bench.${1000 + run}.0`), 'w');
    total += writeRun(file, tagsOf?.(run) ?? tagNames(tags), steps, start, random);
    closeSync(file);
  }
  return total;
}

/** Writes an event file of one tag with these values at steps 0, 1, 2 ..., a twentieth of a second apart, into a new folder; returns its path. */
export function writeTfevents(folder: string, tag: string, values: ArrayLike<number>): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `events.out.tfevents.${START}.bench.1000.0`);
  const file = openSync(path, 'w');
  writeEvents(file, START, (output) => {
    const name = Buffer.from(tag);
    for (let step = 0; step < values.length; step += 1) {
      scalar(output, name, step, START + step * 0.05, values[step] as number);
      output.flushIfFull();
    }
  });
  closeSync(file);
  return path;
}

/** Appends a scalar to an event file in one write, as a writer that flushes does. */
export function appendScalar(path: string, tag: string, step: number, value: number): void {
  const bytes = new Uint8Array(256);
  const output: Output = { bytes, view: new DataView(bytes.buffer), used: 0, flushIfFull: () => undefined };
  scalar(output, Buffer.from(tag), step, Date.now() / 1000, value);
  appendFileSync(path, bytes.subarray(0, output.used));
}

function tagNames(count: number): string[] {
  return Array.from({ length: count }, (_, at) => TAGS[at] ?? `metric/${at}`);
}

function writeRun(file: number, tags: readonly string[], steps: number, start: number, random: () => number): number {
  const names = tags.map((tag) => Buffer.from(tag));
  return writeEvents(file, start, (output) => {
    for (let step = 0; step < steps; step += 1) {
      names.forEach((name, tag) => {
        const value = 0.2 + tag + 2 * Math.exp(-step / (steps / 4)) + 0.1 * (random() - 0.5);
        scalar(output, name, step, start + step * 0.05 + tag * 0.0001, value);
      });
      output.flushIfFull();
    }
  });
}

/** Writes the head of an event file and what `fill` puts into the output; returns the number of bytes. */
function writeEvents(file: number, start: number, fill: (output: Output) => void): number {
  let total = 0;
  const bytes = new Uint8Array(2 ** 20);
  const flush = (): void => {
    total += writeSync(file, bytes, 0, output.used);
    output.used = 0;
  };
  const output: Output = { bytes, view: new DataView(bytes.buffer), used: 0, flushIfFull: () => void (output.used > bytes.length - 4096 && flush()) };
  record(output, (to) => {
    const at = putTime(output, to, start);
    return putBytes(output, at, 0x1a, Buffer.from('brain.Event:2'));
  });
  fill(output);
  flush();
  return total;
}

function scalar(output: Output, tag: Uint8Array, step: number, time: number, value: number): void {
  record(output, (to) => {
    let at = putTime(output, to, time);
    if (step > 0) {
      output.bytes[at] = 0x10;
      at = putVarint(output, at + 1, step);
    }
    const valueLength = 2 + tag.length + 5;
    output.bytes[at] = 0x2a;
    output.bytes[at + 1] = valueLength + 2;
    output.bytes[at + 2] = 0x0a;
    output.bytes[at + 3] = valueLength;
    at = putBytes(output, at + 4, 0x0a, tag);
    output.bytes[at] = 0x15;
    output.view.setFloat32(at + 1, value, true);
    return at + 5;
  });
}

/** One TFRecord around what `fill` writes from the place it is given to the place it returns. */
function record(output: Output, fill: (from: number) => number): void {
  const { view } = output;
  const header = output.used;
  const end = fill(header + 12);
  view.setUint32(header, end - header - 12, true);
  view.setUint32(header + 4, 0, true);
  view.setUint32(header + 8, maskedCrc32c(view, header, header + 8), true);
  view.setUint32(end, maskedCrc32c(view, header + 12, end), true);
  output.used = end + 4;
}

function putTime(output: Output, at: number, time: number): number {
  output.bytes[at] = 0x09;
  output.view.setFloat64(at + 1, time, true);
  return at + 9;
}

function putBytes(output: Output, at: number, key: number, bytes: Uint8Array): number {
  output.bytes[at] = key;
  output.bytes[at + 1] = bytes.length;
  output.bytes.set(bytes, at + 2);
  return at + 2 + bytes.length;
}

function putVarint(output: Output, at: number, value: number): number {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128), at += 1) output.bytes[at] = (rest & 127) | 128;
  output.bytes[at] = rest;
  return at + 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, runs, tags, steps, seed] = process.argv.slice(2);
  if (folder === undefined) {
    process.stderr.write('usage: node test/bench/generate-tfevents.ts <folder> [runs] [tags] [steps] [seed]\n');
    process.exitCode = 2;
  } else {
    const bytes = generateTfevents(folder, Number(runs ?? 1), Number(tags ?? 5), Number(steps ?? 200_000), Number(seed ?? 1));
    process.stdout.write(`${bytes} bytes\n`);
  }
}
