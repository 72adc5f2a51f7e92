import { percent, shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { handicapAgainst } from './handicap.ts';
import { switched } from './keys.ts';
import {
  accuracyAgrees,
  accuracyLower,
  base,
  configOff,
  configOn,
  configSilent,
  initialAgrees,
  dataApartAtStart,
  measuredApart,
} from './terms.ts';
import { ramp } from '../statistics.ts';

/** Hard-example mining, curricula, class-balanced sampling: training batches are not drawn uniformly. */
export const hardSampling: Cause = {
  id: 'H5',
  name: 'hard-example sampling',
  family: 'handicap',
  verdict: 'expected',
  keys: [
    {
      pattern:
        /^((batch_)?sampler|((balanced|importance)_)?sampling|ohem|curriculum|hard_(negative|example)(_mining|_sampling)?|focal(_loss|_gamma)?)$/,
      strength: switched,
    },
  ],
  terms: [
    base(-1.2),
    initialAgrees(1),
    accuracyLower(2),
    accuracyAgrees(-2),
    measuredApart(-2),
    { id: 'shrinks', weight: 0.7, value: ({ early, late }) => (early !== null && late !== null && early > late + 0.2 ? 1 : 0) },
    configOn(2.5),
    configOff(-1),
    configSilent(-1),
    { id: 'probe-data', weight: -1.5, value: ({ dataShare }) => (dataShare === null ? 0 : ramp(dataShare, 0.4, 0.7)) },
  ],
  namedBy: 'setting',
  veto: dataApartAtStart,
  evidence: ({ config, early, late }) => [
    ...(config.state === 'on' && config.setting
      ? [`Training batches are drawn by ${config.setting.key}=${shown(config.setting.value)}, not uniformly.`]
      : []),
    ...(early !== null && late !== null && early > late + 0.2 && early > 0
      ? [`The gap is largest early (${percent(1 - Math.exp(-early))}) and shrinks as the hard samples are learned.`]
      : []),
  ],
  against: handicapAgainst,
  confirm: 'Measure the loss on training data drawn uniformly (the clean-train probe).',
  remedies: ['uniform-evaluation', 'log-clean-train', 'nothing-to-fix'],
};
