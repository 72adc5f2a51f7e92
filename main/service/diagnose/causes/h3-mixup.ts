import { figure } from '../words.ts';
import type { Cause } from './cause.ts';
import { handicapAgainst, handicapEvidence, handicapTerms, highFloor } from './handicap.ts';
import { rate } from './keys.ts';
import { apartAtStart } from './terms.ts';

const TOO_LOW = 0.05;

/** Mixup and CutMix: soft targets keep the train loss high (FMix #28). */
export const mixup: Cause = {
  id: 'H3',
  name: 'mixup',
  family: 'handicap',
  verdict: 'expected',
  keys: [{ names: ['mixup', 'mixup_alpha', 'cutmix', 'cutmix_alpha', 'fmix', 'mixup_off_epoch'], strength: rate(0, 0.3) }],
  terms: [...handicapTerms(-0.8, 2.8), highFloor(0.5, 0.2, 0.35)],
  namedBy: 'setting',
  veto: apartAtStart,
  evidence: (of) => [
    ...handicapEvidence(of, 'training batches are mixtures of two samples, validation is not'),
    ...(of.config.state === 'on' && of.trainMin !== null
      ? [`Mixed targets keep the train loss above ${figure(of.trainMin)}; training accuracy is scored on mixed samples.`]
      : []),
  ],
  against: (of) => [
    ...handicapAgainst(of),
    ...(of.trainMinToFirst !== null && of.trainMinToFirst < TOO_LOW
      ? [`The train loss fell to ${figure(100 * of.trainMinToFirst)} % of its start; mixed targets would not let it.`]
      : []),
  ],
  confirm: 'Switch mixing off for one epoch (mixup_off_epoch), or measure the loss on unmixed training data (the clean-train probe).',
  remedies: ['nothing-to-fix', 'log-clean-train', 'ignore-train-accuracy'],
};
