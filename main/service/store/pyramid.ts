/**
 * The pyramid of one chunk: the least and the greatest value of each 16 points (`fine`) and of each 256 points (`top`), with
 * their places, so that any zoom shows true points. Non-finite values are left out; a stretch without finite values has
 * least = Infinity, greatest = -Infinity.
 */
import type { Points } from '../points.ts';
import { bendOf } from './bend.ts';
import { StoreDamaged } from './errors.ts';
import { CHUNK, COARSE, COARSE_PER_CHUNK, FINE, FINE_PER_CHUNK } from './layout.ts';

/** Least and greatest value of each 256 points of a chunk, with their places within the 256. */
interface Coarse {
  min: Float64Array;
  max: Float64Array;
  minAt: Uint8Array;
  maxAt: Uint8Array;
}

/** Least and greatest of each 16 points, and their places as half bytes. */
export interface StoredFine {
  min: Float32Array | Float64Array;
  max: Float32Array | Float64Array;
  places: Uint8Array;
}

/** Places of a chunk at which x is kept: every 256th point, and the last. */
const KNOTS = COARSE_PER_CHUNK + 1;
const AXES = ['step', 'epoch', 'time'] as const;

/** An axis in `top`: its scale if even, its bend, its knots. */
const AXIS_DOUBLES = 2 + KNOTS;
const TOP_DOUBLES = 1 + AXES.length * AXIS_DOUBLES + 2 * COARSE_PER_CHUNK;
const TOP_BYTES = TOP_DOUBLES * 8 + 2 * COARSE_PER_CHUNK;

export interface Top {
  nonFinite: number;
  /** By axis (step, epoch, time): the scale at which all steps between neighbours are one whole number, 0 if they differ. */
  even: number[];
  /** By axis: how far x is at most from the straight line between the knots beside it. */
  bend: number[];
  /** By axis: x at every 256th point and at the last, for the straight line between. */
  knots: Float64Array[];
  coarse: Coarse;
}

const fineMin = new Float64Array(FINE_PER_CHUNK);
const fineMax = new Float64Array(FINE_PER_CHUNK);
const fineMinAt = new Uint8Array(FINE_PER_CHUNK);
const fineMaxAt = new Uint8Array(FINE_PER_CHUNK);

/** The bytes of `top` and `fine` for the chunk that begins at `from`. `even` as in `Top`. */
export function encodePyramid(points: Points, from: number, even: readonly number[]): { top: Uint8Array; fine: Uint8Array } {
  const nonFinite = fillFine(points.value, from);
  const top = new Uint8Array(TOP_BYTES);
  const doubles = new Float64Array(top.buffer, 0, TOP_DOUBLES);
  doubles[0] = nonFinite;
  AXES.forEach((axis, a) => {
    const at = 1 + a * AXIS_DOUBLES;
    const knots = doubles.subarray(at + 2, at + AXIS_DOUBLES);
    for (let k = 0; k < COARSE_PER_CHUNK; k += 1) knots[k] = points[axis][from + k * COARSE]!;
    knots[COARSE_PER_CHUNK] = points[axis][from + CHUNK - 1]!;
    doubles[at] = even[a]!;
    doubles[at + 1] = even[a]! > 0 ? 0 : bendOf(points[axis], from, knots);
  });
  fillCoarse(levelOfTop(top));
  return { top, fine: encodeFine() };
}

function fillFine(value: Float64Array, from: number): number {
  let nonFinite = 0;
  for (let b = 0; b < FINE_PER_CHUNK; b += 1) nonFinite += fillStretch(value, from + b * FINE, b);
  return nonFinite;
}

/** Finds the ends of the 16 points from `from` on; returns how many of them are not finite. */
function fillStretch(value: Float64Array, from: number, b: number): number {
  let nonFinite = 0;
  let min = Infinity;
  let max = -Infinity;
  let minAt = 0;
  let maxAt = 0;
  for (let i = 0; i < FINE; i += 1) {
    const y = value[from + i]!;
    if (y - y !== 0) {
      nonFinite += 1;
      continue;
    }
    if (y < min) {
      min = y;
      minAt = i;
    }
    if (y > max) {
      max = y;
      maxAt = i;
    }
  }
  fineMin[b] = min;
  fineMax[b] = max;
  fineMinAt[b] = minAt;
  fineMaxAt[b] = maxAt;
  return nonFinite;
}

