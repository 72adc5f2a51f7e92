import { ramp } from '../statistics.ts';
import { figure, percent, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { switched } from './keys.ts';
import { accuracyAgrees, base, configOn, explainedBySetting, nearestFactor, probeDiffersAtStart } from './terms.ts';

/** Where fewer positions than a sixth are padding the gap hardly shows; a start within two standard errors of this rules nothing out. */
const LEAST_PADDING = 0.18;

/** ln(T / V) before training, from V0 or extrapolated; a comparison with ln K alone says nothing of validation. */
function pairOffset(of: Case): number | null {
  return of.init.against === 'guessing' ? of.origin : of.init.d0;
}

/** 1 when the same model scores training data higher by one factor from before training on: data would change it as it is learned. */
function factorKept({ probe }: Case): number {
  if (!probe?.valFactor || probe.initial === null) return 0;
  const { mean, deviation } = probe.valFactor;
  return ramp(mean, 0.15, 0.3) * (1 - ramp(Math.abs(probe.initial - mean), 0.05, 0.2)) * (1 - ramp(deviation, 0.04, 0.12));
}

/** Validation is averaged over padding or another token count (trl #1343, LlamaFactory #8277, LongAlign #3). */
export const paddingCounted: Cause = {
  id: 'S3',
  name: 'padding counted in validation',
  family: 'scale',
  verdict: 'bug',
  direction: 'both',
  keys: [
    {
      pattern:
        /^(pad_(to_max_length|batches|to_multiple_of)|(eval_)?packing|padding(_free)?|train_on_inputs|completion_only_loss|reset_attention_mask|eod_mask_loss|group_by_length)$/,
      strength: (value) => (typeof value === 'string' ? (value === 'max_length' ? 1 : 0) : switched(value)),
    },
  ],
  terms: [
    base(-1),
    { id: 'offset', weight: 2.5, value: (of) => of.init.off * ramp(pairOffset(of) ?? 0, 0.1, 0.3) },
    accuracyAgrees(1),
    {
      id: 'a-scale-factor',
      weight: -1.5,
      value: (of) => (pairOffset(of) === null ? 0 : 1 - ramp(nearestFactor(pairOffset(of) ?? 0, []).distance, 0.05, 0.15)),
    },
    {
      id: 'val-below-guessing',
      weight: 2.5,
      value: ({ init }) =>
        init.valToGuessing === null
          ? 0
          : ramp(1 - init.valToGuessing, 0.1, 0.25) * (1 - ramp(Math.abs((init.trainToGuessing ?? 1) - 1), 0.1, 0.25)),
    },
    {
      id: 'val-at-guessing',
      weight: -2,
      value: ({ init }) => (init.valToGuessing === null ? 0 : 1 - ramp(1 - init.valToGuessing, 0.08, 0.2)),
    },
    { id: 'no-offset', weight: -2, value: (of) => ((pairOffset(of) ?? 1) < 0.1 ? 1 : 0) },
    configOn(2),
    explainedBySetting(-0.5),
    probeDiffersAtStart(3),
    { id: 'factor-kept', weight: 2, value: factorKept },
    { id: 'probe-agrees-at-start', weight: -2, value: ({ probe }) => (probe === null || probe.initial === null ? 0 : 1 - ramp(Math.abs(probe.initial), 0.05, 0.15)) },
    { id: 'probe-data', weight: 2, value: ({ dataShare }) => (dataShare === null ? 0 : 2 * ramp(dataShare, 0.3, 0.7) - 1) },
  ],
  veto: ({ init }) =>
    init.against === 'initial-val' && init.d0 !== null && init.d0 < 0.08 && init.d0 + 2 * (init.se0 ?? 0) < LEAST_PADDING
      ? `validation starts at the level of training (ratio ${figure(Math.exp(init.d0))})`
      : null,
  unique: ({ init }) => init.valToGuessing !== null && init.valToGuessing < 0.85,
  evidence: (of) => {
    const v = of.init.valToGuessing;
    const said: string[] = [];
    if (v !== null && v < 0.92)
      said.push(
        `Untrained validation loss is ${figure(v)} of ln K; an untrained model cannot beat ln K, so ` +
          `${percent(1 - v)} of the scored positions look like padding.`,
      );
    if (of.config.state === 'on' && of.config.setting)
      said.push(`${of.config.setting.key}=${shown(of.config.setting.value)}: batches are padded, and padding may be scored.`);
    return said;
  },
  against: ({ init }) =>
    init.valToGuessing !== null && init.valToGuessing >= 0.92
      ? [`Untrained validation loss is ${figure(init.valToGuessing)} of ln K, as it should be.`]
      : [],
  confirm: 'For one validation batch compute sum(loss * mask) / sum(mask).',
  remedies: ['mask-padding', 'token-mean'],
};
