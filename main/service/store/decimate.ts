/** Drawing points for a stretch of a curve: all of them, or the first, least, greatest and last of each pixel column (M4). */
import type { Values } from './codec/value.ts';
import type { Curve } from './store.ts';

/** A curve as it is put together: `length` points in columns that grow. */
export interface Drawing {
  x: Float64Array;
  y: Float64Array;
  length: number;
  segments: number[];
  nonFinite: Curve['nonFinite'];
  mostNonFinite: number;
}

/** Columns that the next drawing uses again: made anew each time, the system's clearing of their memory cost a tenth of a view. */
const spare = { x: new Float64Array(1 << 14), y: new Float64Array(1 << 14) };

/** An empty drawing. What was put into the one before is overwritten: copy it first. */
export function emptyDrawing(mostNonFinite: number): Drawing {
  return { ...spare, length: 0, segments: [], nonFinite: [], mostNonFinite };
}

/**
 * The pixel columns of a chart that is `pixels` wide and shows `from` at its left edge, `to` at its right: a point belongs to the column whose
 * number is its place rounded to a whole pixel, 0 to `pixels`. Its charts round the same way, so that a column here is one there.
 */
export interface Columns {
  from: number;
  to: number;
  pixels: number;
}

/** Points of one segment in order of x, of which `from` to `to` are in the range. */
export interface Stretch {
  x: Float64Array;
  y: Values;
  from: number;
  to: number;
}

/** The column of an x; what lies outside the range belongs to the column at that end. */
export function columnOf(x: number, { from, to, pixels }: Columns): number {
  const column = Math.floor(((x - from) / (to - from)) * pixels + 0.5);
  return column < pixels ? (column > 0 ? column : 0) : Math.floor(pixels);
}

/** Adds a point; a value that is not finite breaks the line. */
export function draw(into: Drawing, x: number, y: number): void {
  if (into.length === into.x.length) grow(into);
  into.x[into.length] = x;
  into.y[into.length] = y - y === 0 ? y : NaN;
  into.length += 1;
}

function grow(into: Drawing): void {
  for (const column of ['x', 'y'] as const) {
    const wide = new Float64Array(into.length * 2 + 64);
    wide.set(into[column]);
    into[column] = wide;
  }
}

/** Notes the beginning of a segment; the line of the one before ends. */
export function beginSegment(into: Drawing): void {
  if (into.length > 0) draw(into, into.x[into.length - 1]!, NaN);
  into.segments.push(into.length);
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
    const edge = edgeOf(column, columns);
    let [low, high, first, last, broken] = [-1, -1, -1, -1, -1];
    let [min, max] = [Infinity, -Infinity];
    do {
      const value = y[i]!;
      if (value - value !== 0) {
        listNonFinite(into, x[i]!, value);
        if (broken < 0) broken = i;
      } else {
        if (first < 0) first = i;
        if (value < min) {
          min = value;
          low = i;
        }
        if (value > max) {
          max = value;
          high = i;
        }
        last = i;
      }
      i += 1;
    } while (i < to && x[i]! < edge);
    drawFive(stretch, first, low, high, last, broken, into);
  }
}

/** Where a column ends; the last one takes in what is beyond. */
export function edgeOf(column: number, { from, to, pixels }: Columns): number {
  return column >= Math.floor(pixels) ? Infinity : from + ((column + 0.5) * (to - from)) / pixels;
}

const five = new Float64Array(5);

/** Draws those of the places that there are (not -1), each once, in order. */
function drawFive({ x, y }: Stretch, a: number, b: number, c: number, d: number, e: number, into: Drawing): void {
  five[0] = a;
  five[1] = b;
  five[2] = c;
  five[3] = d;
  five[4] = e;
  // Mostly in order but for one, so that moving each into place beats a general sort.
  for (let n = 1; n < 5; n += 1) {
    const place = five[n]!;
    let m = n;
    for (; m > 0 && five[m - 1]! > place; m -= 1) five[m] = five[m - 1]!;
    five[m] = place;
  }
  let before = -1;
  for (let n = 0; n < 5; n += 1) {
    const at = five[n]!;
    if (at > before) draw(into, x[at]!, y[at]!);
    before = at;
  }
}
