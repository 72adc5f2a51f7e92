/**
 * B15: the GPU's clock is held down in at least 20 % of the samples of 5 minutes (reference section B; NVML clock event reasons
 * HwSlowdown 0x8, SwThermal 0x20, HwThermal 0x40, PowerBrake 0x80). The power limit (SwPowerCap 0x4) is what large GPUs run at: a
 * remark, unless steps became 5 % slower.
 */
import type { Fault } from '../diagnosis.ts';
import type { GpuInput } from '../input.ts';
import { mean, median } from '../statistics.ts';
import { percent } from '../words.ts';
import type { View } from '../view.ts';
import { finiteFrom, gpuWords, newest, stepSeconds } from './gpu-window.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.9;
const WINDOW_S = 300;
const SHARE = 0.2;
const SLOWER = 1.05;

export const throttling: HealthRule = {
  id: 'B15',
  name: 'throttling',
  needs: 'GPU samples',
  check(view) {
    const gpus = view.run.machine ?? [];
    if (gpus.length === 0) return { notChecked: 'no GPU is known to work for this run' };
    const faults = gpus.map((gpu) => faultOf(gpu, view)).filter((fault) => fault !== null);
    return { faults: faults.sort((a, b) => Number(a.severity === 'info') - Number(b.severity === 'info')).slice(0, 1) };
  },
};

function faultOf(gpu: GpuInput, view: View): Fault | null {
  const from = newest(gpu, WINDOW_S);
  if (from === null) return null;
  const hot = shareOf(gpu.slowdown, from);
  const capped = shareOf(gpu.powerCap, from);
  const kind = hot >= SHARE ? 'hot' : capped >= SHARE ? 'capped' : null;
  if (kind === null) return null;
  const slower = slowing(view, gpu, from);
  const more = slower > SLOWER ? `; steps take ${percent(slower - 1)} longer than before` : '';
  const degrees = median(finiteFrom(gpu.temperature, from));
  const at = Number.isFinite(degrees) ? ` at ${Math.round(degrees)} C` : '';
  const text =
    kind === 'hot'
      ? `${gpuWords(gpu)} lowers its clock ${percent(hot)} of the time (heat, hardware or power brake)${at}${more}.`
      : `${gpuWords(gpu)} runs at its power limit ${percent(capped)} of the time${at}${more}.`;
  return {
    id: 'B15',
    name: throttling.name,
    severity: kind === 'hot' || slower > SLOWER ? 'warning' : 'info',
    at: { time: gpu.time[from] as number },
    text,
    remedies: kind === 'hot' ? ['cooling', 'power-limit'] : ['power-limit', 'cooling'],
    confidence: CONFIDENCE,
  };
}

/** Mean of a 0..1 column; 0 where it is not reported. */
function shareOf(column: Float64Array, from: number): number {
  const values = finiteFrom(column, from);
  return values.length > 0 ? mean(values) : 0;
}

/** Step time of the window relative to that before it; 1 where it cannot be said. */
function slowing(view: View, gpu: GpuInput, from: number): number {
  const start = gpu.time[from] as number;
  const before = stepSeconds(view, -Infinity, start);
  const now = stepSeconds(view, start, Infinity);
  return before !== null && now !== null ? now / before : 1;
}
