/** Curves on the axis the user chose, also for series that were logged on another one: mapped through a series that has both. */
import type { Curve, SeriesRow, Store } from '../store/store.ts';
import type { Points } from '../points.ts';
import type { RunSeries } from './assemble.ts';
import { currentPoints, divided } from './columns.ts';
import { decimate } from './decimate.ts';

export type Axis = 'step' | 'epoch' | 'elapsed' | 'wall';
type Stored = 'step' | 'epoch' | 'time' | 'index';

export interface CurveRange {
  axis: Axis;
  from?: number;
  to?: number;
  pixels: number;
  draft: boolean;
}

/** A curve, with the stretches that a resume superseded, oldest first: kept and counted, drawn faintly. */
export type ResumedCurve = Curve & { superseded?: { x: Float64Array; y: Float64Array }[] };

/** More stretches than these are not drawn: the newest are. */
const MOST_SUPERSEDED = 16;

/** Pairs of two axes, both ascending. */
interface Bridge {
  from: Float64Array;
  to: Float64Array;
}

/** Wall time in seconds at which the first point of a run was logged; null if no series has times. */
export function startOf(series: readonly RunSeries[]): number | null {
  let start = Infinity;
  for (const { parts } of series) for (const part of parts) if (part.first?.time != null) start = Math.min(start, part.first.time);
  return Number.isFinite(start) ? start : null;
}

/**
 * The curve of one series for drawing. `all` are the run's series, among which one with both axes is looked for if this one lacks the
 * wanted axis; without any, the series is drawn over what it has (step, else epoch, else its index).
 */
export function curveOn(store: Store, series: RunSeries, all: readonly RunSeries[], range: CurveRange): ResumedCurve {
  const start = range.axis === 'elapsed' ? (startOf(all) ?? 0) : 0;
  const wanted: Stored = range.axis === 'elapsed' || range.axis === 'wall' ? 'time' : range.axis;
  const own = ownAxis(series, wanted);
  const bridge = own === wanted ? null : findBridge(store, all, own, wanted);
  const inverse = bridge ? { from: bridge.to, to: bridge.from } : null;
  const bound = (x: number | undefined): number | undefined => (x === undefined ? undefined : along(inverse, x + start));
  const from = bound(range.from);
  const to = bound(range.to);
  const curve = storedCurve(store, series, { axis: own, pixels: range.pixels, draft: range.draft, ...(from !== undefined ? { from } : {}), ...(to !== undefined ? { to } : {}) });
  if (!bridge && start === 0) return curve;
  const placed = (xs: Float64Array): Float64Array => xs.map((x) => along(bridge, x) - start);
  return {
    ...curve,
    x: placed(curve.x),
    ...(curve.superseded ? { superseded: curve.superseded.map(({ x, y }) => ({ x: placed(x), y })) } : {}),
    nonFinite: curve.nonFinite.map(({ x, value }) => ({ x: along(bridge, x) - start, value })),
  };
}

function ownAxis(series: RunSeries, wanted: Stored): Stored {
  if (has(series, wanted)) return wanted;
  if (has(series, 'step')) return 'step';
  return has(series, 'epoch') ? 'epoch' : 'index';
}

function has(series: RunSeries, axis: Stored): boolean {
  if (axis === 'index') return true;
  return series.parts.length > 0 && series.parts.every((part) => hasAxis(part, axis));
}

function hasAxis(part: SeriesRow, axis: 'step' | 'epoch' | 'time'): boolean {
  return axis === 'step' ? part.hasStep : axis === 'epoch' ? part.hasEpoch : part.hasTime;
}

function storedCurve(store: Store, series: RunSeries, range: { axis: Stored; from?: number; to?: number; pixels: number; draft: boolean }): ResumedCurve {
  const [only] = series.parts;
  if (only && series.parts.length === 1 && only.segments.length <= 1) return store.curve(only.id, range);
  const { current, superseded } = divided(series, (id) => store.points(id));
  const curve = decimate(current, range);
  if (superseded.length === 0) return curve;
  const stretches = superseded.slice(-MOST_SUPERSEDED).map((points) => decimate(points, range));
  return { ...curve, superseded: stretches.filter(({ points }) => points > 0).map(({ x, y }) => ({ x, y })) };
}

function findBridge(store: Store, all: readonly RunSeries[], from: Stored, to: Stored): Bridge | null {
  if (from === 'index') return null;
  const both = all.filter((series) => has(series, from) && has(series, to));
  const longest = both.sort((a, b) => countOf(b) - countOf(a))[0] ?? epochSeries(all, from, to);
  if (!longest || longest.parts[0] === undefined) return null;
  const points = epochsOf(longest, currentPoints(longest, (id) => store.points(id)));
  const stride = Math.max(1, Math.floor(points.length / 4096));
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < points.length; i += i + stride < points.length ? stride : Math.max(1, points.length - 1 - i)) {
    const x = column(points, from)[i] ?? NaN;
    const y = column(points, to)[i] ?? NaN;
    const last = xs.length - 1;
    if (!Number.isFinite(x) || !Number.isFinite(y) || (last >= 0 && (x <= (xs[last] ?? 0) || y < (ys[last] ?? 0)))) continue;
    xs.push(x);
    ys.push(y);
  }
  return xs.length > 0 ? { from: Float64Array.from(xs), to: Float64Array.from(ys) } : null;
}

/** Lightning, wandb and others log the epoch as a series: its values are the epochs of its steps and times. */
function epochSeries(all: readonly RunSeries[], from: Stored, to: Stored): RunSeries | undefined {
  const other = from === 'epoch' ? to : from;
  if (from !== 'epoch' && to !== 'epoch') return undefined;
  return all.filter((series) => isEpochSeries(series) && has(series, other)).sort((a, b) => countOf(b) - countOf(a))[0];
}

function isEpochSeries({ name }: RunSeries): boolean {
  return /(^|[/._ ])epoch$/i.test(name);
}

function epochsOf(series: RunSeries, points: Points): Pick<Points, 'step' | 'epoch' | 'time' | 'length'> {
  if (has(series, 'epoch') || !isEpochSeries(series)) return points;
  return { step: points.step, epoch: points.value, time: points.time, length: points.length };
}

function column(points: { step: Float64Array; epoch: Float64Array; time: Float64Array }, axis: Stored): Float64Array {
  return axis === 'epoch' ? points.epoch : axis === 'time' ? points.time : points.step;
}

function countOf(series: RunSeries): number {
  return series.parts.reduce((sum, part) => sum + part.count, 0);
}

/** Linear interpolation, continued with the end slopes; the identity without a bridge. */
function along(bridge: Bridge | null, x: number): number {
  if (!bridge) return x;
  const { from, to } = bridge;
  const n = from.length;
  if (n === 1) return to[0] ?? x;
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const x0 = from[low] ?? 0;
  const x1 = from[low + 1] ?? x0;
  const y0 = to[low] ?? 0;
  const y1 = to[low + 1] ?? y0;
  return x1 === x0 ? y0 : y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}
