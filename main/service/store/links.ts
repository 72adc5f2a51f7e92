/**
 * What joins the pixel columns of a far curve. Within a column all ink lies between its least and its greatest point; the line from the last
 * point of a column to the first of the next one is seen only where it leaves that range in one of them. Where the pyramid tells that it does
 * not, any points inside both ranges do as well, and are taken from the pyramid: so most columns need no values. Elsewhere the two points
 * themselves are read. Either way the picture is that of all points drawn.
 */
import type { Extremes } from './extremes.ts';
import { COARSE } from './layout.ts';
import type { SeriesView } from './seriesView.ts';

/** A point by its index; -1 for none. */
export interface Place {
  at: number;
  y: number;
}

/** The points `start` to `end` (not included) of a pixel column: the extremes, the first break of the line (-1: none), and where the line comes in and leaves. */
export interface Column extends Extremes {
  start: number;
  end: number;
  broken: number;
  head: Place;
  tail: Place;
}

export function emptyColumn(): Column {
  return { start: 0, end: 0, min: 0, max: 0, minAt: -1, maxAt: -1, broken: -1, head: { at: -1, y: NaN }, tail: { at: -1, y: NaN } };
}

/** Columns of fewer points are not looked up in the pyramid: there are several to a chunk, whose values are soon all read. */
const SHORT = 4 * COARSE;
/** How many 256s are looked at for a point on either side of a border. */
const TRIES = 3;

/** The values at which a line between the two columns is hidden by both; none (low > high) where they do not overlap. */
let low = 0;
let high = 0;

/** Finds the tail of a column and the head of the next one, which begins where it ends. */
export function link(view: SeriesView, before: Column, after: Column): void {
  const border = after.start;
  const isWhole = before.minAt >= 0 && after.minAt >= 0 && before.broken < 0 && after.broken < 0;
  if (isWhole && lastOf(before) === border - 1 && firstOf(after) === border) return;
  if (isWhole && after.end - border >= SHORT && border < view.tailStart) {
    low = Math.max(before.min, after.min);
    high = Math.min(before.max, after.max);
    if (linkUnread(view, before, after)) return;
  }
  readPlace(view, border - 1, before.tail);
  readPlace(view, border, after.head);
}

/** Reads a point, or a break of the line. */
export function readPlace(view: SeriesView, at: number, into: Place): void {
  into.at = at;
  into.y = view.value(at);
}

function lastOf({ minAt, maxAt }: Column): number {
  return minAt > maxAt ? minAt : maxAt;
}

function firstOf({ minAt, maxAt }: Column): number {
  return minAt < maxAt ? minAt : maxAt;
}

function isHidden(y: number): boolean {
  return y >= low && y <= high;
}

/** Takes points of the pyramid; false if it does not tell whether the line is hidden, or has no points for it. */
function linkUnread(view: SeriesView, before: Column, after: Column): boolean {
  const { min, max } = view.index;
  const last = Math.floor((after.start - 1) / COARSE);
  const first = Math.floor(after.start / COARSE);
  for (let k = last; k <= first; k += 1) if (!isHidden(min[k]!) || !isHidden(max[k]!)) return false;
  return leave(view, before, last) && enter(view, after, first);
}

function leave(view: SeriesView, column: Column, nearest: number): boolean {
  if (isHidden(column.minAt > column.maxAt ? column.min : column.max)) return true;
  for (let k = nearest; k > nearest - TRIES && (k + 1) * COARSE > column.start; k -= 1) if (take(view, k, lastOf(column) + 1, column.end, column.tail)) return true;
  return false;
}

function enter(view: SeriesView, column: Column, nearest: number): boolean {
  if (isHidden(column.minAt < column.maxAt ? column.min : column.max)) return true;
  const beyond = Math.min(nearest + TRIES, view.tailStart / COARSE, column.end / COARSE);
  for (let k = nearest; k < beyond; k += 1) if (take(view, k, column.start, firstOf(column), column.head)) return true;
  return false;
}

/** Takes an extreme of the 256 number k that is hidden and lies in [from, to). */
function take({ index }: SeriesView, k: number, from: number, to: number, into: Place): boolean {
  return takePoint(k * COARSE + index.minAt[k]!, index.min[k]!, from, to, into) || takePoint(k * COARSE + index.maxAt[k]!, index.max[k]!, from, to, into);
}

function takePoint(at: number, y: number, from: number, to: number, into: Place): boolean {
  if (at < from || at >= to || !isHidden(y)) return false;
  into.at = at;
  into.y = y;
  return true;
}
