/**
 * The columns step, epoch and time of a block: lossless, and small where they are regular.
 *
 * Most axes are whole numbers once multiplied by a power of ten (0.25 epochs, milliseconds) or by 2^22 (a wall time between
 * 2004 and 2038 is a double whose lowest bit is 2^-22 s). Of those only the differences are stored: as runs where they
 * repeat, otherwise less their mean, in variable length. Anything else is kept as plain doubles.
 */
import { SLICE } from '../slice.ts';
import { type Cursor, type Writer, align, getVarint, putVarint, reserve, unzigzag, zigzag } from './bytes.ts';
import { WIDEST_DELTA, runs, starts, takeWhole, whole } from './whole.ts';

/** How a column is written; part of the file format. */
const ABSENT = 0;
const RUNS = 1;
const DELTAS = 2;
const RAW = 3;
/** Each value is the step divided by one constant: epochs of writers that divide by the length of the loader. */
const OF_STEP = 4;

const SCALES = [1, 1e2, 1e3, 1e4, 1e6, 2 ** 22];

/** More runs than these take as much room as the differences themselves. */
const mostRuns = (count: number): number => 2 + (count >> 3);

/**
 * Writes `count` numbers of `column` from `from` on. `step` is the step column of the same points, for epochs derived from it.
 * Returns the scale s if x[i] is (x[0] * s + i * d) / s throughout with a whole d, else 0.
 */
export function encodeAxis(column: Float64Array, from: number, count: number, out: Writer, step: Float64Array | null): number {
  reserve(out, 32 + count * 9);
  if (isAbsent(column, from, count)) {
    out.bytes[out.at++] = ABSENT;
    return 0;
  }
  const scale = SCALES.findIndex((each) => takeWhole(column, from, count, each));
  if (scale >= 0) {
    if (runs <= mostRuns(count)) {
      putRuns(count, scale, out);
      return runs <= 1 ? SCALES[scale]! : 0;
    }
    if (step && putOfStep(column, step, from, count, out)) return 0;
    if (putDeltas(count, scale, out)) return 0;
  } else if (step && putOfStep(column, step, from, count, out)) return 0;
  putRaw(column, from, count, out);
  return 0;
}

function putRaw(column: Float64Array, from: number, count: number, out: Writer): void {
  out.bytes[out.at++] = RAW;
  align(out, 8);
  new Float64Array(out.bytes.buffer, out.at, count).set(column.subarray(from, from + count));
  out.at += count * 8;
}

function isAbsent(column: Float64Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at += SLICE) if (!isAbsentSlice(column, at, Math.min(at + SLICE, from + count))) return false;
  return true;
}

function isAbsentSlice(column: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const x = column[i]!;
    if (x === x) return false;
  }
  return true;
}

function putHead(kind: number, scale: number, out: Writer): void {
  out.bytes[out.at++] = kind;
  out.bytes[out.at++] = scale;
  align(out, 8);
  out.view.setFloat64(out.at, whole[0]!, true);
  out.at += 8;
}

/** Equal differences as (difference, how often). */
function putRuns(count: number, scale: number, out: Writer): void {
  putHead(RUNS, scale, out);
  let at = putVarint(out.bytes, out.at, runs);
  for (let run = 0; run < runs; run += 1) {
    const start = starts[run]!;
    at = putVarint(out.bytes, at, zigzag(whole[start]! - whole[start - 1]!));
    at = putVarint(out.bytes, at, (run + 1 < runs ? starts[run + 1]! : count) - start);
  }
  out.at = at;
}

function putDeltas(count: number, scale: number, out: Writer): boolean {
  const mean = Math.round((whole[count - 1]! - whole[0]!) / (count - 1));
  if (!(Math.abs(mean) <= WIDEST_DELTA)) return false;
  putHead(DELTAS, scale, out);
  out.view.setFloat64(out.at, mean, true);
  out.at += 8;
  for (let i = 1; i < count; i += SLICE) out.at = putDeltaSlice(out.bytes, out.at, i, Math.min(i + SLICE, count), mean);
  return true;
}

