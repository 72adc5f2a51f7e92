import { ramp } from '../statistics.ts';
import type { Cause } from './cause.ts';
import { dataAgainst, dataEvidence, dataTerms } from './data.ts';
import { base, dataApartAtStart } from './terms.ts';

/** Class balance, domain or time differ between the splits. */
export const classPrior: Cause = {
  id: 'D2',
  name: 'class balance or domain differs',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [base(-1.2), { id: 'from-the-start', weight: 0.5, value: ({ second }) => ramp(second ?? 0, 0.15, 0.4) }, ...dataTerms(3)],
  namedBy: 'never',
  veto: dataApartAtStart,
  evidence: dataEvidence,
  against: dataAgainst,
  confirm: 'Compare the loss per class (or per month, per source) on both splits.',
  remedies: ['stratified-split', 'per-class-loss', 'representative-data'],
};
