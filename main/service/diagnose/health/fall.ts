/** A loss that comes down steadily but hardly: what B9 reports and what keeps B7 from calling it stuck. */
import { fitLine } from '../statistics.ts';
import type { View } from '../view.ts';
import { startLevel } from './trail.ts';

const FEWEST = 6;
/** The first few epochs of a quick small run can look slow. */
const FEWEST_STEADY = 10;
/** Slope in units of its standard error. */
const SIGNAL = 5;
const LESS_PER_EPOCH = 0.01;
const NEAR_START = 0.8;
/** Falls below this share per epoch are rounding. */
const SMALLEST = 1e-6;
/** Pace of the newer half relative to the older: a curve that levels off has had its rate, one that gathers speed has just begun. */
const STEADY: readonly [number, number] = [0.5, 1.6];

export interface Fall {
  which: 'train' | 'validation';
  /** Relative fall per epoch (per eval where epochs are unknown). */
  perEpoch: number;
  perEval: boolean;
  /** Relative to the level at the start. */
  level: number;
}

export const fewestForFall = FEWEST_STEADY;

/**
 * The steady fall of all evals, or null: slope more than 5 standard errors below zero, less than 1 % per epoch, not levelling off,
 * and the loss still above 0.8 of its start (reference section B, rule B9). Validation is read where single batches make the train
 * loss too noisy.
 */
export function steadyFall(view: View): Fall | null {
  const { evals } = view;
  if (evals.count < FEWEST_STEADY) return null;
  const epochs = epochsPerEval(view);
  const before = startLevel(view);
  // The first eval may come after the fastest learning: without V0 validation is held against the first train losses too.
  const start = { train: before, validation: view.initialVal ?? Math.max(evals.val[0] as number, before || 0) };
  for (const which of ['train', 'validation'] as const) {
    const fall = fallOf(which === 'train' ? evals.train : evals.val);
    if (!fall || fall.signal < SIGNAL || !fall.steady) continue;
    const perEpoch = fall.perEval / (epochs ?? 1);
    const level = fall.level / start[which];
    if (perEpoch > SMALLEST && perEpoch < LESS_PER_EPOCH && level > NEAR_START) return { which, perEpoch, perEval: epochs === null, level };
  }
  return null;
}

/** True if either loss comes down clearly over the newer half of the evals, at whatever pace. */
export function isFalling({ evals }: View): boolean {
  const from = Math.min(evals.count - FEWEST, Math.floor(evals.count / 2));
  return [evals.train, evals.val].some((values) => (fallOf(values.subarray(Math.max(0, from)))?.signal ?? 0) > SIGNAL);
}

interface Measured {
  perEval: number;
  signal: number;
  level: number;
  steady: boolean;
}

function fallOf(values: Float64Array): Measured | null {
  const known = Array.from(values).filter((value) => Number.isFinite(value));
  const n = known.length;
  if (n < FEWEST) return null;
  const time = known.map((_, i) => i);
  const line = fitLine(time, known);
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += ((known[i] as number) - line.intercept - line.slope * i) ** 2;
  const error = Math.sqrt(squares / (n - 2) / ((n * (n * n - 1)) / 12));
  const level = line.intercept + line.slope * (n - 1);
  const half = Math.ceil(n / 2);
  const older = fitLine(time.slice(0, half), known.slice(0, half)).slope;
  const newer = fitLine(time.slice(-half), known.slice(-half)).slope;
  const signal = -line.slope / Math.max(error, 1e-12 * Math.abs(level));
  return { perEval: -line.slope / level, signal, level, steady: isSteady(newer / older) };
}

function isSteady(ratio: number): boolean {
  return ratio >= STEADY[0] && ratio <= STEADY[1];
}

/** Epochs between two evals, null if epochs are not logged. */
function epochsPerEval({ evals }: View): number | null {
  const first = evals.epoch[0] ?? NaN;
  const last = evals.epoch.at(-1) ?? NaN;
  const span = (last - first) / (evals.count - 1);
  return span > 0 ? span : null;
}
