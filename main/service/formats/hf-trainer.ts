import { addConfig } from './config-values.ts';
import type { SeriesHints, Sink, SnapshotFormat } from './format.ts';
import { parseJson } from './json.ts';
import { decode } from './lines.ts';

type Entry = Record<string, unknown>;

/**
 * `trainer_state.json` of the Hugging Face Trainer, in each checkpoint and, with `save_state()`, in the output folder. `log_history`
 * is cumulative: each file tells the whole run up to its step (formats reference 2.3). `loss` is the mean since the last log line.
 */
export const hfTrainer: SnapshotFormat = {
  kind: 'snapshot',
  id: 'hf-trainer',
  title: 'Hugging Face trainer_state.json',
  detect: (probe) => probe.name === 'trainer_state.json' && !probe.path.split('/').some((part) => part.startsWith('tmp-')),
  parse(bytes, sink) {
    const state = objectOf(bytes);
    const history = state['log_history'];
    if (!Array.isArray(history)) throw new Error('This trainer_state.json has no log_history.');
    history.forEach((entry: unknown, at) => {
      if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) addEntry(entry as Entry, sink);
      else sink.problem(0, `Entry ${at} of log_history is no object: it was left out.`);
    });
    for (const [key, fact] of FACTS) {
      const value = state[key];
      if (typeof value === 'number' && Number.isFinite(value) && value > 0) sink.fact(fact, value);
    }
    for (const key of ['logging_steps', 'eval_steps', 'save_steps', 'train_batch_size', 'num_train_epochs', 'max_steps']) {
      if (typeof state[key] === 'number') addConfig(sink, key, state[key]);
    }
  }
};

const FACTS: [string, string][] = [
  ['max_steps', 'planSteps'],
  ['num_train_epochs', 'planEpochs'],
  ['global_step', 'checkpointStep']
];

/** The end summaries: single numbers without a step, hence facts of the run and no points. */
export const hfResults: SnapshotFormat = {
  kind: 'snapshot',
  id: 'hf-results',
  title: 'Hugging Face end results (all_results.json)',
  configOnly: true,
  detect: (probe) => /^(all|train|eval|test|predict)_results\.json$/.test(probe.name),
  parse(bytes, sink) {
    for (const [key, value] of Object.entries(objectOf(bytes))) {
      if (typeof value === 'number') addFinal(sink, key, value);
    }
  }
};

function objectOf(bytes: Uint8Array): Entry {
  let state: unknown;
  try {
    state = parseJson(decode(bytes));
  } catch (error) {
    throw new Error(`Not (yet) valid JSON: ${(error as Error).message}`, { cause: error });
  }
  if (typeof state !== 'object' || state === null || Array.isArray(state)) throw new Error('This file is no JSON object.');
  return state as Entry;
}

/** Adds the numbers of one `log_history` entry; other Hugging Face readers use it too. */
function addEntry(entry: Entry, sink: Sink, step = numberAt(entry, 'step')): void {
  const epoch = numberAt(entry, 'epoch');
  const closes = isClosing(entry);
  for (const [key, value] of Object.entries(entry)) {
    if (key === 'step' || key === 'epoch') continue;
    const number = typeof value === 'number' ? value : wordOf(value);
    if (number === null) continue;
    if (closes) addFinal(sink, key, number);
    else sink.point(sink.series(key, hfHints(key)), step, epoch, NaN, number);
  }
}

/** The entry that closes a training: its numbers are of the whole run (`train_loss` is the mean over it), hence facts and no points. */
export function isClosing(entry: object): boolean {
  return 'train_runtime' in entry;
}

/** One number of the whole run. */
export function addFinal(sink: Sink, key: string, value: number): void {
  sink.fact(`final/${key.slice(0, 200)}`, value);
}

function numberAt(entry: Entry, key: string): number {
  const value = entry[key];
  return typeof value === 'number' ? value : NaN;
}

function wordOf(value: unknown): number | null {
  return value === 'NaN' ? NaN : value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : null;
}

/** What a key of the Trainer means. */
export function hfHints(key: string): SeriesHints {
  if (/^(eval|val|valid)_/.test(key)) return { split: 'val' };
  if (/^(test|predict)_/.test(key)) return { split: 'test' };
  return key === 'loss' ? { split: 'train', meaning: 'window-mean' } : { split: 'train' };
}
