import { shown } from '../words.ts';
import type { Cause } from './cause.ts';
import { rate } from './keys.ts';
import { base, configOn, dataByProbe } from './terms.ts';

/** Teacher forcing or scheduled sampling in training, not in validation. */
export const teacherForcing: Cause = {
  id: 'H6',
  name: 'scheduled sampling',
  family: 'handicap',
  verdict: 'expected',
  keys: [
    { names: ['scheduled_sampling', 'scheduled_sampling_prob', 'sampling_probability'], strength: rate(0, 0.3) },
    {
      names: ['teacher_forcing_ratio', 'teacher_forcing'],
      strength: (value) => (typeof value === 'number' && value < 1 ? Math.min(1, 1 - value + 0.1) : 0),
    },
  ],
  terms: [base(-3), configOn(2), dataByProbe(-1)],
  cap: 0.4,
  evidence: ({ config }) =>
    config.state === 'on' && config.setting
      ? [`${config.setting.key}=${shown(config.setting.value)}: training feeds the model its own output part of the time.`]
      : [],
  against: ({ config }) =>
    config.state === 'off' && config.setting
      ? [`${config.setting.key}=${shown(config.setting.value)}: training is always given the true prefix.`]
      : [],
  confirm: 'Validate once with the ratio that training uses.',
  remedies: ['both-modes', 'log-clean-train'],
};
