import { ramp } from '../statistics.ts';
import { percent } from '../words.ts';
import type { Cause } from './cause.ts';
import { dataAgainst, dataEvidence, dataTerms } from './data.ts';
import { base, dataApartAtStart } from './terms.ts';

/** Validation samples are easier: split rule, filter, length. */
export const easierValidation: Cause = {
  id: 'D1',
  name: 'easier validation data',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [base(-0.3), { id: 'from-the-start', weight: 1, value: ({ second }) => ramp(second ?? 0, 0.15, 0.4) }, ...dataTerms(3)],
  namedBy: 'never',
  veto: dataApartAtStart,
  evidence: (of) => [
    ...dataEvidence(of),
    ...(of.second !== null && of.second > 0.15
      ? [`Validation is ${percent(1 - Math.exp(-of.second))} lower already at the second eval.`]
      : []),
  ],
  against: dataAgainst,
  confirm: 'Run the clean-train probe; then hold out a random fold of the training split and validate on that.',
  remedies: ['stratified-split', 'representative-data', 'cross-validate'],
};
