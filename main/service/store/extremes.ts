/**
 * The places of the least and greatest value among points a to b, from the coarse level of the pyramid inwards: a finer level, and
 * in the end the values, are read only where the coarser one leaves open what the extreme is.
 */
import { CHUNK, COARSE, FINE } from './layout.ts';
import type { Fine } from './pyramid.ts';
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
  const { min, max, minAt, maxAt } = view.index;
  const first = Math.ceil(from / COARSE);
  const end = Math.floor(to / COARSE);
  for (let k = first; k < end; k += 1) {
    if (min[k]! < into.min) {
      into.min = min[k]!;
      into.minAt = k * COARSE + minAt[k]!;
    }
    if (max[k]! > into.max) {
      into.max = max[k]!;
      into.maxAt = k * COARSE + maxAt[k]!;
    }
  }
  if (first > end) lookInside(view, first - 1, from, to, into);
  else {
    if (from < first * COARSE) lookInside(view, first - 1, from, first * COARSE, into);
    if (end * COARSE < to) lookInside(view, end, end * COARSE, to, into);
  }
}

/** Part of the stretch of 256 points number k. */
function lookInside(view: SeriesView, k: number, from: number, to: number, into: Extremes): void {
  const { min, max, minAt, maxAt } = view.index;
  if (settles(into, min[k]!, max[k]!, k * COARSE + minAt[k]!, k * COARSE + maxAt[k]!, from, to)) return;
  const chunk = Math.floor(from / CHUNK);
  const start = chunk * CHUNK;
  const fine = view.fine(chunk);
  const first = Math.ceil((from - start) / FINE);
  const end = Math.floor((to - start) / FINE);
  for (let b = first; b < end; b += 1) {
    if (fine.min[b]! < into.min) {
      into.min = fine.min[b]!;
      into.minAt = start + b * FINE + (fine.places[b]! & 15);
    }
    if (fine.max[b]! > into.max) {
      into.max = fine.max[b]!;
      into.maxAt = start + b * FINE + (fine.places[b]! >> 4);
    }
  }
  if (first > end) lookAtPart(view, chunk, fine, first - 1, from, to, into);
  else {
    if (from < start + first * FINE) lookAtPart(view, chunk, fine, first - 1, from, start + first * FINE, into);
    if (start + end * FINE < to) lookAtPart(view, chunk, fine, end, start + end * FINE, to, into);
  }
}

/** Part of the stretch of 16 points number b of a chunk. */
function lookAtPart(view: SeriesView, chunk: number, fine: Fine, b: number, from: number, to: number, into: Extremes): void {
  const start = chunk * CHUNK;
  const at = start + b * FINE;
  const places = fine.places[b]!;
  if (settles(into, fine.min[b]!, fine.max[b]!, at + (places & 15), at + (places >> 4), from, to)) return;
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
  for (let i = from; i < to; i += 1) {
    const y = values[i]!;
    // Infinities are no extremes; NaN fails both comparisons.
    if (y < into.min && y !== -Infinity) {
      into.min = y;
      into.minAt = origin + i;
    }
    if (y > into.max && y !== Infinity) {
      into.max = y;
      into.maxAt = origin + i;
    }
  }
}
