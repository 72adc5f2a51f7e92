/**
 * B9: the loss falls steadily, by less than 1 % per epoch, while it is still above 0.8 of its start (reference section B;
 * AutoTrainer).
 */
import { percent } from '../words.ts';
import { fewestForFall, steadyFall } from './fall.ts';
import { placeOfEval, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;

export const rateTooLow: HealthRule = {
  id: 'B9',
  name: 'learning rate too low',
  needs: 'train loss and evaluations',
  check(view) {
    const { evals } = view;
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    if (evals.count < fewestForFall) return { notChecked: `not enough evals yet (${evals.count} of ${fewestForFall})` };
    const fall = steadyFall(view);
    if (!fall) return { faults: [] };
    const last = evals.count - 1;
    const pace = `${small(fall.perEpoch)} per ${fall.perEval ? 'eval' : 'epoch'}${rateWords(evals.lr[last])}`;
    const text = `The ${fall.which} loss falls steadily but slowly: ${pace}. It still has ${percent(fall.level)} of its start.`;
    const remedies = ['raise-lr', 'check-frozen'];
    return {
      faults: [{ id: 'B9', name: rateTooLow.name, severity: 'info', at: placeOfEval(evals, last), text, remedies, confidence: CONFIDENCE }],
    };
  },
};

function small(share: number): string {
  return share < 5e-4 ? `${Number((share * 100).toPrecision(1))} %` : percent(share);
}
