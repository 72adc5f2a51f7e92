import type { Cause } from './cause.ts';
import { handicapAgainst, handicapEvidence, handicapTerms } from './handicap.ts';
import { rate, switched } from './keys.ts';
import { numeric } from '../settings.ts';
import { apartAtStart } from './terms.ts';

const amount =
  (low: number, high: number) =>
  (value: Parameters<typeof switched>[0]): number =>
    numeric(value) === null ? switched(value) : rate(low, high)(value);

/** Augmentation in training only (yolov5 #1879 and #7017, nnUNet #931). */
export const augmentation: Cause = {
  id: 'H2',
  name: 'data augmentation',
  family: 'handicap',
  verdict: 'expected',
  keys: [
    {
      pattern:
        /noise(_std)?$|gaussian_noise|token_noise|mask_(time|feature)_prob|reprob|erasing|random_erasing|hsv_[hsv]|mosaic|copy_paste/,
      strength: amount(0.02, 0.3),
    },
    {
      pattern: /^(aa|((auto|data|rand|trivial|spec)_?)?augment(ations?)?|multi_scale|cutout|random_(shift|crop|flip))$/,
      strength: amount(0, 1),
    },
    {
      pattern: /flip(_prob|lr|ud)?$|random_(resized_)?crop|jitter|rotat(e|ion)|degrees|shear|perspective|erase|augment/,
      strength: amount(0, 0.5),
    },
  ],
  terms: handicapTerms(-0.3, 2.5),
  namedBy: 'setting',
  veto: apartAtStart,
  evidence: (of) => handicapEvidence(of, 'training inputs are made harder than validation inputs'),
  against: handicapAgainst,
  confirm: 'Measure the loss on unaugmented training data (the clean-train probe), or validate once with the training transforms.',
  remedies: ['nothing-to-fix', 'log-clean-train', 'consistent-preprocessing'],
};
