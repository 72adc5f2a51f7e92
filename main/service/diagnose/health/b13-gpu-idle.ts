/**
 * B13: the GPU waits (reference section B; SageMaker Debugger LowGPUUtilization, CPUBottleneck, IOBottleneck): over 5 minutes its
 * 95th percentile is below 70 %, or it is above and the 5th below 10 %; starved if the cores are busy (> 90 %) or wait for input (>
 * 50 %) at those moments.
 */
import type { Fault } from '../diagnosis.ts';
import type { GpuInput } from '../input.ts';
import { median, quantile } from '../statistics.ts';
import { finiteFrom, gpuWords, newest, trainingBegan } from './gpu-window.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;
const WINDOW_S = 300;
/** Loading and compiling after the start are no waiting. */
const INIT_S = 120;
const LOW_TOP = 70;
const LOW_BOTTOM = 10;
const BUSY_CPU = 90;
const BUSY_IO = 50;
/** A moment counts as idle below this. */
const IDLE = 30;

export const gpuIdle: HealthRule = {
  id: 'B13',
  name: 'GPU waits',
  needs: 'GPU samples',
  check(view) {
    const gpus = view.run.machine ?? [];
    if (gpus.length === 0) return { notChecked: 'no GPU is known to work for this run' };
    const began = trainingBegan(view);
    const faults = gpus.map((gpu) => faultOf(gpu, began)).filter((fault) => fault !== null);
    return { faults: faults.slice(0, 1) };
  },
};

function faultOf(gpu: GpuInput, began: number | null): Fault | null {
  const from = newest(gpu, WINDOW_S);
  if (from === null) return null;
  const start = began ?? (gpu.time[0] as number);
  if ((gpu.time[from] as number) < start + INIT_S) return null;
  const util = finiteFrom(gpu.util, from);
  if (util.length < 5) return null;
  const [top, bottom] = [quantile(util, 0.95), quantile(util, 0.05)];
  if (top >= LOW_TOP && bottom >= LOW_BOTTOM) return null;
  const reason = reasonOf(gpu, from);
  const what =
    top < LOW_TOP
      ? `is busy at most ${Math.round(top)} % of the time (95th percentile of 5 minutes)`
      : `falls below ${LOW_BOTTOM} % again and again (5th percentile ${Math.round(bottom)} %)`;
  return {
    id: 'B13',
    name: reason ? 'GPU starved' : gpuIdle.name,
    severity: 'info',
    at: { time: gpu.time[from] as number },
    text: `${gpuWords(gpu)} ${what}${reason ?? ''}.`,
    remedies: ['more-workers', 'check-loader', 'larger-batch'],
    confidence: CONFIDENCE,
  };
}

/** What the machine does while the GPU is idle, null if nothing that explains it. */
function reasonOf(gpu: GpuInput, from: number): string | null {
  const idle: number[] = [];
  for (let i = from; i < gpu.util.length; i += 1) if ((gpu.util[i] as number) < Math.max(IDLE, LOW_BOTTOM)) idle.push(i);
  const at = idle.length > 0 ? idle : Array.from({ length: gpu.util.length - from }, (_, i) => from + i);
  const usual = (column: Float64Array): number => median(at.map((i) => column[i] as number).filter((value) => Number.isFinite(value)));
  const [cpu, io] = [usual(gpu.hostCpu), usual(gpu.hostIoWait)];
  if (io > BUSY_IO) return ` while the machine waits for storage or network ${Math.round(io)} % of the time`;
  return cpu > BUSY_CPU ? ` while the CPU is ${Math.round(cpu)} % busy` : null;
}
