/**
 * B4: the loss has stopped improving (reference section B; Keras ReduceLROnPlateau): over a window of max(10 evals, 10 % of the plan) the
 * median of the last third improves by less than 0.5 % on the third before, and the mean change from eval to eval cannot be told from 0.
 */
import type { Fault } from '../diagnosis.ts';
import { intervalFrom } from '../detector.ts';
import { median } from '../statistics.ts';
import { percent } from '../words.ts';
import type { View } from '../view.ts';
import { placeOfEval, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;
const FEWEST = 10;
const SHARE_OF_PLAN = 0.1;
const LEAST_GAIN = 0.005;
/** More than this upwards is no plateau but a rise: B5 speaks of that. */
const MOST_RISE = 0.02;
/** Below this share of its peak the learning rate is meant to have ended the run. */
const LOW_RATE = 0.05;
const LEVEL = 0.025;

export const plateau: HealthRule = {
  id: 'B4',
  name: 'plateau',
  needs: 'evaluations',
  check(view) {
    const { evals } = view;
    const window = Math.max(FEWEST, Math.round(SHARE_OF_PLAN * (view.plan.evals ?? 0)));
    if (evals.count < window) return { notChecked: `not enough evals yet (${evals.count} of ${window})` };
    if (rateHasFallen(view, window)) return { faults: [] };
    const values = Array.from(evals.val.subarray(evals.count - window)).filter((value) => Number.isFinite(value));
    if (values.length < window) return { faults: [] };
    const gain = gainOf(values);
    const flat = gain < LEAST_GAIN && gain > -MOST_RISE && changesNothing(values);
    return { faults: flat ? [fault(view, gain, window)] : [] };
  },
};

/** Improvement of the last third on the one before, relative to it. */
function gainOf(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  const before = median(values.slice(-2 * third, -third));
  return (before - median(values.slice(-third))) / Math.abs(before);
}

function changesNothing(values: readonly number[]): boolean {
  const changes = values.slice(1).map((value, i) => value - (values[i] as number));
  const { low, high } = intervalFrom(changes, 0, LEVEL);
  return low <= 0 && high >= 0;
}

/** True at the end of a schedule; a rate of exactly 0 through the whole window is no schedule but lost time. */
function rateHasFallen({ evals }: View, window: number): boolean {
  let peak = 0;
  for (const lr of evals.lr) if (lr > peak) peak = lr;
  const spent = evals.lr.subarray(evals.count - window).every((lr) => lr === 0);
  return !spent && (evals.lr.at(-1) ?? NaN) < LOW_RATE * peak;
}

function fault(view: View, gain: number, window: number): Fault {
  const { evals } = view;
  const last = evals.count - 1;
  const change = Math.abs(gain) < 5e-4 ? 'did not improve' : gain > 0 ? `improved ${percent(gain)}` : `rose ${percent(-gain)}`;
  return {
    id: 'B4',
    name: plateau.name,
    severity: 'info',
    at: placeOfEval(evals, last - window + 1),
    text: `Validation loss ${change} in the last ${window} evals${rateWords(evals.lr[last])}.`,
    remedies: ['lr-schedule', 'stop-run', 'early-stopping'],
    confidence: CONFIDENCE,
  };
}