function fillCoarse(level: Coarse): void {
  const ratio = COARSE / FINE;
  for (let c = 0; c < COARSE_PER_CHUNK; c += 1) {
    let low = c * ratio;
    let high = low;
    for (let b = low + 1; b < (c + 1) * ratio; b += 1) {
      if (fineMin[b]! < fineMin[low]!) low = b;
      if (fineMax[b]! > fineMax[high]!) high = b;
    }
    level.min[c] = fineMin[low]!;
    level.max[c] = fineMax[high]!;
    level.minAt[c] = (low - c * ratio) * FINE + fineMinAt[low]!;
    level.maxAt[c] = (high - c * ratio) * FINE + fineMaxAt[high]!;
  }
}

/** Values as float32 where that is exact (first byte 4), else as doubles (8); places as half bytes. */
function encodeFine(): Uint8Array {
  let exact = true;
  for (let b = 0; b < FINE_PER_CHUNK && exact; b += 1) {
    exact = Math.fround(fineMin[b]!) === fineMin[b] && Math.fround(fineMax[b]!) === fineMax[b];
  }
  const width = exact ? 4 : 8;
  const fine = new Uint8Array(8 + FINE_PER_CHUNK * (2 * width + 1));
  fine[0] = width;
  const level = storedFine(fine, width);
  level.min.set(fineMin);
  level.max.set(fineMax);
  for (let b = 0; b < FINE_PER_CHUNK; b += 1) level.places[b] = fineMinAt[b]! | (fineMaxAt[b]! << 4);
  return fine;
}

/** The fine level as it is stored, as views of its bytes; `width`: bytes of a number. */
export function storedFine(fine: Uint8Array, width: number): StoredFine {
  const Column = width === 4 ? Float32Array : Float64Array;
  const at = fine.byteOffset + 8;
  return {
    min: new Column(fine.buffer as ArrayBuffer, at, FINE_PER_CHUNK),
    max: new Column(fine.buffer as ArrayBuffer, at + FINE_PER_CHUNK * width, FINE_PER_CHUNK),
    places: fine.subarray(8 + FINE_PER_CHUNK * 2 * width),
  };
}

function levelOfTop(top: Uint8Array): Coarse {
  const at = top.byteOffset + (TOP_DOUBLES - 2 * COARSE_PER_CHUNK) * 8;
  const places = top.byteOffset + TOP_DOUBLES * 8;
  const buffer = top.buffer as ArrayBuffer;
  return {
    min: new Float64Array(buffer, at, COARSE_PER_CHUNK),
    max: new Float64Array(buffer, at + COARSE_PER_CHUNK * 8, COARSE_PER_CHUNK),
    minAt: new Uint8Array(buffer, places, COARSE_PER_CHUNK),
    maxAt: new Uint8Array(buffer, places + COARSE_PER_CHUNK, COARSE_PER_CHUNK),
  };
}

/** Reads `top`; the arrays are views of the bytes. Throws `StoreDamaged`. */
export function decodeTop(bytes: Uint8Array): Top {
  if (bytes.length !== TOP_BYTES) throw new StoreDamaged('The pyramid of a chunk has a wrong length');
  const top = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const doubles = new Float64Array(top.buffer as ArrayBuffer, top.byteOffset, TOP_DOUBLES);
  return {
    nonFinite: doubles[0]!,
    even: AXES.map((_, a) => doubles[1 + a * AXIS_DOUBLES]!),
    bend: AXES.map((_, a) => doubles[2 + a * AXIS_DOUBLES]!),
    knots: AXES.map((_, a) => doubles.subarray(3 + a * AXIS_DOUBLES, 1 + (a + 1) * AXIS_DOUBLES)),
    coarse: levelOfTop(top),
  };
}
