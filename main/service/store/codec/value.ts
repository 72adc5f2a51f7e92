/**
 * The value column of a block: lossless and of fixed width, so that a single value can be read without the others.
 *
 * Writers log float32 (TensorBoard: 4 bytes a value), or decimals with a few digits (CSV, JSON: a whole number over a power of
 * ten in 4 bytes), or doubles (8 bytes). One value that repeats costs nothing.
 */
import { SLICE } from '../slice.ts';
import { type Cursor, type Writer, align, reserve } from './bytes.ts';

/** How a column is written; part of the file format. */
const CONSTANT = 0;
const FLOAT = 1;
const DECIMAL = 2;
const DOUBLE = 3;

/** 10^0 to 10^9: the denominators that are tried. All are exact doubles. */
const TENS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** The lowest three whole numbers stand for what is not a number. */
const NOT_A_NUMBER = -0x8000_0000;
const INFINITE = -0x7fff_ffff;
const MINUS_INFINITE = -0x7fff_fffe;

/** Writes `count` values from `from` on. */
export function encodeValues(column: Float64Array, from: number, count: number, out: Writer): void {
  reserve(out, 16 + count * 8);
  const kind = kindOf(column, from, count);
  out.bytes[out.at++] = kind;
  const exponent = kind === DOUBLE ? exponentOf(column, from, count) : -1;
  if (exponent >= 0) out.bytes[out.at - 1] = DECIMAL;
  out.bytes[out.at++] = exponent >= 0 ? exponent : 0;
  align(out, 8);
  if (kind === CONSTANT) {
    out.view.setFloat64(out.at, column[from]!, true);
    out.at += 8;
  } else if (kind === FLOAT) {
    new Float32Array(out.bytes.buffer, out.at, count).set(column.subarray(from, from + count));
    out.at += count * 4;
  } else if (exponent >= 0) {
    putDecimals(column, from, count, TENS[exponent]!, new Int32Array(out.bytes.buffer, out.at, count));
    out.at += count * 4;
  } else {
    new Float64Array(out.bytes.buffer, out.at, count).set(column.subarray(from, from + count));
    out.at += count * 8;
  }
}

function kindOf(column: Float64Array, from: number, count: number): number {
  if (isConstant(column, from, from + count)) return CONSTANT;
  for (let at = from; at < from + count; at += SLICE) if (!isFloatSlice(column, at, Math.min(at + SLICE, from + count))) return DOUBLE;
  return FLOAT;
}

function isConstant(column: Float64Array, from: number, to: number): boolean {
  const first = column[from]!;
  for (let i = from; i < to; i += 1) if (!Object.is(column[i], first)) return false;
  return true;
}

function isFloatSlice(column: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const x = column[i]!;
    if (Math.fround(x) !== x && x === x) return false;
  }
  return true;
}

/** The power of ten that makes every value a whole number of 32 bits without loss, or -1. */
function exponentOf(column: Float64Array, from: number, count: number): number {
  let exponent = 0;
  for (let i = from; i < from + count; i += 1) {
    const x = column[i]!;
    if (x - x !== 0) continue;
    if (x === 0 && Object.is(x, -0)) return -1;
    let n = Math.round(x * TENS[exponent]!);
    while (n / TENS[exponent]! !== x) {
      exponent += 1;
      if (exponent === TENS.length) return -1;
      n = Math.round(x * TENS[exponent]!);
    }
  }
  // A larger power may have left an earlier value behind (its whole number too large, or rounded): all are looked at again.
  const ten = TENS[exponent]!;
  for (let i = from; i < from + count; i += 1) {
    const x = column[i]!;
    const n = Math.round(x * ten);
    if (x - x === 0 && (n / ten !== x || n > 0x7fff_ffff || n < MINUS_INFINITE + 1)) return -1;
  }
  return exponent;
}

function putDecimals(column: Float64Array, from: number, count: number, ten: number, into: Int32Array): void {
  for (let i = 0; i < count; i += 1) {
    const x = column[from + i]!;
    if (x - x === 0) into[i] = Math.round(x * ten);
    else into[i] = x > 0 ? INFINITE : x < 0 ? MINUS_INFINITE : NOT_A_NUMBER;
  }
}

/** Values as doubles, or as float32 where those hold them exactly. */
export type Values = Float64Array | Float32Array;

/** Reads `count` values into an array of their own: float32, at half the memory, where they were written so. */
export function valuesOf(from: Cursor, count: number): Values {
  const values = from.bytes[from.at] === FLOAT ? new Float32Array(count) : new Float64Array(count);
  decodeValues(from, count, values, 0);
  return values;
}

/** Reads `count` values into `into` from `at` on. */
export function decodeValues(from: Cursor, count: number, into: Values, at: number): void {
  const kind = from.bytes[from.at];
  const ten = TENS[from.bytes[from.at + 1] ?? 99];
  const start = Math.ceil((from.at + 2) / 8) * 8;
  const width = kind === CONSTANT || kind === DOUBLE ? 8 : 4;
  from.at = start + (kind === CONSTANT ? 8 : count * width);
  if (from.at > from.bytes.length || ten === undefined) throw new RangeError('a chunk is cut off');
  const origin = from.bytes.byteOffset + start;
  if (kind === CONSTANT) into.fill(from.view.getFloat64(start, true), at, at + count);
  else if (kind === FLOAT) into.set(new Float32Array(from.bytes.buffer, origin, count), at);
  else if (kind === DOUBLE) into.set(new Float64Array(from.bytes.buffer, origin, count), at);
  else if (kind === DECIMAL) getDecimals(new Int32Array(from.bytes.buffer, origin, count), ten, into, at);
  else throw new RangeError(`unknown kind of values ${kind} in a chunk`);
}

function getDecimals(from: Int32Array, ten: number, into: Values, at: number): void {
  for (let i = 0; i < from.length; i += 1) {
    const n = from[i]!;
    if (n > MINUS_INFINITE) into[at + i] = n / ten;
    else into[at + i] = n === NOT_A_NUMBER ? NaN : n === INFINITE ? Infinity : -Infinity;
  }
}
