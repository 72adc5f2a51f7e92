/** A machine's devices in words and stretches. */
import type { MachineView } from '../../preload/contract.ts';
import type { Stretch } from '../charts/spec.ts';

export type Device = MachineView['devices'][number];

/** "GPU 0 · RTX 4090": the vendor's long name without what every card says. */
export function deviceTitle(device: Device, index: number): string {
  return `GPU ${index} · ${device.name.replace(/^NVIDIA (GeForce )?/, '').trim()}`;
}

/** Newest value of a column; null if there is none. */
export function lastOf(device: Device, column: string): number | null {
  const values = device.values[column] ?? [];
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/**
 * Stretches of an axis in which the driver reported a thermal or power-brake slowdown for more than half of the time, or in which no
 * kernel ran for at least three samples. `x` are the places of the samples.
 */
export function stretchesOf(device: Device, x: readonly number[], words: { throttled: string; idle: string }): Stretch[] {
  const slowdown = device.values['slowdown'] ?? [];
  const util = device.values['util'] ?? [];
  return [
    ...stretches(x, (i) => (slowdown[i] ?? 0) > 0.5, 1).map((part) => ({ ...part, label: words.throttled, colour: 'bad' })),
    ...stretches(x, (i) => (util[i] ?? 100) < 5, 3).map((part) => ({ ...part, label: words.idle, colour: 'ink-3' })),
  ];
}

function stretches(x: readonly number[], holds: (i: number) => boolean, least: number): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = [];
  let begin = -1;
  for (let i = 0; i <= x.length; i++) {
    const here = i < x.length && Number.isFinite(x[i]) && holds(i);
    if (here && begin < 0) begin = i;
    if (here || begin < 0) continue;
    if (i - begin >= least) out.push({ from: x[begin] as number, to: x[Math.min(i, x.length - 1)] as number });
    begin = -1;
  }
  return out;
}
