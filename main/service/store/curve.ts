/** A view of a series for drawing, at most a few points a pixel. */
import type { Points } from '../points.ts';
import { type Columns, type Drawing, type Stretch, drawAll, drawColumns, lowerBound, upperBound } from './decimate.ts';
import type { Curve, ReadRange } from './store.ts';

/** Up to this many points a pixel every point is drawn. */
const FEW = 4;
/** More places of NaN and infinities are not listed. */
const MOST_NON_FINITE = 1000;

interface Part extends Stretch {
  from: number;
  to: number;
}

/** Draws from all points of a series. `segments` are the indexes at which segments begin. */
export function curveOfPoints(points: Points, segments: readonly number[], range: ReadRange): Curve {
  const parts = stretches(points, segments, range.axis).map((stretch) => inRange(stretch, range));
  const count = parts.reduce((sum, part) => sum + part.to - part.from, 0);
  const pixels = Math.max(1, Math.floor(range.pixels) || 1);
  const exact = count <= FEW * pixels;
  const columns = columnsOf(parts, range, pixels);
  const drawing: Drawing = { x: [], y: [] };
  for (const part of parts) {
    if (part.from === part.to) continue;
    if (drawing.x.length > 0) breakLine(drawing);
    if (exact) drawAll(part, part.from, part.to, drawing);
    else drawColumns(part, part.from, part.to, columns, drawing);
  }
  return {
    x: Float64Array.from(drawing.x),
    y: Float64Array.from(drawing.y),
    exact,
    points: count,
    nonFinite: nonFinite(parts),
  };
}

function breakLine(drawing: Drawing): void {
  drawing.x.push(drawing.x.at(-1)!);
  drawing.y.push(NaN);
}

function inRange(stretch: Stretch, range: ReadRange): Part {
  const length = stretch.x.length;
  const from = range.from === undefined ? 0 : lowerBound(stretch.x, range.from, 0, length);
  const to = range.to === undefined ? length : upperBound(stretch.x, range.to, from, length);
  return { ...stretch, from, to };
}

function columnsOf(parts: readonly Part[], range: ReadRange, pixels: number): Columns {
  let from = Infinity;
  let to = -Infinity;
  for (const part of parts) {
    if (part.from === part.to) continue;
    from = Math.min(from, part.x[part.from]!);
    to = Math.max(to, part.x[part.to - 1]!);
  }
  return { from: range.from ?? from, to: range.to ?? to, pixels };
}

/** The points of each segment that have the axis, in order of x. */
function stretches(points: Points, segments: readonly number[], axis: ReadRange['axis']): Stretch[] {
  return segments.map((start, k) => {
    const end = segments[k + 1] ?? points.length;
    const y = points.value.subarray(start, end);
    if (axis === 'index') return { x: Float64Array.from(y, (_, i) => start + i), y };
    return inOrder({ x: points[axis].subarray(start, end), y });
  });
}

function inOrder(stretch: Stretch): Stretch {
  const { x, y } = stretch;
  let before = -Infinity;
  let sorted = true;
  for (let i = 0; i < x.length && sorted; i += 1) {
    sorted = x[i]! - x[i]! === 0 && x[i]! >= before;
    before = x[i]!;
  }
  if (sorted) return stretch;
  const order = Array.from(x.keys()).filter((i) => x[i]! - x[i]! === 0);
  order.sort((a, b) => x[a]! - x[b]! || a - b);
  return { x: Float64Array.from(order, (i) => x[i]!), y: Float64Array.from(order, (i) => y[i]!) };
}

function nonFinite(parts: readonly Part[]): Curve['nonFinite'] {
  const found: Curve['nonFinite'] = [];
  for (const { x, y, from, to } of parts) {
    for (let i = from; i < to && found.length < MOST_NON_FINITE; i += 1) {
      const value = y[i]!;
      if (value - value !== 0) found.push({ x: x[i]!, value: value > 0 ? 'Infinity' : value < 0 ? '-Infinity' : 'NaN' });
    }
  }
  return found;
}
