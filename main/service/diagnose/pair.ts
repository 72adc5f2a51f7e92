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
}

export interface Pairing {
  /** Each value covers the steps since the one before (window and epoch means). */
  windowed: boolean;
  /** Points at an eval's own position belong to the next interval (nanoGPT logs the eval before that iteration). */
  openEnd: boolean;
}

/**
 * Means of `values` over the intervals (at[i-1], at[i]] of the evals. Where the run was resumed, the stretches of both series are paired in
 * their order, so that no mean crosses a resume; points that were logged twice between two evals count twice.
 */
export function intervalMeans(x: Float64Array, values: Float64Array, at: Float64Array, pairing: Pairing): Means {
  const means: Means = { mean: new Float64Array(at.length).fill(NaN), points: new Int32Array(at.length) };
  const evalStretches = stretches(at);
  const trainStretches = stretches(x);
  const alike = trainStretches.length === evalStretches.length;
  const ordered = alike ? null : ascending(x);
  evalStretches.forEach(([from, to], k) => {
    const [first, last] = (alike ? trainStretches[k] : undefined) ?? [0, x.length];
    fillMeans(means, { x, values, at, pairing, ordered }, [from, to], [first, last]);
  });
  return means;
}

/** Ranges [from, to) in which positions do not go back. */
function stretches(at: Float64Array): [number, number][] {
  const starts = [0, ...resumesOf(at)];
  return starts.map((start, k) => [start, starts[k + 1] ?? at.length]);
}

/** Indexes by position; equal positions in their order. */
function ascending(x: Float64Array): Int32Array {
  return Int32Array.from(x.keys()).sort((a, b) => (x[a] as number) - (x[b] as number) || a - b);
}

interface Sides {
  x: Float64Array;
  values: Float64Array;
  at: Float64Array;
  pairing: Pairing;
  /** Order in which train points are taken; null when they ascend. */
  ordered: Int32Array | null;
}

function fillMeans(
  means: Means,
  { x, values, at, pairing, ordered }: Sides,
  [from, to]: [number, number],
  [first, last]: [number, number],
): void {
  let j = first;
  let before = NaN;
  for (let i = from; i < to; i += 1) {
    const end = at[i] as number;
    let sum = 0;
    let weights = 0;
    while (j < last) {
      const k = ordered ? (ordered[j] as number) : j;
      const here = x[k] as number;
      if (pairing.openEnd ? here >= end : here > end) break;
      const value = values[k] as number;
      const weight = pairing.windowed && here > before ? here - before : 1;
      if (Number.isFinite(value)) {
        sum += value * weight;
        weights += weight;
        means.points[i] = (means.points[i] as number) + 1;
      }
      before = here;
      j += 1;
    }
    if (weights > 0) means.mean[i] = sum / weights;
  }
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
