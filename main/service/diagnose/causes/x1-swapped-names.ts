import { figure } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base } from './terms.ts';

/** Validation points per logged train point: far above 1 when the names are swapped. */
function pointsPerTrain({ view }: Case): number {
  return view.steps.value.length > 0 ? view.evals.count / view.steps.value.length : 0;
}

/** Train and validation are named the wrong way round. */
export const swappedNames: Cause = {
  id: 'X1',
  name: 'train and validation swapped',
  family: 'naming',
  verdict: 'bug',
  direction: 'both',
  keys: [],
  terms: [base(-3), { id: 'val-is-finer', weight: 3, value: (of) => (pointsPerTrain(of) >= 4 ? 1 : 0) }],
  cap: 0.4,
  evidence: (of) =>
    pointsPerTrain(of) >= 4
      ? [`The series named validation has ${figure(pointsPerTrain(of))} points for each train point; the names may be swapped.`]
      : [],
  against: (of) => (pointsPerTrain(of) < 4 ? ['Validation is logged less often than training, as usual.'] : []),
  confirm: 'Check which loader feeds which name in the training script.',
  remedies: ['check-names'],
};
