/** Puts curves with x values of their own on one common x, as uPlot wants them. */

export interface Curve {
  /** Ascending; equal neighbours are allowed. */
  x: ArrayLike<number>;
  /** Same length. NaN breaks the line. */
  y: ArrayLike<number>;
}

/** x, then one column for each curve: null breaks the line, undefined means "no sample at this x". */
export type Columns = [number[], ...(number | null | undefined)[][]];

/**
 * Merges curves into common columns. Every sample is kept, also several at one x. On a log scale values that have no place
 * (zero and below) become breaks.
 */
export function toColumns(curves: readonly Curve[], log = false): Columns {
  const first = curves[0];
  if (!first) return [[]];
  if (curves.every((curve) => sameX(curve.x, first.x))) {
    return [Array.from(first.x), ...curves.map((curve) => Array.from(curve.y, (y) => drawable(y, log)))];
  }
  return merge(curves, log);
}

function drawable(y: number, log: boolean): number | null {
  return Number.isFinite(y) && (!log || y > 0) ? y : null;
}

function sameX(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function merge(curves: readonly Curve[], log: boolean): Columns {
  const heads = curves.map(() => 0);
  const xs: number[] = [];
  const columns = curves.map((): (number | null | undefined)[] => []);
  for (;;) {
    let least = Infinity;
    for (let c = 0; c < curves.length; c++) {
      const head = heads[c] as number;
      const x = (curves[c] as Curve).x;
      if (head < x.length && (x[head] as number) < least) least = x[head] as number;
    }
    if (least === Infinity) return [xs, ...columns];
    xs.push(least);
    for (let c = 0; c < curves.length; c++) {
      const { x, y } = curves[c] as Curve;
      const head = heads[c] as number;
      const here = head < x.length && x[head] === least;
      (columns[c] as (number | null | undefined)[]).push(here ? drawable(y[head] as number, log) : undefined);
      if (here) heads[c] = head + 1;
    }
  }
}

/** Returns the curve with ascending x: as it is where it ascends already, else sorted (stable). Points without x are left out. */
export function ascending<C extends Curve>(curve: C): Curve {
  const { x, y } = curve;
  let sorted = true;
  for (let i = 0; i < x.length && sorted; i++) {
    const here = x[i] as number;
    if (!Number.isFinite(here) || (i > 0 && here < (x[i - 1] as number))) sorted = false;
  }
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
