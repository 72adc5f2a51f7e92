import type { SeriesHints, Split } from './format.ts';
import { english } from './languages.ts';

/** What a column or key of a record is for. */
export type Role = 'step' | 'epoch' | 'time' | 'split' | 'metric' | 'name' | 'value' | 'config' | 'skip';

export interface Field {
  role: Role;
  /** Name of the series, or of the configuration key. */
  name: string;
  hints?: SeriesHints;
}

/** Step keys, the first that a record has wins (formats reference 4.1). Compared in lower case. */
const STEP_KEYS = [
  'step',
  'global_step',
  '_step',
  'iteration',
  'iter',
  'num_updates',
  'update',
  'current_steps',
  'trainer/global_step',
  'train/global_step',
  'training_iteration',
  'total_timesteps',
  'n_iter',
  'steps',
  'iterations',
  'train_step',
  'update_step',
  'optimizer_step',
  'globalstep',
  'global_iter',
  'iter_num',
  'itr',
  'n_updates',
  'env_steps',
  'timesteps',
  'batch',
  'batch_idx'
];
/** Counters that are believed where nothing better counts. */
const LAST_COUNTERS = ['i', 'it', 'n', 't', 'idx', 'round', 'episode', 'tick', 'generation', 'index'];
const EPOCH_KEYS = ['epoch', 'ep', 'epochs'];
const TIME_KEYS = ['wall_time', 'timestamp', '_timestamp', 'time', 'ts', 'created_at', 'date', 'datetime'];
/** Fields that may name the split; of several in a record the first counts whose text is one. */
const SPLIT_KEYS = ['split', 'mode', 'phase', 'stage', 'subset', 'partition', 'set', 'fold', 'dataset', 'kind', 'event', 'group', 'context', 'type'];
const NAME_KEYS = ['metric', 'name', 'tag', 'key'];
const SKIPPED = new Set(['seed', 'pid', 'id', 'run_id', 'trial_id', 'rank', 'local_rank', 'world_size', 'index', 'unnamed: 0']);

/** The place of each axis among `keys` (lower case), -1 where there is none. */
export function axisPlaces(keys: readonly string[]): { step: number; epoch: number; time: number } {
  let step = place(keys, STEP_KEYS);
  let epoch = place(keys, EPOCH_KEYS);
  if (step < 0 && epoch < 0) {
    // Second choice: a name that ends in such a word (`train/step`, `Epoch #`), then short names and the index that pandas writes.
    epoch = keys.findIndex((key) => EPOCH_WORD.test(key));
    step = keys.findIndex((key) => STEP_WORD.test(key));
    if (step < 0 && epoch < 0) step = keys[0] === '' || keys[0] === 'unnamed: 0' ? 0 : place(keys, LAST_COUNTERS);
  }
  return { step, epoch, time: place(keys, TIME_KEYS) };
}

const EPOCH_WORD = /(^|[^a-z])epochs?[^a-z]*$/;
const STEP_WORD = /(^|[^a-z])(steps?|iter|iterations?|updates?)[^a-z]*$/;

/** True for a key that counts steps or epochs by its name, not only for want of a better one. */
export function isCounter(key: string): boolean {
  return STEP_KEYS.includes(key) || EPOCH_KEYS.includes(key) || EPOCH_WORD.test(key) || STEP_WORD.test(key);
}

/** Words of which a trainer's log holds at least one. */
const METRIC_WORD = /(^|[^a-z])(loss(es)?|acc|accuracy|perplexity|ppl|auc|f1|map|m?iou|dice|bleu|rouge|psnr|ssim|fid|lr|learning[_ ]rate|grad_norm|error|err|mae|rmse|mse|nll|elbo|bpb|bpc|reward|return|logloss|score|top-?1|top-?5)($|[^a-z])/i;

/** True if a name speaks of something that is measured in training. camelCase counts as words. */
export function isMetricName(name: string): boolean {
  return METRIC_WORD.test(name) || METRIC_WORD.test(english(name).replace(/([a-z0-9])([A-Z])/g, '$1 $2'));
}

function place(keys: readonly string[], wanted: readonly string[]): number {
  for (const key of wanted) {
    const at = keys.indexOf(key);
    if (at >= 0) return at;
  }
  return -1;
}

