/** Puts curves with x values of their own on one common x, as uPlot wants them. */

export interface Curve {
  /** Ascending; equal neighbours are allowed. */
  x: ArrayLike<number>;
  /** Same length. NaN breaks the line. */
  y: ArrayLike<number>;
}

type Column = ArrayLike<number | null | undefined>;
/** x, then one column for each curve: null breaks the line, undefined means "no sample at this x". */
export type Columns = [ArrayLike<number>, ...Column[]];

/**
 * Merges curves into common columns. Every sample is kept, also several at one x. On a log scale values that have no place
 * (zero and below) become breaks. Arrays that are columns already are handed on, not copied.
 */
export function toColumns(curves: readonly Curve[], log = false): Columns {
  const axes: ArrayLike<number>[] = [];
  const axisOf = curves.map(({ x }) => {
    const same = axes.findIndex((other) => sameX(x, other));
    return same < 0 ? axes.push(x) - 1 : same;
  });
  const [only] = axes;
  if (!only) return [[]];
  if (axes.length === 1) return [only, ...curves.map(({ y }) => column(y, log))];
  const { all, rows } = union(axes);
  return [all, ...curves.map(({ y }, c) => spread(column(y, log), rows[axisOf[c] as number] as Int32Array, all.length))];
}

function column(y: ArrayLike<number>, log: boolean): Column {
  return areDrawable(y, log) ? y : Array.from(y, (value) => (isDrawable(value, log) ? value : null));
}

/** As isDrawable of each. A call a value took 6 ms of a redraw of 500 lines of 2,000 points; a multiplication takes 1. */
function areDrawable(y: ArrayLike<number>, log: boolean): boolean {
  // Zero times what is finite is zero, times anything else NaN, which stays.
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (y[i] as number) * 0;
  if (sum !== 0) return false;
  for (let i = 0; i < y.length && log; i++) if ((y[i] as number) <= 0) return false;
  return true;
}

function isDrawable(y: number, log: boolean): boolean {
  return Number.isFinite(y) && (!log || y > 0);
}

function sameX(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** One ascending axis with a place for every place of several, and the row of each of theirs in it. Equal places of one axis have a row each. */
function union(axes: readonly ArrayLike<number>[]): { all: number[]; rows: Int32Array[] } {
  const heads = axes.map(() => 0);
  const rows = axes.map((x) => new Int32Array(x.length));
  const all: number[] = [];
  for (;;) {
    let least = Infinity;
    for (let a = 0; a < axes.length; a++) least = Math.min(least, axes[a]?.[heads[a] as number] ?? Infinity);
    if (least === Infinity) return { all, rows };
    for (let a = 0; a < axes.length; a++) {
      const head = heads[a] as number;
      if (axes[a]?.[head] !== least) continue;
      (rows[a] as Int32Array)[head] = all.length;
      heads[a] = head + 1;
    }
    all.push(least);
  }
}

/** A column on the rows of a longer axis: holes where it has no sample. */
function spread(values: Column, rows: Int32Array, length: number): Column {
  if (rows.length === length) return values;
  const spaced = new Array<number | null | undefined>(length);
  for (let i = 0; i < rows.length; i++) spaced[rows[i] as number] = values[i];
  return spaced;
}

/** Returns the curve with ascending x: as it is where it ascends already, else sorted (stable). Points without x are left out. */
export function ascending<C extends Curve>(curve: C): Curve {
  const { x, y } = curve;
  let sorted = x.length === 0 || (Number.isFinite(x[0]) && Number.isFinite(x[x.length - 1]));
  // A comparison with NaN is false.
  for (let i = 1; i < x.length && sorted; i++) sorted = (x[i] as number) >= (x[i - 1] as number);
  if (sorted) return curve;
  const order: number[] = [];
  for (let i = 0; i < x.length; i++) if (Number.isFinite(x[i])) order.push(i);
  order.sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
  return { x: Float64Array.from(order, (i) => x[i] as number), y: Float64Array.from(order, (i) => y[i] as number) };
}

/** Index of the sample nearest to `at` in ascending `x`; -1 if there is none. */
export function nearest(x: ArrayLike<number>, at: number): number {
  if (x.length === 0) return -1;
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) < at) low = middle;
    else high = middle;
  }
  return at - (x[low] as number) <= (x[high] as number) - at ? low : high;
}

/** Last finite value and its x; null if there is none. */
export function lastFinite(curve: Curve): { x: number; y: number } | null {
  for (let i = curve.y.length - 1; i >= 0; i--) {
    if (Number.isFinite(curve.y[i])) return { x: curve.x[i] as number, y: curve.y[i] as number };
  }
  return null;
}
