import { doubleSoftmaxFloor } from '../constants.ts';
import { mean, ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { accuracyAgrees, base, configOn, dataByProbe, fitsWithin, initialAgrees, missesBeyond } from './terms.ts';

const NEAR = 0.97;

/** The side that is stuck at F(K) while the other goes on; null if none is. */
export function stuckSide({ init, trainMin, valMin }: Case): { side: 'Train' | 'Validation'; at: number; floor: number } | null {
  if (init.classes === null || trainMin === null || valMin === null) return null;
  const floor = doubleSoftmaxFloor(init.classes);
  if (trainMin >= NEAR * floor && valMin < NEAR * floor) return { side: 'Train', at: trainMin, floor };
  if (valMin >= NEAR * floor && trainMin < NEAR * floor) return { side: 'Validation', at: valMin, floor };
  return null;
}

/**
 * How far a side's losses lie from F(K) + 1 - accuracy, which two softmaxes give: mean of |ln| over the later half of the evals.
 * (loss = ln(sum exp p) - p_y, and the mean of p_y is about the accuracy.) null without that side's accuracy.
 */
function levelError({ init, view, gap }: Case, side: 'Train' | 'Validation'): number | null {
  if (init.classes === null) return null;
  const losses = side === 'Train' ? gap.lag.raw : gap.val;
  const accuracies = side === 'Train' ? view.evals.trainAccuracy : view.evals.valAccuracy;
  const floor = doubleSoftmaxFloor(init.classes);
  const errors: number[] = [];
  for (let i = Math.floor(losses.length / 2); i < losses.length; i += 1) {
    const error = Math.abs(Math.log((losses[i] as number) / (floor + 1 - (accuracies[i] as number))));
    if (Number.isFinite(error)) errors.push(error);
  }
  return errors.length > 0 ? mean(errors) : null;
}

function levelOf(of: Case): number | null {
  const stuck = stuckSide(of);
  return stuck ? levelError(of, stuck.side) : null;
}

/** Softmax applied twice on one side (ultralytics #20014). */
export const doubleSoftmax: Cause = {
  id: 'O5',
  name: 'softmax applied twice',
  family: 'objective',
  verdict: 'bug',
  direction: 'both',
  keys: [
    { names: ['output_activation', 'final_activation', 'last_activation', 'head_activation'], strength: (value) => (typeof value === 'string' && /softmax/i.test(value) ? 1 : 0) },
    { names: ['from_logits'], strength: (value) => (value === false ? 0.3 : 0) },
  ],
  terms: [
    base(-2),
    initialAgrees(1),
    accuracyAgrees(1),
    { id: 'stuck', weight: 3.5, value: (of) => { const stuck = stuckSide(of); return stuck ? 1 - ramp(stuck.at / stuck.floor, 1.1, 1.4) : 0; } },
    { id: 'level-fits', weight: 2, value: (of) => fitsWithin(levelOf(of), 0.06, 0.15) },
    { id: 'level-misses', weight: -3, value: (of) => missesBeyond(levelOf(of), 0.08, 0.2) },
    { id: 'passes', weight: -3.5, value: (of) => (of.init.classes !== null && !stuckSide(of) ? 1 : 0) },
    { id: 'no-classes', weight: -2, value: (of) => (of.init.classes === null ? 1 : 0) },
    configOn(2.5),
    dataByProbe(-3),
  ],
  unique: (of) => {
    const stuck = stuckSide(of);
    const error = levelOf(of);
    return stuck !== null && (error !== null ? error < 0.06 : stuck.at < 1.1 * stuck.floor);
  },
  evidence: (of) => {
    const stuck = stuckSide(of);
    const said = stuck && of.init.classes !== null ? [`${stuck.side} loss never goes below ${figure(stuck.at)}; applying softmax twice with ${of.init.classes} classes cannot go below ${figure(stuck.floor)}.`] : [];
    if (of.config.state === 'on' && of.config.setting) said.push(`${of.config.setting.key}=${shown(of.config.setting.value)} together with cross-entropy, which applies softmax itself.`);
    return said;
  },
  against: (of) => {
    if (of.init.classes === null) return ['The number of classes is unknown, so the level it would be stuck at is too.'];
    return stuckSide(of) || of.trainMin === null ? [] : [`Train loss reaches ${figure(of.trainMin)}, past the level of ${figure(doubleSoftmaxFloor(of.init.classes))} where two softmaxes would stop it.`];
  },
  confirm: 'Compute the loss of one batch with both loss functions.',
  remedies: ['feed-logits', 'same-loss'],
};
