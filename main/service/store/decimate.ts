/** Drawing points for a stretch of a curve: all of them, or the first, least, greatest and last of each pixel column (M4). */

/** Where points are collected. */
export interface Drawing {
  x: number[];
  y: number[];
}

/** A stretch of points in order of x, none missing. */
export interface Stretch {
  x: Float64Array;
  y: Float64Array;
}

/** The pixel columns: `pixels` equal parts of [from, to]. */
export interface Columns {
  from: number;
  to: number;
  pixels: number;
}

/** The column of an x inside the range. */
export function columnOf(x: number, { from, to, pixels }: Columns): number {
  const column = Math.floor(((x - from) / (to - from)) * pixels);
  return column < pixels ? (column > 0 ? column : 0) : pixels - 1;
}

/** First index from `low` on whose x is not less than `x`. */
export function lowerBound(xs: ArrayLike<number>, x: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index from `low` on whose x is greater than `x`. */
export function upperBound(xs: ArrayLike<number>, x: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (xs[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Every point; what is not finite becomes NaN. */
export function drawAll({ x, y }: Stretch, from: number, to: number, into: Drawing): void {
  for (let i = from; i < to; i += 1) {
    const value = y[i]!;
    into.x.push(x[i]!);
    into.y.push(value - value === 0 ? value : NaN);
  }
}

/** At most five points a column, in order: first, least, greatest and last finite one, and NaN at the first that is not finite. */
export function drawColumns(stretch: Stretch, from: number, to: number, columns: Columns, into: Drawing): void {
  const { x, y } = stretch;
  let i = from;
  while (i < to) {
    const column = columnOf(x[i]!, columns);
    const start = i;
    let low = -1;
    let high = -1;
    let first = -1;
    let last = -1;
    let broken = -1;
    do {
      const value = y[i]!;
      if (value - value !== 0) {
        if (broken < 0) broken = i;
      } else {
        if (first < 0) first = low = high = i;
        else if (value < y[low]!) low = i;
        else if (value > y[high]!) high = i;
        last = i;
      }
      i += 1;
    } while (i < to && columnOf(x[i]!, columns) === column);
    if (i > start) drawPlaces(stretch, [first, low, high, last, broken], into);
  }
}

function drawPlaces({ x, y }: Stretch, places: number[], into: Drawing): void {
  places.sort((a, b) => a - b);
  let before = -1;
  for (const at of places) {
    if (at <= before) continue;
    before = at;
    const value = y[at]!;
    into.x.push(x[at]!);
    into.y.push(value - value === 0 ? value : NaN);
  }
}
