/** Drawing points for a stretch of a curve: all of them, or the first, least, greatest and last of each pixel column (M4). */
import type { Curve } from './store.ts';

/** A curve as it is put together. */
export interface Drawing {
  x: number[];
  y: number[];
  segments: number[];
  nonFinite: Curve['nonFinite'];
  mostNonFinite: number;
}

/** The pixel columns: `pixels` equal parts of [from, to]. */
export interface Columns {
  from: number;
  to: number;
  pixels: number;
}

/** Points of one segment in order of x, of which `from` to `to` are in the range. */
export interface Stretch {
  x: Float64Array;
  y: Float64Array;
  from: number;
  to: number;
}

/** The column of an x; what lies outside the range belongs to the column at that end. */
export function columnOf(x: number, { from, to, pixels }: Columns): number {
  const column = Math.floor(((x - from) / (to - from)) * pixels);
  return column < pixels ? (column > 0 ? column : 0) : pixels - 1;
}

/** Adds a point; a value that is not finite breaks the line. */
export function draw(into: Drawing, x: number, y: number): void {
  into.x.push(x);
  into.y.push(y - y === 0 ? y : NaN);
}

/** Notes the beginning of a segment; the line of the one before ends. */
export function beginSegment(into: Drawing): void {
  if (into.x.length > 0) draw(into, into.x.at(-1)!, NaN);
  into.segments.push(into.x.length);
}

/** Lists a value that is not finite, as long as there is room in the list. */
export function listNonFinite(into: Drawing, x: number, y: number): void {
  if (into.nonFinite.length < into.mostNonFinite) {
    into.nonFinite.push({ x, value: y > 0 ? 'Infinity' : y < 0 ? '-Infinity' : 'NaN' });
  }
}

/** Draws every point. */
export function drawAll({ x, y, from, to }: Stretch, into: Drawing): void {
  for (let i = from; i < to; i += 1) {
    draw(into, x[i]!, y[i]!);
    if (y[i]! - y[i]! !== 0) listNonFinite(into, x[i]!, y[i]!);
  }
}

/** Draws at most five points a column, in order: first, least, greatest and last finite one, and NaN at the first that is not finite. */
export function drawColumns(stretch: Stretch, columns: Columns, into: Drawing): void {
  const { x, y, to } = stretch;
  let i = stretch.from;
  while (i < to) {
    const column = columnOf(x[i]!, columns);
    let [low, high, first, last, broken] = [-1, -1, -1, -1, -1];
    do {
      const value = y[i]!;
      if (value - value !== 0) {
        listNonFinite(into, x[i]!, value);
        if (broken < 0) broken = i;
      } else {
        if (first < 0) first = low = high = i;
        else if (value < y[low]!) low = i;
        else if (value > y[high]!) high = i;
        last = i;
      }
      i += 1;
    } while (i < to && columnOf(x[i]!, columns) === column);
    for (const at of inOrder([first, low, high, last, broken])) draw(into, x[at]!, y[at]!);
  }
}

/** The places that there are, each once, in order. */
export function inOrder(places: number[]): number[] {
  return places.sort((a, b) => a - b).filter((at, n) => at >= 0 && at !== places[n - 1]);
}
