import { ramp } from '../statistics.ts';
import { percent } from '../words.ts';
import type { Cause } from './cause.ts';
import { dataAgainst, dataEvidence, dataTerms } from './data.ts';
import { base, dataApartAtStart } from './terms.ts';

/** Wrong labels or harder sources in the training split. */
export const noisyTraining: Cause = {
  id: 'D4',
  name: 'noisier training data',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [
    base(-0.8),
    { id: 'high-floor', weight: 1, value: ({ trainMinToFirst }) => (trainMinToFirst === null ? 0 : ramp(trainMinToFirst, 0.12, 0.3)) },
    { id: 'from-the-start', weight: -1, value: ({ second }) => ramp(second ?? 0, 0.2, 0.5) },
    ...dataTerms(2.5),
  ],
  namedBy: 'never',
  veto: dataApartAtStart,
  evidence: (of) => [
    ...dataEvidence(of),
    ...(of.trainMinToFirst !== null && of.trainMinToFirst > 0.2
      ? [`Train loss stops at ${percent(of.trainMinToFirst)} of its start.`]
      : []),
  ],
  against: dataAgainst,
  confirm: 'Look at the 50 training samples with the highest loss.',
  remedies: ['relabel', 'robust-loss', 'representative-data'],
};