function putDeltaSlice(bytes: Uint8Array, at: number, from: number, to: number, mean: number): number {
  let before = whole[from - 1]!;
  for (let i = from; i < to; i += 1) {
    const n = whole[i]!;
    const rest = n - before - mean;
    before = n;
    const folded = rest < 0 ? -2 * rest - 1 : 2 * rest;
    if (folded < 0x4000) {
      if (folded >= 0x80) bytes[at++] = (folded & 0x7f) | 0x80;
      bytes[at++] = folded >= 0x80 ? folded >> 7 : folded;
    } else at = putVarint(bytes, at, folded);
  }
  return at;
}

function putOfStep(column: Float64Array, step: Float64Array, from: number, count: number, out: Writer): boolean {
  const last = from + count - 1;
  const divisor = Math.round(step[last]! / column[last]!);
  if (!(divisor >= 1 && divisor <= 2 ** 53)) return false;
  for (let i = from; i <= last; i += 1) {
    const x = step[i]! / divisor;
    if (x !== column[i]! || (x === 0 && Object.is(x, -0) !== Object.is(column[i]!, -0))) return false;
  }
  out.bytes[out.at++] = OF_STEP;
  align(out, 8);
  out.view.setFloat64(out.at, divisor, true);
  out.at += 8;
  return true;
}

/** Reads a column into `into` from `at` on. `step` holds the steps of the same points at the same places. */
export function decodeAxis(from: Cursor, count: number, into: Float64Array, at: number, step: Float64Array | null): void {
  const kind = from.bytes[from.at++];
  if (kind === ABSENT) {
    into.fill(NaN, at, at + count);
    return;
  }
  const scale = kind === RUNS || kind === DELTAS ? SCALES[from.bytes[from.at++]!] : 1;
  if (scale === undefined) throw new RangeError('unknown scale in a chunk');
  from.at = Math.ceil(from.at / 8) * 8;
  if (kind === RUNS) readRuns(from, count, scale, into, at);
  else if (kind === DELTAS) readDeltas(from, count, scale, into, at);
  else if (kind === RAW) {
    for (let i = 0; i < count; i += 1) into[at + i] = from.view.getFloat64(from.at + i * 8, true);
    from.at += count * 8;
  } else if (kind === OF_STEP && step) {
    const divisor = from.view.getFloat64(from.at, true);
    from.at += 8;
    for (let i = 0; i < count; i += 1) into[at + i] = step[at + i]! / divisor;
  } else throw new RangeError(`unknown kind of column ${kind} in a chunk`);
}

function readRuns(from: Cursor, count: number, scale: number, into: Float64Array, at: number): void {
  let n = from.view.getFloat64(from.at, true);
  from.at += 8;
  const runs = getVarint(from);
  let i = 0;
  into[at + i++] = n / scale;
  for (let run = 0; run < runs; run += 1) {
    const delta = unzigzag(getVarint(from));
    const end = i + getVarint(from);
    if (end > count) throw new RangeError('a chunk has more numbers than it says');
    for (; i < end; i += 1) {
      n += delta;
      into[at + i] = n / scale;
    }
  }
  if (i !== count) throw new RangeError('a chunk has fewer numbers than it says');
}

function readDeltas(from: Cursor, count: number, scale: number, into: Float64Array, at: number): void {
  let n = from.view.getFloat64(from.at, true);
  const mean = from.view.getFloat64(from.at + 8, true);
  from.at += 16;
  into[at] = n / scale;
  const bytes = from.bytes;
  let place = from.at;
  for (let i = 1; i < count; i += 1) {
    let folded = bytes[place]!;
    if (folded < 0x80) place += 1;
    else if (bytes[place + 1]! < 0x80) {
      folded = (folded & 0x7f) | (bytes[place + 1]! << 7);
      place += 2;
    } else {
      from.at = place;
      folded = getVarint(from);
      place = from.at;
    }
    n += mean + (folded < 0x7fff_ffff ? (folded >>> 1) ^ -(folded & 1) : unzigzag(folded));
    into[at + i] = n / scale;
  }
  from.at = place;
}
