/** Train loss and other series brought to the evaluations: which train points belong to which eval. */
import { median } from './statistics.ts';
import type { Track } from './view.ts';

export type Axis = 'step' | 'epoch' | 'index';

/** The axis on which both series count: steps, else epochs, else the order of logging. */
export function sharedAxis(train: Track, val: Track): Axis {
  if (counted(train.step) && counted(val.step)) return 'step';
  if (counted(train.epoch) && counted(val.epoch)) return 'epoch';
  return 'index';
}

function counted(column: Float64Array): boolean {
  if (column.length === 0) return false;
  let finite = 0;
  for (const x of column) if (Number.isFinite(x)) finite += 1;
  return finite >= 0.9 * column.length;
}

/** Positions of a track on an axis; a missing one takes that of the point before. */
export function positions(track: Track, axis: Axis): Float64Array {
  if (axis === 'index') return Float64Array.from(track.value, (_, i) => i);
  const column = axis === 'step' ? track.step : track.epoch;
  let last = Number.NEGATIVE_INFINITY;
  return column.map((x) => (last = Number.isFinite(x) ? x : last));
}

/** Usual distance of neighbouring positions that differ; NaN with fewer than two. */
export function usualInterval(at: ArrayLike<number>): number {
  const gaps: number[] = [];
  for (let i = 1; i < at.length; i += 1) {
    const gap = (at[i] as number) - (at[i - 1] as number);
    if (gap > 0) gaps.push(gap);
  }
  return median(gaps);
}

/** Indexes at which positions go back: the run was resumed there. */
export function resumesOf(at: Float64Array): number[] {
  const resumes: number[] = [];
  for (let i = 1; i < at.length; i += 1) if ((at[i] as number) < (at[i - 1] as number)) resumes.push(i);
  return resumes;
}

export interface Means {
  /** Mean of the finite values of the interval that ends at each eval; NaN where there is none. */
  mean: Float64Array;
  points: Int32Array;
  /** Mean position of the interval's values on the axis, less half their usual window: where the mean stands. */
  centre: Float64Array;
}

export interface Pairing {
  /** Each value covers the steps since the one before (window and epoch means). */
  windowed: boolean;
  /** Points at an eval's own position belong to the next interval (nanoGPT logs the eval before that iteration). */
  openEnd: boolean;
}

/** Means of `values` over the intervals (at[i-1], at[i]] of the evals. A resumed run pairs within its segments, in order of arrival. */
export function intervalMeans(x: Float64Array, values: Float64Array, at: Float64Array, { windowed, openEnd }: Pairing): Means {
  const n = at.length;
  const mean = new Float64Array(n).fill(NaN);
  const centre = new Float64Array(n).fill(NaN);
  const points = new Int32Array(n);
  let j = 0;
  for (let i = 0; i < n; i += 1) {
    const end = at[i] as number;
    const nextGoesBack = i + 1 < n && (at[i + 1] as number) < end;
    let sum = 0;
    let weights = 0;
    let moment = 0;
    while (j < x.length) {
      const here = x[j] as number;
      const before = j > 0 ? (x[j - 1] as number) : NaN;
      if (openEnd ? here >= end : here > end) break;
      if (here < before && points[i] !== 0 && !nextGoesBack && i > 0 && here <= (at[i - 1] as number)) break;
      const value = values[j] as number;
      const weight = windowed && here > before ? here - before : 1;
      if (Number.isFinite(value)) {
        sum += value * weight;
        moment += (windowed && here > before ? (here + before) / 2 : here) * weight;
        weights += weight;
        points[i] = (points[i] as number) + 1;
      }
      j += 1;
    }
    if (weights > 0) {
      mean[i] = sum / weights;
      centre[i] = moment / weights;
    }
  }
  return { mean, points, centre };
}

/** Value of a track at each position: the one at it, or the last before it within `reach`; NaN where there is none. */
export function valuesAt(x: Float64Array, values: Float64Array, at: Float64Array, reach: number): Float64Array {
  const found = new Float64Array(at.length).fill(NaN);
  let j = 0;
  for (let i = 0; i < at.length; i += 1) {
    const here = at[i] as number;
    if (i > 0 && here < (at[i - 1] as number)) while (j < x.length && (x[j] as number) > here) j += 1;
    while (j < x.length && (x[j] as number) <= here) j += 1;
    const last = j - 1;
    if (last >= 0 && here - (x[last] as number) <= reach) found[i] = values[last] as number;
  }
  return found;
}
