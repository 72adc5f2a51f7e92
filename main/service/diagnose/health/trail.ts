/** Trailing summaries: the value at i uses the values up to i and nothing later, so that a replay gives what a batch gives. */
import { median } from '../statistics.ts';
import type { View } from '../view.ts';

/** Median of the last `width` finite values at each point (fewer at the start); NaN before the first. Linear in time for small widths. */
export function trailingMedian(values: Float64Array, width: number): Float64Array {
  const out = new Float64Array(values.length);
  const sorted: number[] = [];
  const order: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (Number.isFinite(value)) {
      if (order.length === width) sorted.splice(placeIn(sorted, order.shift() as number), 1);
      sorted.splice(placeIn(sorted, value), 0, value);
      order.push(value);
    }
    out[i] = middle(sorted);
  }
  return out;
}

/** First index at which `value` could stand in an ascending list. */
export function placeIn(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const at = (low + high) >>> 1;
    if ((sorted[at] as number) < value) low = at + 1;
    else high = at;
  }
  return low;
}

/** Middle of an ascending list, NaN if it is empty. */
export function middle(sorted: readonly number[]): number {
  const half = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
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
