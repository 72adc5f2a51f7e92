/**
 * B14: GPU memory grows (reference section B; SageMaker Debugger GPUMemoryIncrease): Theil-Sen slope over at least 30 minutes above
 * zero with 80 % of the pairs rising, and full within an hour at that pace; growth by 5 points of the memory without that is a
 * remark.
 */
import type { Fault } from '../diagnosis.ts';
import type { GpuInput } from '../input.ts';
import { mean, median } from '../statistics.ts';
import { figure } from '../words.ts';
import type { View } from '../view.ts';
import { span } from './b11-stalled.ts';
import { gpuWords, newest, stepSeconds, trainingBegan } from './gpu-window.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.7;
const WINDOW_S = 1800;
/** Allocators fill their caches first. */
const INIT_S = 300;
const BUCKETS = 60;
const CONCORDANT = 0.8;
const FULL_WITHIN_S = 3600;
const POINTS = 0.05;
/** Growth below this share of the memory in the window is breathing. */
const LEAST = 0.01;

export const gpuMemory: HealthRule = {
  id: 'B14',
  name: 'GPU memory grows',
  needs: 'GPU samples',
  check(view) {
    const gpus = view.run.machine ?? [];
    if (gpus.length === 0) return { notChecked: 'no GPU is known to work for this run' };
    const faults = gpus.map((gpu) => faultOf(gpu, view)).filter((fault) => fault !== null);
    return { faults: faults.slice(0, 1) };
  },
};

function faultOf(gpu: GpuInput, view: View): Fault | null {
  const from = newest(gpu, WINDOW_S);
  const total = gpu.memoryTotal;
  if (from === null || total === null) return null;
  if ((gpu.time[from] as number) < (trainingBegan(view) ?? (gpu.time[0] as number)) + INIT_S) return null;
  const { time, used } = thinned(gpu, from);
  if (time.length < BUCKETS / 2) return null;
  const { slope, rising } = theilSen(time, used);
  const growth = slope * WINDOW_S;
  const left = (total - (used.at(-1) as number)) / slope;
  if (!(slope > 0) || rising < CONCORDANT || growth < LEAST * total) return null;
  const soon = left < FULL_WITHIN_S;
  if (!soon && growth < POINTS * total) return null;
  const seconds = stepSeconds(view, time[0] as number, time.at(-1) as number);
  const pace = seconds === null ? `${mib(slope * 60)} MiB a minute` : `${mib(slope * seconds * 1000)} MiB per 1000 steps`;
  return {
    id: 'B14',
    name: gpuMemory.name,
    severity: soon ? 'warning' : 'info',
    at: { time: time[0] as number },
    text: `Memory of ${gpuWords(gpu)} grows by ${pace} and will be full in ${span(left)} at this pace.`,
    remedies: ['detach-losses'],
    confidence: CONFIDENCE,
  };
}

function mib(bytes: number): string {
  return figure(bytes / 2 ** 20);
}

/** Means of equal stretches of time, so that pairs stay few. */
function thinned(gpu: GpuInput, from: number): { time: number[]; used: number[] } {
  const start = gpu.time[from] as number;
  const width = ((gpu.time.at(-1) as number) - start) / BUCKETS;
  const buckets = Array.from({ length: BUCKETS }, () => [] as number[]);
  for (let i = from; i < gpu.time.length; i += 1) {
    const value = gpu.memoryUsed[i] as number;
    const at = Math.min(BUCKETS - 1, Math.floor(((gpu.time[i] as number) - start) / width));
    if (Number.isFinite(value)) buckets[at]?.push(value);
  }
  const filled = buckets.map((values, i) => ({ time: start + (i + 0.5) * width, values })).filter(({ values }) => values.length > 0);
  return { time: filled.map(({ time }) => time), used: filled.map(({ values }) => mean(values)) };
}

/** Median slope of all pairs, and the share of pairs that rise. */
function theilSen(x: readonly number[], y: readonly number[]): { slope: number; rising: number } {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i += 1) {
    for (let j = i + 1; j < x.length; j += 1) slopes.push(((y[j] as number) - (y[i] as number)) / ((x[j] as number) - (x[i] as number)));
  }
  return { slope: median(slopes), rising: slopes.filter((slope) => slope > 0).length / slopes.length };
}
