import { ramp } from '../statistics.ts';
import { SMOOTHING_KEYS } from '../smoothing.ts';
import { figure, percent, shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { rate } from './keys.ts';
import { base, configOn, dataByProbe } from './terms.ts';

/**
 * The reference calls a plain von Neumann ratio below 0.25 smooth and one above 0.4 raw. The ratio used here is the largest of several, which
 * raw losses keep above 0.5 (all but one of 569 runs) and averaged ones below 0.4 (57 of 58).
 */
const SMOOTH = 0.35;
const RAW = 0.5;

/** A running average is logged in place of the loss (fastai #4063). */
export const smoothedLog: Cause = {
  id: 'L2',
  name: 'smoothed training curve',
  family: 'lag',
  verdict: 'expected',
  keys: [{ names: SMOOTHING_KEYS, strength: rate(0, 0.5) }],
  terms: [
    base(-2),
    { id: 'smooth', weight: 7, value: ({ vonNeumann }) => ramp(1 - (vonNeumann ?? 1), 0.55, 0.75) },
    { id: 'explains', weight: 1, value: ({ smoothingShare }) => (smoothingShare === null ? 0 : ramp(smoothingShare, 0.2, 0.7)) },
    { id: 'explains-little', weight: -1, value: ({ smoothingShare }) => (smoothingShare === null ? 0 : 1 - ramp(smoothingShare, 0, 0.4)) },
    configOn(2.5),
    dataByProbe(-3),
  ],
  unique: ({ vonNeumann }) => vonNeumann !== null && vonNeumann < SMOOTH,
  veto: ({ vonNeumann, config }) =>
    vonNeumann !== null && vonNeumann > RAW && config.state !== 'on'
      ? `neighbouring train losses jump as raw losses do (ratio ${figure(vonNeumann)})`
      : null,
  evidence: ({ vonNeumann, config }) => [
    ...(vonNeumann !== null && vonNeumann < SMOOTH
      ? [
          `Neighbouring train losses differ ${figure(1 / Math.sqrt(Math.max(vonNeumann, 1e-4)))} times less ` +
            `than their spread allows (ratio ${figure(vonNeumann)}); the logged curve is averaged over about ` +
            `${figure(Math.max(1, 1 / Math.max(vonNeumann, 1e-3)))} steps.`,
        ]
      : []),
    ...(config.state === 'on' && config.setting
      ? [`${config.setting.key}=${shown(config.setting.value)}: a running average is logged.`]
      : []),
    ...(config.byDefault !== undefined ? [`${config.byDefault}.`] : []),
  ],
  against: ({ vonNeumann, smoothingShare }) => [
    ...(smoothingShare !== null && smoothingShare < 0.4
      ? [`Moving the curve by the delay of the smoothing removes only ${percent(Math.max(0, smoothingShare))} of the gap.`]
      : []),
    ...(vonNeumann !== null && vonNeumann >= SMOOTH
      ? [`Neighbouring train losses jump as raw ones do (ratio ${figure(vonNeumann)}; smoothed logs stay below 0.35).`]
      : []),
  ],
  confirm: 'Log the loss of each step without averaging, next to the smoothed one.',
  remedies: ['log-step-loss', 'nothing-to-fix'],
};
