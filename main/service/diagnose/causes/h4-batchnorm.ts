import { meanSquaredStep } from '../statistics.ts';
import { numeric, plainKey } from '../settings.ts';
import { figure, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base, configOn } from './terms.ts';

const SMALL_BATCH = 8;

/** How many times more V jumps than T, early on. */
function jumps({ gap }: Case): number {
  const log = (values: Float64Array): number[] =>
    Array.from(values.subarray(0, 12))
      .filter((x) => x > 0)
      .map(Math.log);
  const train = meanSquaredStep(log(gap.lag.raw));
  const val = meanSquaredStep(log(gap.val));
  return train > 0 ? Math.sqrt(val / train) : 0;
}

/** BatchNorm behaves differently in training and evaluation mode (early-stopping-pytorch #18, keras #6876). Only ever "possible". */
export const batchNorm: Cause = {
  id: 'H4',
  name: 'BatchNorm in evaluation mode',
  family: 'handicap',
  verdict: 'expected',
  keys: [{ names: ['batch_norm', 'batchnorm', 'use_bn', 'bn', 'sync_bn'], strength: (value) => (value === true ? 1 : 0) }],
  terms: [base(-3), configOn(2), { id: 'jumpy', weight: 1, value: (of) => (smallBatch(of) && jumps(of) > 3 ? 1 : 0) }],
  cap: 0.4,
  evidence: (of) => [
    ...(of.config.state === 'on' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)}: validation uses running statistics.`]
      : []),
    ...(smallBatch(of) && of.view.batch !== null
      ? [`V jumps ${figure(jumps(of))} times more than T while the batch per device is ${of.view.batch}.`]
      : []),
  ],
  against: (of) => [
    ...(of.view.batch !== null && of.view.batch >= SMALL_BATCH
      ? [`A batch of ${of.view.batch} per device is large enough for batch statistics.`]
      : []),
    ...(of.view.settings.all.some(({ key, value }) => /norm/.test(plainKey(key)) && /layer|group/i.test(String(value)))
      ? ['The model uses a norm without batch statistics.']
      : []),
  ],
  confirm: 'Evaluate one batch twice, in training mode and in evaluation mode.',
  remedies: ['larger-batch', 'group-norm', 'log-clean-train'],
};

function smallBatch({ view }: Case): boolean {
  return view.batch !== null && (numeric(view.batch) ?? Infinity) < SMALL_BATCH;
}
