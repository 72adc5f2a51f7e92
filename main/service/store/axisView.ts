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

export interface AxisView {
  x(index: number): number;
  /** The first index in [low, high), a part of one segment, whose x is at least (`beyond`: greater than) `x`; `high` if none is. */
  search(x: number, low: number, high: number, beyond?: boolean): number;
}

/** `tolerance`: how far an x may be off where reading the chunk can be saved so; 0 for none. */
export function axisView(view: SeriesView, axis: ReadRange['axis'], tolerance: number): AxisView {
  if (axis === 'index') return { x: (index) => index, search: searchIndex };
  const index = view.index.axes[FLAGS[axis].place]!;
  const { tailStart, tail } = view;
  const x = (at: number): number => {
    if (at >= tailStart) return tail[axis][at - tailStart]!;
    const chunk = Math.floor(at / CHUNK);
    const place = at % CHUNK;
    const scale = index.even[chunk]!;
    if (scale > 0) return onLine(index, chunk, place, scale);
    if (place % COARSE === 0) return index.knots[at / COARSE]!;
    return index.bend[chunk]! <= tolerance ? between(index, chunk, place) : view.column(chunk, axis)[place]!;
  };
  const search = (wanted: number, low: number, high: number, beyond = false): number => {
    let [from, to] = [low, high];
    // First over the knots, which are in memory, and only then inside the stretch between two of them.
    let first = Math.ceil(low / COARSE);
    let end = Math.max(first, Math.ceil(Math.min(high, tailStart) / COARSE));
    while (first < end) {
      const middle = (first + end) >>> 1;
      const knot = index.knots[middle]!;
      if (beyond ? knot <= wanted : knot < wanted) {
        from = middle * COARSE + 1;
        first = middle + 1;
      } else {
        to = middle * COARSE;
        end = middle;
      }
    }
    while (from < to) {
      const middle = (from + to) >>> 1;
      const found = x(middle);
      if (beyond ? found <= wanted : found < wanted) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return { x, search };
}

function searchIndex(x: number, low: number, high: number, beyond = false): number {
  return Math.min(high, Math.max(low, beyond ? Math.floor(x) + 1 : Math.ceil(x)));
}

/** x in a chunk whose neighbours are all the same whole number of 1 / scale apart: exact. */
function onLine(index: AxisIndex, chunk: number, place: number, scale: number): number {
  const first = Math.round(index.knots[chunk * COARSE_PER_CHUNK]! * scale);
  const last = Math.round(index.end[chunk]! * scale);
  return (first + ((last - first) / (CHUNK - 1)) * place) / scale;
}

/** x on the straight line between the knots beside it. */
function between(index: AxisIndex, chunk: number, place: number): number {
  const k = Math.floor(place / COARSE);
  const knot = chunk * COARSE_PER_CHUNK + k;
  const isLast = k === COARSE_PER_CHUNK - 1;
  const next = isLast ? index.end[chunk]! : index.knots[knot + 1]!;
  const start = index.knots[knot]!;
  return start + ((next - start) * (place % COARSE)) / (isLast ? COARSE - 1 : COARSE);
}
