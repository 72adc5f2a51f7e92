import type { Points } from '../points.ts';
import type { Curve, ReadRange } from '../store/store.ts';

/** Points a pixel up to which every point is given. */
const DENSE = 4;
const NON_FINITE_CAP = 500;

/**
 * Min and max per pixel column over points in memory, extremes exact; used where a resumed run has to be cut first. The store answers
 * the ordinary case from its pyramid. x is taken as ascending.
 */
export function decimate(points: Points, { axis, from = -Infinity, to = Infinity, pixels }: ReadRange): Curve {
  const xs: number[] = [];
  const ys: number[] = [];
  const nonFinite: Curve['nonFinite'] = [];
  for (let i = 0; i < points.length; i += 1) {
    const x = axis === 'index' ? i : ((axis === 'epoch' ? points.epoch : axis === 'time' ? points.time : points.step)[i] ?? NaN);
    const y = points.value[i] ?? NaN;
    if (!(x >= from && x <= to)) continue;
    if (!Number.isFinite(y) && nonFinite.length < NON_FINITE_CAP) nonFinite.push({ x, value: Number.isNaN(y) ? 'NaN' : y > 0 ? 'Infinity' : '-Infinity' });
    xs.push(x);
    ys.push(Number.isFinite(y) ? y : NaN);
  }
  const count = xs.length;
  const segments = count > 0 ? [0] : [];
  if (count <= pixels * DENSE) return { x: Float64Array.from(xs), y: Float64Array.from(ys), exact: true, points: count, nonFinite, segments };
  return { ...extremes(xs, ys, pixels), exact: false, points: count, nonFinite, segments };
}

function extremes(xs: readonly number[], ys: readonly number[], pixels: number): { x: Float64Array; y: Float64Array } {
  const first = xs[0] ?? 0;
  const width = ((xs.at(-1) ?? first) - first) / pixels || 1;
  const keep: number[] = [];
  let at = 0;
  while (at < xs.length) {
    const column = Math.floor(((xs[at] ?? 0) - first) / width);
    let low = -1;
    let high = -1;
    const begin = at;
    while (at < xs.length && Math.floor(((xs[at] ?? 0) - first) / width) === column) {
      const y = ys[at] ?? NaN;
      if (!Number.isNaN(y)) {
        if (low < 0 || y < (ys[low] ?? 0)) low = at;
        if (high < 0 || y > (ys[high] ?? 0)) high = at;
      }
      at += 1;
    }
    const chosen = new Set([begin, low, high, at - 1].filter((i) => i >= 0));
    keep.push(...[...chosen].sort((a, b) => a - b));
  }
  return { x: Float64Array.from(keep, (i) => xs[i] ?? NaN), y: Float64Array.from(keep, (i) => ys[i] ?? NaN) };
}
