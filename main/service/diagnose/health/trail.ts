/** Trailing summaries: the value at i uses the values up to i and nothing later, so that a replay gives what a batch gives. */
import { median } from '../statistics.ts';
import type { View } from '../view.ts';

/** The last `width` values in ascending order, kept so as they slide by. */
export interface SlidingWindow {
  push(value: number): void;
  clear(): void;
  /** Number of values in it, at most `width`. */
  count(): number;
  /** Middle and highest value; NaN while it is empty. */
  median(): number;
  highest(): number;
  /** A copy, ascending. */
  values(): Float64Array;
}

/** A window without values. Each step moves only what lies between the leaving and the arriving value. */
export function slidingWindow(width: number): SlidingWindow {
  const sorted = new Float64Array(width);
  const arrived = new Float64Array(width);
  let n = 0;
  let next = 0;

  function placeOf(value: number): number {
    let low = 0;
    let high = n;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    push(value) {
      const to = placeOf(value);
      const from = n < width ? n : placeOf(arrived[next] as number);
      if (n < width) n += 1;
      if (from < to) {
        sorted.copyWithin(from, from + 1, to);
        sorted[to - 1] = value;
      } else {
        sorted.copyWithin(to + 1, to, from);
        sorted[to] = value;
      }
      arrived[next] = value;
      next = (next + 1) % width;
    },
    clear() {
      n = 0;
      next = 0;
    },
    count: () => n,
    median: () => (n === 0 ? NaN : ((sorted[(n - 1) >> 1] as number) + (sorted[n >> 1] as number)) / 2),
    highest: () => (n === 0 ? NaN : (sorted[n - 1] as number)),
    values: () => sorted.slice(0, n),
  };
}

/** Median of the last `width` finite values at each point (fewer at the start); NaN before the first. */
export function trailingMedian(values: Float64Array, width: number): Float64Array {
  const window = slidingWindow(width);
  return values.map((value) => {
    if (Number.isFinite(value)) window.push(value);
    return window.median();
  });
}

/** Exponential mean with factor `beta`, corrected for its start; non-finite values are passed over. */
export function exponentialMean(values: ArrayLike<number>, beta: number): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (Number.isFinite(value)) {
      sum = beta * sum + (1 - beta) * value;
      weight = beta * weight + (1 - beta);
    }
    out[i] = weight > 0 ? sum / weight : NaN;
  }
  return out;
}

/** Lowest value so far and where it was, at each point; NaN and -1 before the first finite one. */
export function lowestSoFar(values: Float64Array): { value: Float64Array; at: Int32Array } {
  const value = new Float64Array(values.length);
  const at = new Int32Array(values.length);
  let low = Infinity;
  let lowAt = -1;
  for (let i = 0; i < values.length; i += 1) {
    if ((values[i] as number) < low) {
      low = values[i] as number;
      lowAt = i;
    }
    value[i] = lowAt < 0 ? NaN : low;
    at[i] = lowAt;
  }
  return { value, at };
}

const FIRST_POINTS = 5;

/** L0: the train loss at the start, as the median of the first few points so that one lucky batch does not count. NaN without any. */
export function startLevel(view: View): number {
  const first: number[] = [];
  const coarse = view.steps.value.length < 4 * view.evals.count || view.steps.meaning === 'epoch-mean';
  for (const value of view.steps.value) {
    if (Number.isFinite(value)) first.push(value);
    if (first.length === (coarse ? 1 : FIRST_POINTS)) break;
  }
  return median(first);
}
