import { ramp } from '../statistics.ts';
import { percent } from '../words.ts';
import type { Cause } from './cause.ts';
import { switched } from './keys.ts';
import { base, dataByProbe } from './terms.ts';

/** Half-epoch shift (Geron; skorch #722, keras #2330): a mean over the interval before an eval is older than the eval. */
export const averagingLag: Cause = {
  id: 'L1',
  name: 'averaging lag',
  family: 'lag',
  verdict: 'expected',
  keys: [{ names: ['logging_steps', 'log_interval', 'log_every_n_steps'], strength: (value) => switched(value) * 0.05 }],
  terms: [base(-1.5), { id: 'lag-share', weight: 5, value: ({ lagShare }) => ramp(lagShare ?? 0, 0.6, 0.85) }, dataByProbe(-3)],
  evidence: ({ lagShare }) =>
    lagShare !== null && lagShare > 0.3
      ? [`${percent(lagShare)} of the raw gap disappears when the train curve is moved half a logging window earlier.`]
      : [],
  against: ({ lagShare }) =>
    lagShare !== null && lagShare <= 0.3
      ? [`Moving the train curve half a logging window earlier removes only ${percent(Math.max(0, lagShare))} of the gap.`]
      : [],
  confirm: 'Switch on the half-epoch shift above the chart: if the curves then meet, this is all there is.',
  remedies: ['compare-shifted', 'log-step-loss', 'nothing-to-fix'],
};
