/**
 * The places of the least and greatest value among points a to b, from the coarse level of the pyramid inwards: a finer level, and
 * in the end the values, are read only where the coarser one leaves open what the extreme is.
 */
import { CHUNK, COARSE, COARSE_PER_CHUNK, FINE, FINE_PER_CHUNK } from './layout.ts';
import { type Fine, OF_16, ONWARD, UP_TO, numbersOf, placesOf, prepare } from './fine.ts';
import type { Values } from './codec/value.ts';
import type { SeriesView } from './seriesView.ts';

export interface Extremes {
  min: number;
  max: number;
  /** Indexes of points, -1 without a finite value. */
  minAt: number;
  maxAt: number;
}

/** Finds the extremes of the points `from` to `to` (not included) and puts them into `into`. */
export function findExtremes(view: SeriesView, from: number, to: number, into: Extremes): void {
  into.min = Infinity;
  into.max = -Infinity;
  into.minAt = into.maxAt = -1;
  const sealed = Math.min(to, view.tailStart);
  if (from < sealed) lookAtCoarse(view, from, sealed, into);
  if (to > view.tailStart) {
    const start = Math.max(from, view.tailStart);
    lookAtValues(view.tail.value, start - view.tailStart, to - view.tailStart, view.tailStart, into);
  }
}

function lookAtCoarse(view: SeriesView, from: number, to: number, into: Extremes): void {
  const first = Math.ceil(from / COARSE);
  const end = Math.floor(to / COARSE);
  if (first > end) return lookBetween(view, first - 1, from, to, into);
  takeCoarse(view, first, end, into);
  if (from < first * COARSE) lookOnward(view, first - 1, from, into);
  if (end * COARSE < to) lookUpTo(view, end, to, into);
}

/** Takes the 256s from number `first` to `end` (not included). In variables of its own: a field of an object is four times as slow. */
function takeCoarse({ index }: SeriesView, first: number, end: number, into: Extremes): void {
  const { min, max } = index;
  let { min: least, max: greatest } = into;
  let [low, high] = [-1, -1];
  for (let k = first; k < end; k += 1) {
    if (min[k]! < least) {
      least = min[k]!;
      low = k;
    }
    if (max[k]! > greatest) {
      greatest = max[k]!;
      high = k;
    }
  }
  if (low >= 0) {
    into.min = least;
    into.minAt = low * COARSE + index.minAt[low]!;
  }
  if (high >= 0) {
    into.max = greatest;
    into.maxAt = high * COARSE + index.maxAt[high]!;
  }
}

/** From a point on to the end of the 256 number k. */
function lookOnward(view: SeriesView, k: number, from: number, into: Extremes): void {
  const { min, max, minAt, maxAt } = view.index;
  const start = k * COARSE;
  if (settles(into, min[k]!, max[k]!, start + minAt[k]!, start + maxAt[k]!, from, start + COARSE)) return;
  const chunk = Math.floor(k / COARSE_PER_CHUNK);
  const fine = view.fine(chunk);
  const whole = Math.ceil(from / FINE) * FINE;
  if (whole < start + COARSE) takeStretch(fine, whole / FINE - chunk * FINE_PER_CHUNK, ONWARD, start, into);
  if (from < whole) lookAtPart(view, chunk, fine, from, whole, into);
}

/** From the start of the 256 number k up to a point. */
function lookUpTo(view: SeriesView, k: number, to: number, into: Extremes): void {
  const { min, max, minAt, maxAt } = view.index;
  const start = k * COARSE;
  if (settles(into, min[k]!, max[k]!, start + minAt[k]!, start + maxAt[k]!, start, to)) return;
  const chunk = Math.floor(k / COARSE_PER_CHUNK);
  const fine = view.fine(chunk);
  const whole = Math.floor(to / FINE) * FINE;
  if (whole > start) takeStretch(fine, whole / FINE - 1 - chunk * FINE_PER_CHUNK, UP_TO, start, into);
  if (whole < to) lookAtPart(view, chunk, fine, whole, to, into);
}

/** Points within the 256 number k. */
function lookBetween(view: SeriesView, k: number, from: number, to: number, into: Extremes): void {
  const chunk = Math.floor(k / COARSE_PER_CHUNK);
  const fine = view.fine(chunk);
  const first = Math.ceil(from / FINE);
  const end = Math.floor(to / FINE);
  if (first > end) return lookAtPart(view, chunk, fine, from, to, into);
  for (let n = first; n < end; n += 1) takeStretch(fine, n - chunk * FINE_PER_CHUNK, OF_16, n * FINE, into);
  if (from < first * FINE) lookAtPart(view, chunk, fine, from, first * FINE, into);
  if (end * FINE < to) lookAtPart(view, chunk, fine, end * FINE, to, into);
}

/** Takes what is known of the stretch `b` of a chunk; its places count from `start`. */
function takeStretch(fine: Fine, b: number, of: typeof OF_16 | typeof ONWARD | typeof UP_TO, start: number, into: Extremes): void {
  prepare(fine, b);
  const { values, bytes } = fine;
  const at = numbersOf(b) + of;
  if (values[at]! < into.min) {
    into.min = values[at]!;
    into.minAt = start + bytes[placesOf(fine, b) + of]!;
  }
  if (values[at + 1]! > into.max) {
    into.max = values[at + 1]!;
    into.maxAt = start + bytes[placesOf(fine, b) + of + 1]!;
  }
}

/** Some of the 16 points of a stretch. */
function lookAtPart(view: SeriesView, chunk: number, fine: Fine, from: number, to: number, into: Extremes): void {
  const start = chunk * CHUNK;
  const b = Math.floor((from - start) / FINE);
  const at = start + b * FINE;
  prepare(fine, b);
  const { values, bytes } = fine;
  const [number, place] = [numbersOf(b), placesOf(fine, b)];
  if (settles(into, values[number]!, values[number + 1]!, at + bytes[place]!, at + bytes[place + 1]!, from, to)) return;
  lookAtValues(view.values(chunk), from - start, to - start, start, into);
}

/**
 * Takes the extremes of a stretch that fall into [from, to). Returns true if nothing else in that part of the stretch can matter:
 * each extreme is either inside, or no better than what was found.
 */
function settles(into: Extremes, min: number, max: number, minAt: number, maxAt: number, from: number, to: number): boolean {
  let settled = true;
  if (min < into.min) {
    if (minAt >= from && minAt < to) {
      into.min = min;
      into.minAt = minAt;
    } else settled = false;
  }
  if (max > into.max) {
    if (maxAt >= from && maxAt < to) {
      into.max = max;
      into.maxAt = maxAt;
    } else settled = false;
  }
  return settled;
}

function lookAtValues(values: Values, from: number, to: number, origin: number, into: Extremes): void {
  let { min, max } = into;
  let [low, high] = [-1, -1];
  for (let i = from; i < to; i += 1) {
    const y = values[i]!;
    // Infinities are no extremes; NaN fails both comparisons.
    if (y < min && y !== -Infinity) {
      min = y;
      low = i;
    }
    if (y > max && y !== Infinity) {
      max = y;
      high = i;
    }
  }
  if (low >= 0) {
    into.min = min;
    into.minAt = origin + low;
  }
  if (high >= 0) {
    into.max = max;
    into.maxAt = origin + high;
  }
}
