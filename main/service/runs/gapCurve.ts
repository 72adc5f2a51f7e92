/** The gap of a run with very many evals, cut down to what can be drawn: it is stored and sent to the window with every diagnosis. */
import type { Diagnosis } from '../diagnose/diagnosis.ts';

type GapCurve = Diagnosis['gap']['curve'];

/** More evals than twice the pixels of a wide screen show nothing more. */
const MOST = 4000;

/**
 * The diagnosis with at most `most` places of its gap: the lowest and the highest of equal stretches, the first and the newest. As it is
 * where it has no more; indexes of evals in findings count all of them.
 */
export function withShortGap(diagnosis: Diagnosis, most = MOST): Diagnosis {
  const { curve } = diagnosis.gap;
  if (curve.d.length <= most) return diagnosis;
  const kept = extremesOf(curve.d, Math.floor(most / 2) - 1);
  const pick = <T>(column: readonly T[]): T[] => kept.map((at) => column[at] as T);
  const short: GapCurve = {
    step: pick(curve.step),
    epoch: pick(curve.epoch),
    time: pick(curve.time),
    d: pick(curve.d),
    low: pick(curve.low),
    high: pick(curve.high),
    provisional: curve.provisional,
  };
  return { ...diagnosis, gap: { ...diagnosis.gap, curve: short } };
}

/** Ascending indexes of the lowest and the highest finite value of each of `stretches` equal stretches, and of both ends. */
function extremesOf(values: readonly number[], stretches: number): number[] {
  const kept = new Set([0, values.length - 1]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((stretch * values.length) / stretches);
    const to = Math.floor(((stretch + 1) * values.length) / stretches);
    let low = -1;
    let high = -1;
    for (let at = from; at < to; at += 1) {
      const value = values[at] as number;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < (values[low] as number)) low = at;
      if (high < 0 || value > (values[high] as number)) high = at;
    }
    if (low >= 0) kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}
