/** Sizes that signatures need: classes, samples, batch; from the configuration, else from what accuracies can only be. */
import type { Settings } from './settings.ts';

/** K: number of classes or vocabulary size as configured, null if not. Models without a fixed K (regression) have none. */
export function classesOf(settings: Settings): number | null {
  const count = settings.number(
    'num_classes',
    'n_classes',
    'num_labels',
    'nb_classes',
    'nclass',
    'classes',
    'vocab_size',
    'n_vocab',
    'padded_vocab_size',
    'nc',
  );
  const classes = count ?? kerasOutputs(settings);
  return classes !== null && classes >= 2 ? Math.round(classes) : null;
}

/** Units of the last layer of a Keras model that is trained with a cross-entropy; null without such a configuration. */
function kerasOutputs(settings: Settings): number | null {
  const loss = settings.find('loss')?.value;
  if (typeof loss !== 'string' || !/cross_?entropy/i.test(loss)) return null;
  let last: { layer: number; units: number } | null = null;
  for (const { key, value } of settings.matching(/layers\/\d+\/config\/units$/)) {
    const layer = Number(/layers\/(\d+)\//.exec(key)?.[1]);
    if (typeof value === 'number' && (!last || layer > last.layer)) last = { layer, units: value };
  }
  return last?.units ?? null;
}

/** Samples in the validation set as configured. */
export function configuredValSize(settings: Settings): number | null {
  return whole(
    settings.number(
      'n_val',
      'val_size',
      'validation_samples',
      'eval_samples',
      'num_val',
      'valid_size',
      'n_valid',
      'num_eval_samples',
      'max_eval_samples',
    ),
  );
}

/** Samples in the training set as configured. */
export function configuredTrainSize(settings: Settings): number | null {
  return whole(
    settings.number('n_train', 'train_size', 'train_samples', 'num_train', 'training_samples', 'num_train_samples', 'max_train_samples'),
  );
}

/** Samples per step and device as configured. */
export function configuredBatch(settings: Settings): number | null {
  return whole(settings.number('batch_size', 'per_device_train_batch_size', 'train_batch_size', 'micro_batch_size', 'batch', 'bs'));
}

function whole(value: number | null): number | null {
  return value !== null && value >= 1 && Number.isInteger(value) ? value : null;
}

/** Largest size that is looked for. */
const LARGEST = 5000;
const FEWEST_VALUES = 4;
/** Longer printouts carry float32 noise, which would rule out every size. */
const MOST_DIGITS = 6;

/**
 * Smallest number of validation samples for which every accuracy is a whole number of hits, within rounding; null if undecided.
 * Accuracies are shares; the tolerance follows the digits they were printed with. Reference section 2.
 */
export function inferValSize(accuracies: ArrayLike<number>): number | null {
  const values = distinctShares(accuracies);
  if (values.length < FEWEST_VALUES) return null;
  const tolerance = toleranceOf(values);
  for (let n = 2; n <= LARGEST; n += 1) {
    if (1 / n < 4 * tolerance) return null;
    if (values.every((value) => Math.abs(Math.round(value * n) / n - value) <= tolerance)) return n;
  }
  return null;
}

/** Whether every distinct accuracy strictly between 0 and 1 is a whole number of hits among `size`, within rounding, and how many there are. */
export function wholeHits(accuracies: ArrayLike<number>, size: number): { all: boolean; values: number } {
  const values = distinctShares(accuracies);
  const tolerance = toleranceOf(values);
  return { all: values.every((value) => Math.abs(Math.round(value * size) / size - value) <= tolerance), values: values.length };
}

function distinctShares(accuracies: ArrayLike<number>): number[] {
  const distinct = new Set<number>();
  for (let i = 0; i < accuracies.length; i += 1) {
    const value = accuracies[i] as number;
    if (value > 0 && value < 1) distinct.add(Number(value.toFixed(MOST_DIGITS)));
  }
  return [...distinct];
}

/** Half a unit of the last printed digit. */
function toleranceOf(values: readonly number[]): number {
  const digits = Math.min(MOST_DIGITS, Math.max(0, ...values.map(decimals)));
  return 0.51 * 10 ** -digits;
}

function decimals(value: number): number {
  const text = String(value);
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
