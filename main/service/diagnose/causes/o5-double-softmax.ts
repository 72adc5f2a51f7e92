import { doubleSoftmaxFloor } from '../constants.ts';
import { figure, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { accuracyAgrees, base, configOn, dataByProbe, initialAgrees } from './terms.ts';

const NEAR = 0.97;

/** The side that is stuck at F(K) while the other goes on; null if none is. */
export function stuckSide({ view, trainMin, valMin }: Case): { side: 'Train' | 'Validation'; at: number; floor: number } | null {
  if (view.classes === null || trainMin === null || valMin === null) return null;
  const floor = doubleSoftmaxFloor(view.classes);
  if (trainMin >= NEAR * floor && valMin < NEAR * floor) return { side: 'Train', at: trainMin, floor };
  if (valMin >= NEAR * floor && trainMin < NEAR * floor) return { side: 'Validation', at: valMin, floor };
  return null;
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
    { id: 'stuck', weight: 3.5, value: (of) => (stuckSide(of) ? 1 : 0) },
    { id: 'passes', weight: -3.5, value: (of) => (of.view.classes !== null && !stuckSide(of) ? 1 : 0) },
    { id: 'no-classes', weight: -2, value: (of) => (of.view.classes === null ? 1 : 0) },
    configOn(2.5),
    dataByProbe(-3),
  ],
  unique: (of) => {
    const stuck = stuckSide(of);
    return stuck !== null && stuck.at < 1.1 * stuck.floor;
  },
  evidence: (of) => {
    const stuck = stuckSide(of);
    const said = stuck && of.view.classes !== null ? [`${stuck.side} loss never goes below ${figure(stuck.at)}; applying softmax twice with ${of.view.classes} classes cannot go below ${figure(stuck.floor)}.`] : [];
    if (of.config.state === 'on' && of.config.setting) said.push(`${of.config.setting.key}=${shown(of.config.setting.value)} together with cross-entropy, which applies softmax itself.`);
    return said;
  },
  against: (of) => {
    if (of.view.classes === null) return ['The number of classes is unknown, so the level it would be stuck at is too.'];
    return stuckSide(of) || of.trainMin === null ? [] : [`Train loss reaches ${figure(of.trainMin)}, past the level of ${figure(doubleSoftmaxFloor(of.view.classes))} where two softmaxes would stop it.`];
  },
  confirm: 'Compute the loss of one batch with both loss functions.',
  remedies: ['feed-logits', 'same-loss'],
};
