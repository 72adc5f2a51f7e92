import { ramp } from '../statistics.ts';
import { percent } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base, configOn } from './terms.ts';

/** Best of V over last V: 1 when validation never rose. */
function neverOverfits({ gap, trainMinToFirst }: Case): number {
  const last = gap.val.at(-1) ?? NaN;
  const low = gap.val.reduce((a, b) => Math.min(a, b), Infinity);
  return low > 0 && last / low < 1.1 && trainMinToFirst !== null ? ramp(1 - trainMinToFirst, 0.7, 0.95) : 0;
}

/** Training samples in the validation set (Barz & Denzler, ciFAIR; Kapoor & Narayanan 2023). Cannot be proven from curves. */
export const leakage: Cause = {
  id: 'D3',
  name: 'training samples in validation',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [base(-3), { id: 'never-overfits', weight: 3, value: neverOverfits }, configOn(0.1)],
  cap: 0.4,
  evidence: (of) =>
    neverOverfits(of) > 0.5 && of.trainMinToFirst !== null
      ? [`Train loss fell to ${percent(of.trainMinToFirst)} of its start, yet validation never turned up: unusual without duplicates.`]
      : [],
  against: (of) =>
    neverOverfits(of) === 0 ? ['Validation loss turns up or training has not gone far: no sign of memorised validation samples.'] : [],
  confirm: 'Look for exact and near duplicates between the splits by hash; minutes on a CPU.',
  remedies: ['deduplicate', 'group-split'],
};
