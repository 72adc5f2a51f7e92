import { ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { rate } from './keys.ts';
import { base, configOn, dataByProbe } from './terms.ts';

const SMOOTH = 0.25;
const RAW = 0.4;

/** A running average is logged in place of the loss (fastai #4063). */
export const smoothedLog: Cause = {
  id: 'L2',
  name: 'smoothed training curve',
  family: 'lag',
  verdict: 'expected',
  keys: [{ names: ['log_smoothing', 'loss_smoothing', 'smooth_loss', 'ema_loss', 'smoothing_beta', 'log_ema'], strength: rate(0, 0.5) }],
  terms: [base(-2), { id: 'smooth', weight: 7, value: ({ vonNeumann }) => ramp(1 - (vonNeumann ?? 1), 0.75, 0.92) }, configOn(2.5), dataByProbe(-3)],
  unique: ({ vonNeumann }) => vonNeumann !== null && vonNeumann < SMOOTH,
  veto: ({ vonNeumann, config }) => (vonNeumann !== null && vonNeumann > RAW && config.state !== 'on' ? `neighbouring train losses jump as raw losses do (ratio ${figure(vonNeumann)})` : null),
  evidence: ({ vonNeumann, config }) => [
    ...(vonNeumann !== null && vonNeumann < SMOOTH
      ? [`Neighbouring train losses differ ${figure(1 / Math.sqrt(Math.max(vonNeumann, 1e-4)))} times less than their spread allows (ratio ${figure(vonNeumann)}); the logged curve is averaged over about ${figure(Math.max(1, 1 / Math.max(vonNeumann, 1e-3)))} steps.`]
      : []),
    ...(config.state === 'on' && config.setting ? [`${config.setting.key}=${shown(config.setting.value)}: a running average is logged.`] : []),
  ],
  against: ({ vonNeumann }) => (vonNeumann !== null && vonNeumann >= SMOOTH ? [`Neighbouring train losses jump as raw ones do (ratio ${figure(vonNeumann)}; smoothed logs stay below 0.25).`] : []),
  confirm: 'Log the loss of each step without averaging, next to the smoothed one.',
  remedies: ['log-step-loss', 'nothing-to-fix'],
};
