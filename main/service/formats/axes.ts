import type { SeriesHints, Split } from './format.ts';

/** What a column or key of a record is for. */
export type Role = 'step' | 'epoch' | 'time' | 'split' | 'metric' | 'name' | 'value' | 'config' | 'skip';

export interface Field {
  role: Role;
  /** Name of the series, or of the configuration key. */
  name: string;
  hints?: SeriesHints;
}

/** Step keys, the first that a record has wins (formats reference 4.1). Compared in lower case. */
export const STEP_KEYS = [
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
  'batch'
];
export const EPOCH_KEYS = ['epoch', 'ep', 'epochs'];
export const TIME_KEYS = ['wall_time', 'timestamp', '_timestamp', 'time', 'ts', 'created_at', 'date', 'datetime'];
export const SPLIT_KEYS = ['mode', 'split', 'phase', 'stage', 'subset', 'dataset', 'type'];
const NAME_KEYS = ['metric', 'name', 'tag', 'key'];
const SKIPPED = new Set(['seed', 'pid', 'id', 'run_id', 'trial_id', 'rank', 'local_rank', 'world_size', 'index', 'unnamed: 0']);

/** The place of each axis among `keys` (lower case), -1 where there is none. */
export function axisPlaces(keys: readonly string[]): { step: number; epoch: number; time: number; split: number } {
  let step = place(keys, STEP_KEYS);
  let epoch = place(keys, EPOCH_KEYS);
  if (step < 0 && epoch < 0) {
    // Second choice: a name that ends in such a word (`train/step`, `Epoch #`), then the nameless index that pandas writes.
    epoch = keys.findIndex((key) => EPOCH_WORD.test(key));
    step = keys.findIndex((key) => STEP_WORD.test(key));
    if (step < 0 && epoch < 0 && (keys[0] === '' || keys[0] === 'unnamed: 0')) step = 0;
  }
  return { step, epoch, time: place(keys, TIME_KEYS), split: place(keys, SPLIT_KEYS) };
}

const EPOCH_WORD = /(^|[^a-z])epochs?[^a-z]*$/;
const STEP_WORD = /(^|[^a-z])(steps?|iter|iterations?|updates?)[^a-z]*$/;

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
    if (at === axes.split) return { role: 'split', name };
    if (label >= 0) return { role: at === label ? 'name' : at === value ? 'value' : 'skip', name };
    if (SKIPPED.has(key) || STEP_KEYS.includes(key) || EPOCH_KEYS.includes(key)) return { role: 'skip', name };
    return { role: 'metric', name };
  });
}

const SPLITS = new Map<string, Split>([
  ...['train', 'training', 'tr', 'trn', 'learn'].map((word) => [word, 'train'] as const),
  ...['val', 'valid', 'validation', 'validate', 'eval', 'evaluation', 'dev', 'cv', 'holdout'].map((word) => [word, 'val'] as const),
  ...['test', 'testing', 'tst', 'predict'].map((word) => [word, 'test'] as const)
]);

/** The split that a field such as `mode` or `split` names by its first or last word, or null. */
export function splitOf(text: string): Split | null {
  const words = text.toLowerCase().split(/[^a-z]+/).filter((word) => word !== '');
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
 * The global step of a record that has an epoch and a counter. Where the counter starts again with each epoch, the largest one
 * seen in the first epoch is taken as the steps of an epoch (formats reference 2.6); a counter that never falls stays as it is.
 */
export function globalStep(state: InnerSteps, epoch: number, step: number): number {
  if (!(epoch === epoch && step === step)) return step;
  if (!(state.firstEpoch <= epoch)) {
    state.firstEpoch = epoch;
    state.epoch = epoch;
    state.largest = step;
    state.perEpoch = 0;
    return step;
  }
  if (epoch > state.epoch && step < state.largest && state.perEpoch === 0) state.perEpoch = state.largest;
  const back = epoch < state.epoch;
  state.epoch = epoch;
  if (state.perEpoch === 0) {
    if (back || step > state.largest) state.largest = step;
    return step;
  }
  return (Math.floor(epoch) - Math.floor(state.firstEpoch)) * state.perEpoch + step;
}
