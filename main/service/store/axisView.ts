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
  /**
   * The first index in [low, high), a part of one segment, whose x is at least (`beyond`: greater than) `x`; `high` if none is.
   * `guess`: where it may well be, or beside it.
   */
  search(x: number, low: number, high: number, beyond?: boolean, guess?: number): number;
}

/** The points of a series along an axis. `tolerance`: how far an x may be off where reading the chunk can be saved so; 0 for none. */
export function axisView(view: SeriesView, axis: ReadRange['axis'], tolerance: number): AxisView {
  return axis === 'index' ? new IndexAxis() : new LoggedAxisView(view, axis, tolerance);
}

class IndexAxis implements AxisView {
  x(index: number): number {
    return index;
  }

  between(from: number, to: number): Float64Array {
    return Float64Array.from({ length: to - from }, (_, i) => from + i);
  }

  search(x: number, low: number, high: number, beyond = false): number {
    return Math.min(high, Math.max(low, beyond ? Math.floor(x) + 1 : Math.ceil(x)));
  }
}

class LoggedAxisView implements AxisView {
  #view: SeriesView;
  #axis: LoggedAxis;
  #tolerance: number;
  #index: AxisIndex;
  #tailStart: number;
  #tail: Float64Array;
  /** The even chunk that was asked for last. */
  #lined = -1;
  #line: Line = { first: 0, delta: 0 };

  constructor(view: SeriesView, axis: LoggedAxis, tolerance: number) {
    this.#view = view;
    this.#axis = axis;
    this.#tolerance = tolerance;
    this.#index = view.index.axes[FLAGS[axis].place]!;
    this.#tailStart = view.tailStart;
    this.#tail = view.tail[axis];
  }

  x(at: number): number {
    if (at >= this.#tailStart) return this.#tail[at - this.#tailStart]!;
    const index = this.#index;
    const chunk = Math.floor(at / CHUNK);
    const place = at - chunk * CHUNK;
    const scale = index.even[chunk]!;
    if (scale > 0) {
      if (chunk !== this.#lined) {
        this.#line = lineOf(index, chunk, scale);
        this.#lined = chunk;
      }
      const whole = this.#line.first + this.#line.delta * place;
      return scale === 1 ? whole : whole / scale;
    }
    if (place % COARSE === 0) return index.knots[at / COARSE]!;
    return index.bend[chunk]! <= this.#tolerance ? onLine(index, chunk, place) : this.#view.axis(chunk, this.#axis)[place]!;
  }

  search(wanted: number, low: number, high: number, beyond = false, guess = -1): number {
    if (guess > low && guess + 1 < high) {
      const isEarly = isBefore(this.x(guess), wanted, beyond);
      if (isEarly !== isBefore(this.x(isEarly ? guess + 1 : guess - 1), wanted, beyond)) return isEarly ? guess + 1 : guess;
    }
    return this.#searchAll(wanted, low, high, beyond);
  }

  #searchAll(wanted: number, low: number, high: number, beyond: boolean): number {
    const { knots } = this.#index;
    // First over the knots, which are in memory: in leaps that double, since the place is mostly near `low`.
    const nearest = Math.ceil(low / COARSE);
    const last = Math.ceil(Math.min(high, this.#tailStart) / COARSE);
    let first = nearest;
    let end = last;
    for (let leap = 1; first + leap < end && isBefore(knots[first + leap]!, wanted, beyond); leap *= 2) first += leap;
    while (first < end) {
      const middle = (first + end) >>> 1;
      if (isBefore(knots[middle]!, wanted, beyond)) first = middle + 1;
      else end = middle;
    }
    let from = first > nearest ? (first - 1) * COARSE + 1 : low;
    let to = first < last ? first * COARSE : high;
    // Then between two knots, beginning where a straight line would have it: mostly the place itself.
    if (first > 0 && first < last) {
      const before = knots[first - 1]!;
      const guess = Math.ceil((first - 1 + (wanted - before) / (knots[first]! - before)) * COARSE);
      if (guess > from && guess < to) {
        if (!isBefore(this.x(guess - 1), wanted, beyond)) to = guess - 1;
        else if (isBefore(this.x(guess), wanted, beyond)) from = guess + 1;
        else return guess;
      }
    }
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBefore(this.x(middle), wanted, beyond)) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  between(from: number, to: number): Float64Array {
    return axisBetween(this.#view, this.#axis, from, to);
  }
}

function isBefore(found: number, wanted: number, beyond: boolean): boolean {
  return beyond ? found <= wanted : found < wanted;
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
