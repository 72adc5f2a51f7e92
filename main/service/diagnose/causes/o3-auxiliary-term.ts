import { ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { rate, switched } from './keys.ts';
import { accuracyAgrees, additiveShare, base, configOff, configOn, configSilent, dataByProbe, offset } from './terms.ts';

/** Extra terms in the train loss: load balancing, z-loss, KL, deep supervision, distillation (svoice #7). */
export const auxiliaryTerm: Cause = {
  id: 'O3',
  name: 'auxiliary loss term',
  family: 'objective',
  verdict: 'expected',
  keys: [
    {
      pattern: /^((router_|moe_)?(aux(iliary)?(_loss)?|z_loss)(_(coeff?|weight|lambda))?|kl_weight|distill(ation)?_(weight|alpha))$/,
      strength: rate(0.001, 0.05),
    },
    { names: ['deep_supervision', 'output_router_logits', 'jsd_loss'], strength: switched },
  ],
  terms: [
    base(-1),
    { id: 'small-offset', weight: 1.5, value: (of) => of.init.off * (1 - ramp(offset(of), 0.25, 0.5)) },
    { id: 'additive', weight: 1, value: additiveShare },
    accuracyAgrees(1),
    configOn(2.5),
    configOff(-2),
    configSilent(-2),
    dataByProbe(-3),
  ],
  evidence: (of) => [
    ...(of.config.state === 'on' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)} adds a term to the train loss.`]
      : []),
    ...(additiveShare(of) > 0.5 && of.additive !== null && of.factor !== null
      ? [
          `Train loss = ${figure(of.additive)} + ${figure(of.factor)} x validation loss: a constant ` +
            `${figure(of.additive)} is present only in training.`,
        ]
      : []),
  ],
  against: (of) => [
    ...(of.config.state === 'off' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)}: no extra term is configured.`]
      : []),
    ...(of.init.off === 0 && of.init.d0 !== null && of.init.against !== 'first-eval'
      ? [`Both losses agree before training (ln ratio ${figure(of.init.d0)}); an extra term would show there.`]
      : []),
  ],
  confirm: 'Log every component of the loss under its own name.',
  remedies: ['log-components', 'same-loss'],
};
