import { list, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base, dataByProbe } from './terms.ts';

/** Pairs of keys whose train and validation values differ. */
function differing({ view }: Case): string[] {
  const said: string[] = [];
  for (const name of ['imgsz', 'img_size', 'image_size', 'input_size', 'crop_size', 'max_length', 'max_seq_length']) {
    const train = view.settings.find(`train_${name}`, name);
    const val = view.settings.find(`val_${name}`, `eval_${name}`, `test_${name}`);
    if (train && val && String(train.value) !== String(val.value))
      said.push(`${train.key}=${shown(train.value)} but ${val.key}=${shown(val.value)}`);
  }
  return said;
}

/** Resolution, cleaning or truncation differ between the splits. */
export const easierPreprocessing: Cause = {
  id: 'D6',
  name: 'validation preprocessed differently',
  family: 'data',
  verdict: 'data',
  keys: [],
  terms: [base(-3), { id: 'sizes-differ', weight: 3, value: (of) => (differing(of).length > 0 ? 1 : 0) }, dataByProbe(1)],
  cap: 0.4,
  evidence: (of) => (differing(of).length > 0 ? [`Inputs are prepared differently: ${list(differing(of))}.`] : []),
  against: (of) => (of.view.settings.known && differing(of).length === 0 ? ['No setting differs between the splits.'] : []),
  confirm: 'Validate once with the training preprocessing (without augmentation).',
  remedies: ['consistent-preprocessing'],
};
