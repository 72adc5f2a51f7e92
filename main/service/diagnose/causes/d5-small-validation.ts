import { ramp } from '../statistics.ts';
import { figure } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { chanceOfSize } from './shape-terms.ts';
import { base, explainedBySetting } from './terms.ts';

const SMALL = 100;
/** Samples of a batch where the configuration does not say. */
const USUAL_BATCH = 32;

/**
 * 1 when the validation set is small and tiny beside what is trained on between two evals: splits hold out a tenth to a half, so that such a set
 * was cut down (limit_val_batches, max_eval_samples).
 */
function fewBesideTraining({ view }: Pick<Case, 'view'>): number {
  const trained = view.trainSize ?? (view.stepsPerEval === null ? null : view.stepsPerEval * (view.batch ?? USUAL_BATCH));
  if (view.valSize === null || trained === null) return 0;
  return (1 - ramp(view.valSize / trained, 0.03, 0.15)) * (1 - ramp(view.valSize, 60, 200));
}

/** The validation set is so small that the gap may be chance. */
export const smallValidation: Cause = {
  id: 'D5',
  name: 'small validation set',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [
    base(-1.5),
    { id: 'within-error', weight: 4, value: ({ zVal }) => (zVal === null ? 0 : 1 - ramp(Math.abs(zVal), 1.5, 3)) },
    { id: 'small-validation', weight: 2, value: chanceOfSize },
    { id: 'tiny', weight: 1, value: ({ view }) => (view.valSize === null ? 0 : 1 - ramp(view.valSize, 25, 60)) },
    { id: 'few-beside-training', weight: 1.5, value: fewBesideTraining },
    { id: 'large-set', weight: -2, value: ({ view }) => (view.valSize === null ? 0 : ramp(view.valSize, 100, 300)) },
    explainedBySetting(-1.5),
  ],
  unique: (of) => chanceOfSize(of) > 0.8,
  evidence: ({ view, zVal }) => {
    if (view.valSize === null) return [];
    if (zVal !== null && Math.abs(zVal) < 3)
      return [`With ${view.valSize} validation samples the gap is only ${figure(Math.abs(zVal))} standard errors.`];
    return view.valSize < SMALL ? [`The validation set has only ${view.valSize} samples.`] : [];
  },
  against: ({ view, zVal }) => {
    if (zVal !== null && Math.abs(zVal) >= 3) return [`The gap is ${figure(Math.abs(zVal))} standard errors of the validation set.`];
    return view.valSize !== null && view.valSize >= SMALL ? [`The validation set has ${view.valSize} samples.`] : [];
  },
  confirm: 'Bootstrap the validation loss, or cross-validate with five folds.',
  remedies: ['enlarge-validation', 'cross-validate'],
};
