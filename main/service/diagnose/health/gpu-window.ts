/** The newest minutes of a GPU's samples, and how long steps took in them: what B13 to B15 read. */
import type { GpuInput } from '../input.ts';
import { median } from '../statistics.ts';
import type { View } from '../view.ts';

/** Samples further apart than this leave no picture of the time between. Seconds. */
const WIDEST = 60;

/** "GPU 0 (NVIDIA H100)". */
export function gpuWords({ index, name, device }: GpuInput): string {
  return `GPU ${index ?? device} (${name})`;
}

/** Index of the first sample of the newest `seconds`, or null if the samples do not cover them closely enough. */
export function newest({ time }: GpuInput, seconds: number): number | null {
  const end = time.at(-1);
  if (end === undefined) return null;
  const from = time.findIndex((t) => t >= end - seconds);
  const covered = end - (time[from] as number);
  if (covered < 0.9 * seconds || (time.length - from) * WIDEST < seconds) return null;
  return from;
}

/** Finite values of a column from an index on. */
export function finiteFrom(column: Float64Array, from: number): number[] {
  return Array.from(column.subarray(from)).filter((value) => Number.isFinite(value));
}

/** When training began: time of the first logged step, null if no times are logged. */
export function trainingBegan({ steps }: View): number | null {
  return steps.time.find((t) => Number.isFinite(t)) ?? null;
}

/** Median seconds per step between two times, null with fewer than 10 steps that have times. */
export function stepSeconds({ steps }: View, from: number, to: number): number | null {
  const found: number[] = [];
  for (let i = 1; i < steps.time.length; i += 1) {
    const [before, here] = [steps.time[i - 1] as number, steps.time[i] as number];
    const count = (steps.step[i] as number) - (steps.step[i - 1] as number);
    if (before >= from && here <= to && count > 0) found.push((here - before) / count);
  }
  return found.length >= 10 ? median(found) : null;
}
