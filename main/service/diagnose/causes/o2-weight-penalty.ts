import { ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { rate } from './keys.ts';
import { accuracyAgrees, additiveShare, base, configOff, configOn, configSilent, dataByProbe, offset } from './terms.ts';

/** L1/L2 penalty in the logged train loss. Decoupled weight decay never enters a logged loss and is no evidence. */
export const weightPenalty: Cause = {
  id: 'O2',
  name: 'weight penalty in the loss',
  family: 'objective',
  verdict: 'expected',
  keys: [
    {
      pattern: /^(l[12](_(reg|lambda|penalty|weight|coef))?|reg_(weight|lambda)|kernel_regularizer|weight_penalty)$/,
      strength: rate(1e-5, 5e-4),
    },
  ],
  terms: [
    base(-1),
    { id: 'small-offset', weight: 1.5, value: (of) => of.init.off * (1 - ramp(offset(of), 0.15, 0.35)) },
    { id: 'additive', weight: 0.7, value: additiveShare },
    accuracyAgrees(1),
    configOn(2.5),
    configOff(-4),
    configSilent(-3),
    dataByProbe(-3),
  ],
  evidence: (of) => [
    ...(of.config.state === 'on' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)} adds a penalty to the train loss only.`]
      : []),
    ...(additiveShare(of) > 0.5 && of.additive !== null && of.accuracyAgrees > 0.5
      ? [`Train loss keeps a nearly constant offset of ${figure(of.additive)} while accuracies agree.`]
      : []),
  ],
  against: (of) => [
    ...(of.config.state === 'off' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)}: no penalty is configured.`]
      : []),
    ...(of.config.state === 'weak' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)} is too small to be seen.`]
      : []),
    ...(of.config.state === 'silent' ? ['No penalty is configured; weight_decay does not enter a logged loss.'] : []),
  ],
  confirm: 'Log the data loss and the penalty under separate names.',
  remedies: ['log-components', 'same-loss'],
};
