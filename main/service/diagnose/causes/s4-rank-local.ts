import { wholeHits, inferValSize } from '../sizes.ts';
import { ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import { numeric } from '../settings.ts';
import type { Case, Cause } from './cause.ts';
import { base, configOff, configOn, configSilent } from './terms.ts';

/** Number of devices when accuracies show that only one device's share of the validation set was scored; null otherwise. */
function scoredShare({ view }: Pick<Case, 'view'>): { scored: number; configured: number } | null {
  const configured = view.configuredValSize;
  if (configured === null) return null;
  const scored = inferValSize(view.evals.valAccuracy);
  return scored !== null && scored < 0.6 * configured ? { scored, configured } : null;
}

/** Validation samples of one device as configured: the set over the devices; null where either is unknown. */
function shareOfOne({ view, config }: Case): number | null {
  const devices = config.state === 'on' && config.setting ? numeric(config.setting.value) : null;
  if (devices === null || devices < 2 || view.configuredValSize === null) return null;
  return view.configuredValSize / devices;
}

/**
 * 1 when every accuracy is a whole number of hits among one device's samples, -1 when one is not (a mean over unequal batches is none either, so that
 * this rules nothing out), 0 where it is not known. Samples are dealt
 * out with the remainder dropped or padded, so that the sizes next to the share are tried too. One value may fit by chance, two hardly.
 */
function scoredByOne(of: Case): number {
  const share = shareOfOne(of);
  if (share === null || share < 2) return 0;
  const sizes = [Math.floor(share), Math.ceil(share), Math.floor(share) + 1];
  const fits = sizes.map((size) => wholeHits(of.view.evals.valAccuracy, size));
  if (fits.every((fit) => fit.values === 0)) return 0;
  const best = fits.find((fit) => fit.all);
  return best ? ramp(best.values, 0, 2) : -1;
}

/** 1 when the gap is no larger than chance makes it among one device's samples. */
function chanceOfShare(of: Case): number {
  const share = shareOfOne(of);
  if (share === null || of.gapInErrors === null || of.view.valSize === null) return 0;
  return 1 - ramp(of.gapInErrors * Math.sqrt(share / of.view.valSize), 2, 5);
}

/** One rank's share of validation is logged (Lightning #20492, #4702, #12354). */
export const rankLocal: Cause = {
  id: 'S4',
  name: "one rank's share of validation",
  family: 'scale',
  verdict: 'bug',
  direction: 'both',
  telltale: true,
  keys: [
    {
      names: ['devices', 'world_size', 'n_gpu', 'num_gpus', 'gpus', 'nproc_per_node', 'num_processes'],
      strength: (value) => (typeof value === 'number' && value > 1 ? 1 : 0),
    },
  ],
  terms: [
    base(-3),
    configOn(2),
    configOff(-4),
    configSilent(-2),
    { id: 'scored-share', weight: 3, value: (of) => (scoredShare(of) ? 1 : 0) },
    { id: 'hits-of-one-device', weight: 2, value: scoredByOne },
    { id: 'chance-of-share', weight: 1, value: chanceOfShare },
  ],
  unique: (of) => scoredShare(of) !== null && of.config.state === 'on',
  evidence: (of) => {
    const share = scoredShare(of);
    const said = share
      ? [`Validation accuracies are multiples of 1/${share.scored}, but the set is configured with ${share.configured} samples.`]
      : [];
    if (of.config.state === 'on' && of.config.setting) {
      if (scoredByOne(of) === 1 && !share)
        said.push(`Every accuracy is a whole number of hits among ${figure(shareOfOne(of) ?? NaN)} samples, one device's share of the set.`);
      const sync = of.view.settings.find('sync_dist');
      said.push(
        `${of.config.setting.key}=${shown(of.config.setting.value)}${sync && sync.value !== true ? ` and ${sync.key}=${shown(sync.value)}` : ''}: validation may be logged per rank.`,
      );
    }
    return said;
  },
  against: (of) => [
    ...(of.config.state === 'off' && of.config.setting ? [`${of.config.setting.key}=${shown(of.config.setting.value)}: a single device.`] : []),
    ...(scoredByOne(of) < 0 ? [`Accuracies are no whole numbers of hits among ${figure(shareOfOne(of) ?? NaN)} samples, one device's share of the set.`] : []),
  ],
  confirm: 'Evaluate the same checkpoint on one device.',
  remedies: ['sync-metrics', 'sample-mean'],
};