/** Roles of the keys of a record by the general lists. Records that are one metric each (`name`, `value`, `step`) are known too. */
export function generalFields(names: readonly string[]): Field[] {
  const keys = names.map((name) => name.trim().toLowerCase());
  const axes = axisPlaces(keys);
  const value = keys.indexOf('value');
  const label = value < 0 ? -1 : place(keys, NAME_KEYS);
  return names.map((name, at): Field => {
    const key = keys[at] ?? '';
    if (at === axes.step) return { role: 'step', name };
    if (at === axes.epoch) return { role: 'epoch', name };
    if (at === axes.time) return { role: 'time', name };
    if (SPLIT_KEYS.includes(key)) return { role: 'split', name };
    if (label >= 0) return { role: at === label ? 'name' : at === value ? 'value' : 'skip', name };
    if (SKIPPED.has(key) || STEP_KEYS.includes(key) || EPOCH_KEYS.includes(key)) return { role: 'skip', name };
    return { role: 'metric', name };
  });
}

/** The places of the fields that may name the split of their record, the most telling key first. */
export function splitPlaces(fields: readonly Field[]): number[] {
  const rank = ({ name }: Field): number => SPLIT_KEYS.indexOf(name.trim().toLowerCase());
  const places = fields.flatMap((field, at) => (field.role === 'split' ? [at] : []));
  return places.sort((a, b) => rank(fields[a] as Field) - rank(fields[b] as Field));
}

const SPLITS = new Map<string, Split>([
  ...['train', 'training', 'tr', 'trn', 'learn'].map((word) => [word, 'train'] as const),
  ...['val', 'va', 'valid', 'validation', 'validate', 'eval', 'evaluation', 'dev', 'cv', 'holdout'].map((word) => [word, 'val'] as const),
  ...['test', 'testing', 'tst', 'predict'].map((word) => [word, 'test'] as const)
]);

/** The split that a field such as `mode` or `split` names by its first or last word, or null. */
export function splitOf(text: string): Split | null {
  const words = english(text).toLowerCase().split(/[^a-z]+/).filter((word) => word !== '');
  return SPLITS.get(words[0] ?? '') ?? SPLITS.get(words.at(-1) ?? '') ?? null;
}

/**
 * Seconds since 1970 for a number on a time axis: nanoseconds above 1e17, microseconds above 1e14, milliseconds above 1e11,
 * seconds above 1e8. NaN for anything smaller: that is a duration, hence a metric and not an axis.
 */
export function wallSeconds(value: number): number {
  if (!(value > 1e8)) return NaN;
  if (value > 1e17) return value / 1e9;
  if (value > 1e14) return value / 1e6;
  if (value > 1e11) return value / 1e3;
  return value;
}

/** Seconds since 1970 for an ISO 8601 date and time; without a zone it is taken as local time, as Python writes it. NaN if it is none. */
export function isoSeconds(text: string): number {
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return NaN;
  const seconds = Date.parse(text.replace(' ', 'T').replace(',', '.')) / 1000;
  return Number.isFinite(seconds) ? seconds : NaN;
}

/** What `globalStep` remembers; part of a reader's saved state. */
export interface InnerSteps {
  firstEpoch: number;
  epoch: number;
  largest: number;
  /** Steps of an epoch once the counter has been seen to start again within a run, else 0. */
  perEpoch: number;
}

/** The state at the start, or as it was saved: JSON turns NaN into null. */
export function innerStepsFrom(saved?: InnerSteps): InnerSteps {
  return {
    firstEpoch: saved?.firstEpoch ?? NaN,
    epoch: saved?.epoch ?? NaN,
    largest: saved?.largest ?? 0,
    perEpoch: saved?.perEpoch ?? 0
  };
}

/**
 * The global step of a record that has an epoch and a counter. Where the counter starts again with each epoch, `steps` of an epoch if the
 * writer says how many, else the largest counter of the first epoch, are its length (formats reference 2.6); a counter that never falls
 * stays as it is.
 */
export function globalStep(state: InnerSteps, epoch: number, step: number, steps = NaN): number {
  if (!(epoch === epoch && step === step)) return step;
  if (!(state.firstEpoch <= epoch)) {
    state.firstEpoch = epoch;
    state.epoch = epoch;
    state.largest = step;
    state.perEpoch = 0;
    return step;
  }
  if (epoch > state.epoch && step < state.largest && state.perEpoch === 0) state.perEpoch = steps >= state.largest ? steps : state.largest;
  const back = epoch < state.epoch;
  state.epoch = epoch;
  if (state.perEpoch === 0) {
    if (back || step > state.largest) state.largest = step;
    return step;
  }
  return (Math.floor(epoch) - Math.floor(state.firstEpoch)) * state.perEpoch + step;
}
