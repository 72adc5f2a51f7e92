import { mean, ramp } from '../statistics.ts';
import { shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { rate, switched } from './keys.ts';
import { base, configOff, configOn, configSilent, dataByProbe } from './terms.ts';

function startsAbove({ gap }: Case): number {
  const first = Array.from(gap.d)
    .filter((x) => Number.isFinite(x))
    .slice(0, 3);
  return first.length > 0 ? ramp(-mean(first), 0.05, 0.3) : 0;
}

/** EMA or SWA weights are validated. Weak evidence only: the gap is mostly of the other sign. */
export const averagedWeights: Cause = {
  id: 'E1',
  name: 'averaged weights in validation',
  family: 'averaging',
  verdict: 'expected',
  keys: [
    { names: ['model_ema', 'use_ema', 'ema', 'swa', 'use_swa'], strength: switched },
    {
      names: ['ema_decay', 'model_ema_decay', 'ema_momentum', 'swa_lrs', 'swa_start'],
      unlessOff: ['model_ema', 'use_ema', 'ema', 'swa', 'use_swa'],
      strength: rate(0, 0.5),
    },
  ],
  terms: [base(-3), configOn(2), configOff(-2), configSilent(-2), { id: 'starts-above', weight: 1, value: startsAbove }, dataByProbe(-1)],
  cap: 0.4,
  evidence: ({ config }) => [
    ...(config.state === 'on' && config.setting
      ? [`Validation uses averaged weights (${config.setting.key}=${shown(config.setting.value)}).`]
      : []),
    ...(config.byDefault !== undefined ? [`${config.byDefault}.`] : []),
  ],
  against: ({ config }) =>
    config.state === 'off' && config.setting ? [`${config.setting.key}=${shown(config.setting.value)}: weights are not averaged.`] : [],
  confirm: 'Validate the raw weights as well.',
  remedies: ['log-both-weights', 'nothing-to-fix'],
};
