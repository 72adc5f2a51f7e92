/**
 * B5: validation loss has risen above its best while train loss fell (reference section B). Measured there: false on 5 % of runs
 * whose V ends within 2 % of its best, recall 97 % on those ending more than 10 % above; SageMaker Debugger's Overfit rule has 45 %
 * / 86 %.
 */
import type { Fault } from '../diagnosis.ts';
import { figure, percent } from '../words.ts';
import type { View } from '../view.ts';
import { isMasked } from './b6-masked-overfit.ts';
import { placeOfEval, placeWords } from './place.ts';
import { fewestEvals, lastingRise, type Rise } from './rise.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.9;

export const overfit: HealthRule = {
  id: 'B5',
  name: 'overfitting',
  needs: 'evaluations with train loss',
  check(view) {
    if (view.evals.count < fewestEvals) return { notChecked: `not enough evals yet (${view.evals.count} of ${fewestEvals})` };
    const rise = lastingRise(view);
    return { faults: rise ? [fault(rise, view)] : [] };
  },
};

function fault(rise: Rise, view: View): Fault {
  const { evals } = view;
  const bestPlace = placeOfEval(evals, rise.bestEval);
  const train = rise.trainFall > 0 ? ` while train loss fell ${percent(rise.trainFall)}` : '';
  const level = view.signed
    ? `rose from ${figure(rise.best)} to ${figure(rise.now)} since its best`
    : `is ${percent(rise.share)} above its best (${figure(rise.best)})`;
  return {
    id: 'B5',
    name: overfit.name,
    // B6 says the same and more: one notification is enough.
    severity: isMasked(view) ? 'info' : 'warning',
    at: placeOfEval(evals, rise.fired),
    text: `Validation loss ${level} at eval ${rise.bestEval + 1}, ${placeWords(bestPlace, rise.bestEval)}${train}.`,
    remedies: ['early-stopping', 'more-regularisation', 'more-data'],
    confidence: CONFIDENCE,
  };
}
