import type { Points } from '../points.ts';
import { drawColumns, emptyDrawing } from '../store/decimate.ts';
import type { Curve, ReadRange } from '../store/store.ts';

/** Points a pixel up to which every point is given. */
const DENSE = 4;
const NON_FINITE_CAP = 500;

/**
 * What each pixel column shows of points in memory, as the store has it; used where a resumed run has to be cut first. The store answers
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
  const columns = { from: Number.isFinite(from) ? from : (xs[0] ?? 0), to: Number.isFinite(to) ? to : (xs.at(-1) ?? 0), pixels };
  const drawing = emptyDrawing(0);
  drawColumns({ x: Float64Array.from(xs), y: Float64Array.from(ys), from: 0, to: count }, columns, drawing);
  return { x: drawing.x.slice(0, drawing.length), y: drawing.y.slice(0, drawing.length), exact: false, points: count, nonFinite, segments };
}
