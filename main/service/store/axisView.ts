/** x by index and index by x, along the points of a series. */
import { CHUNK, COARSE, COARSE_PER_CHUNK } from './layout.ts';
import {
  EPOCH_GOES_BACK, HAS_EPOCH, HAS_STEP, HAS_TIME, LACKS_EPOCH, LACKS_STEP, LACKS_TIME, STEP_GOES_BACK, TIME_GOES_BACK, flagsOf,
} from './marks.ts';
import type { AxisIndex } from './seriesIndex.ts';
import type { SeriesView } from './seriesView.ts';
import type { ReadRange } from './store.ts';

const FLAGS = {
  step: { has: HAS_STEP, irregular: LACKS_STEP | STEP_GOES_BACK, place: 0 },
  epoch: { has: HAS_EPOCH, irregular: LACKS_EPOCH | EPOCH_GOES_BACK, place: 1 },
  time: { has: HAS_TIME, irregular: LACKS_TIME | TIME_GOES_BACK, place: 2 },
} as const;

/** False if no point has the axis. */
export function hasAxis({ summary }: SeriesView, axis: ReadRange['axis']): boolean {
  return summary.count > 0 && (axis === 'index' || (flagsOf(summary) & FLAGS[axis].has) !== 0);
}

/** True if every point has the axis and it never goes back within a segment: then it can be searched. */
export function isOrdered({ summary }: SeriesView, axis: ReadRange['axis']): boolean {
  return axis === 'index' || (flagsOf(summary) & FLAGS[axis].irregular) === 0;
}

type LoggedAxis = Exclude<ReadRange['axis'], 'index'>;

export interface AxisView {
  x(index: number): number;
  /** x of the points `from` to `to`, not included. */
  between(from: number, to: number): Float64Array;
  /** The first index in [low, high), a part of one segment, whose x is at least (`beyond`: greater than) `x`; `high` if none is. */
  search(x: number, low: number, high: number, beyond?: boolean): number;
}

/** The points of a series along an axis. `tolerance`: how far an x may be off where reading the chunk can be saved so; 0 for none. */
export function axisView(view: SeriesView, axis: ReadRange['axis'], tolerance: number): AxisView {
  if (axis === 'index') return { x: (index) => index, between: (from, to) => Float64Array.from({ length: to - from }, (_, i) => from + i), search: searchIndex };
  const index = view.index.axes[FLAGS[axis].place]!;
  const { tailStart } = view;
  const tail = view.tail[axis];
  const x = reader(view, axis, tolerance);
  const search = (wanted: number, low: number, high: number, beyond = false): number => {
    const isBefore = (found: number) => (beyond ? found <= wanted : found < wanted);
    let [from, to] = [low, high];
    // First over the knots, which are in memory: in leaps that double, since the place is mostly near `low`.
    let first = Math.ceil(low / COARSE);
    let end = Math.ceil(Math.min(high, tailStart) / COARSE);
    for (let leap = 1; first + leap < end && isBefore(index.knots[first + leap]!); leap *= 2) first += leap;
    while (first < end) {
      const middle = (first + end) >>> 1;
      if (isBefore(index.knots[middle]!)) {
        from = middle * COARSE + 1;
        first = middle + 1;
      } else {
        to = middle * COARSE;
        end = middle;
      }
    }
    // Then between two knots, beginning where a straight line would have it.
    if (to - from > 8 && to <= tailStart) {
      const share = (wanted - x(from)) / (x(to - 1) - x(from));
      const guess = Math.min(to - 1, Math.max(from + 1, from + Math.ceil(share * (to - 1 - from)) || from + 1));
      if (isBefore(x(guess - 1))) from = guess;
      else to = guess - 1;
      if (from < to && !isBefore(x(from))) to = from;
    }
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBefore(middle >= tailStart ? tail[middle - tailStart]! : x(middle))) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return { x, between: (from, to) => axisBetween(view, axis, from, to), search };
}

function searchIndex(x: number, low: number, high: number, beyond = false): number {
  return Math.min(high, Math.max(low, beyond ? Math.floor(x) + 1 : Math.ceil(x)));
}

function reader(view: SeriesView, axis: LoggedAxis, tolerance: number): (at: number) => number {
  const index = view.index.axes[FLAGS[axis].place]!;
  const { tailStart } = view;
  const tail = view.tail[axis];
  let lined = -1;
  let line: Line = { first: 0, delta: 0 };
  return (at) => {
    if (at >= tailStart) return tail[at - tailStart]!;
    const chunk = Math.floor(at / CHUNK);
    const place = at % CHUNK;
    const scale = index.even[chunk]!;
    if (scale > 0) {
      if (chunk !== lined) {
        line = lineOf(index, chunk, scale);
        lined = chunk;
      }
      return (line.first + line.delta * place) / scale;
    }
    if (place % COARSE === 0) return index.knots[at / COARSE]!;
    return index.bend[chunk]! <= tolerance ? onLine(index, chunk, place) : view.axis(chunk, axis)[place]!;
  };
}

/** An even chunk, times its scale: x is first + place * delta, in whole numbers. */
interface Line {
  first: number;
  delta: number;
}

function lineOf(index: AxisIndex, chunk: number, scale: number): Line {
  const first = Math.round(index.knots[chunk * COARSE_PER_CHUNK]! * scale);
  return { first, delta: (Math.round(index.end[chunk]! * scale) - first) / (CHUNK - 1) };
}

function axisBetween(view: SeriesView, axis: LoggedAxis, from: number, to: number): Float64Array {
  const index = view.index.axes[FLAGS[axis].place]!;
  const { tailStart } = view;
  if (from >= tailStart) return view.tail[axis].subarray(from - tailStart, to - tailStart);
  const all = new Float64Array(to - from);
  for (let at = from; at < Math.min(to, tailStart); ) {
    const chunk = Math.floor(at / CHUNK);
    const end = Math.min(to, tailStart, (chunk + 1) * CHUNK);
    const scale = index.even[chunk]!;
    if (scale > 0) {
      const { first, delta } = lineOf(index, chunk, scale);
      for (let place = at % CHUNK; at < end; at += 1, place += 1) all[at - from] = (first + delta * place) / scale;
    } else all.set(view.axis(chunk, axis).subarray(at % CHUNK, end - chunk * CHUNK), at - from);
    at = end;
  }
  if (to > tailStart) all.set(view.tail[axis].subarray(0, to - tailStart), tailStart - from);
  return all;
}

/** x on the straight line between the knots beside it. */
function onLine(index: AxisIndex, chunk: number, place: number): number {
  const k = Math.floor(place / COARSE);
  const knot = chunk * COARSE_PER_CHUNK + k;
  const isLast = k === COARSE_PER_CHUNK - 1;
  const next = isLast ? index.end[chunk]! : index.knots[knot + 1]!;
  const start = index.knots[knot]!;
  return start + ((next - start) * (place % COARSE)) / (isLast ? COARSE - 1 : COARSE);
}
