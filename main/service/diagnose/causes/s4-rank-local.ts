import { inferValSize } from '../sizes.ts';
import { shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base, configOn } from './terms.ts';

/** Number of devices when accuracies show that only one device's share of the validation set was scored; null otherwise. */
export function scoredShare({ view }: Pick<Case, 'view'>): { scored: number; configured: number } | null {
  const configured = view.configuredValSize;
  if (configured === null) return null;
  const scored = inferValSize(view.evals.valAccuracy);
  return scored !== null && scored < 0.6 * configured ? { scored, configured } : null;
}

/** One rank's share of validation is logged (Lightning #20492, #4702, #12354). */
export const rankLocal: Cause = {
  id: 'S4',
  name: "one rank's share of validation",
  family: 'scale',
  verdict: 'bug',
  direction: 'both',
  keys: [
    {
      names: ['devices', 'world_size', 'n_gpu', 'num_gpus', 'gpus', 'nproc_per_node', 'num_processes'],
      strength: (value) => (typeof value === 'number' && value > 1 ? 1 : 0),
    },
  ],
  terms: [base(-3), configOn(2), { id: 'scored-share', weight: 3, value: (of) => (scoredShare(of) ? 1 : 0) }],
  unique: (of) => scoredShare(of) !== null && of.config.state === 'on',
  evidence: (of) => {
    const share = scoredShare(of);
    const said = share
      ? [`Validation accuracies are multiples of 1/${share.scored}, but the set is configured with ${share.configured} samples.`]
      : [];
    if (of.config.state === 'on' && of.config.setting) {
      const sync = of.view.settings.find('sync_dist');
      said.push(
        `${of.config.setting.key}=${shown(of.config.setting.value)}${sync && sync.value !== true ? ` and ${sync.key}=${shown(sync.value)}` : ''}: validation may be logged per rank.`,
      );
    }
    return said;
  },
  against: ({ config }) =>
    config.state === 'off' && config.setting ? [`${config.setting.key}=${shown(config.setting.value)}: a single device.`] : [],
  confirm: 'Evaluate the same checkpoint on one device.',
  remedies: ['sync-metrics', 'sample-mean'],
};
