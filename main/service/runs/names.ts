/**
 * What a logged name means: metric and split. The tables are those of the format reference, section 4.4; whole tokens only,
 * the first rule that hits wins, false friends are asked before any rule.
 */
import type { Split } from '../formats/format.ts';
import { english } from '../formats/languages.ts';
import { canonicalMetric } from './metrics.ts';

export interface Meant {
  /** Canonical metric: `loss`, `loss.box`, `accuracy`, `lr`, `grad_norm` ... or the cleaned name where no table knows it. */
  metric: string;
  split: Split | null;
  /** `step` or `epoch` where the name says how often it is logged. */
  granularity: 'step' | 'epoch' | null;
  /** The training set measured as validation is. */
  probe: boolean;
}

const TRAIN = new Set(['train', 'training', 'tr', 'trn', 'trl']);
const VAL = new Set(['val', 'va', 'valid', 'validation', 'validate', 'eval', 'evaluation', 'dev', 'cv', 'holdout', 'tel']);
const TEST = new Set(['test', 'testing', 'tst']);

/** A pattern with words, in lower case, one of which is in all that it matches. */
interface Rule {
  words: readonly string[];
  pattern: RegExp;
}

/** Names in which a split word does not name the split. */
const FALSE_FRIENDS: (Rule & { split: Split | null })[] = [
  { words: ['value', 'val_func'], pattern: /^value[_ ]?loss$|\bvalue_loss$|^val_func/i, split: 'train' },
  { words: ['_time', '_iteration', '_mode', '_steps', '_size', '_interval', 'contest'], pattern: /evaluate_time|training_iteration|test_mode|eval_steps$|eval_batch_size|validation_interval|\bcontest\b/i, split: null },
];

const PROBE: Rule = {
  words: ['clean', 'eval'],
  pattern: /(^|[/_. -])(clean[_ /-]?train|train[_ /-]?eval|train[_ /-]?clean|eval[_ /-]?train|train_in_eval|clean)([/_. -]|$)/i,
};

/** Metrics that only exist on validation data. */
const VAL_ONLY: Rule = {
  words: ['metrics', 'bbox', 'segm', 'keypoints', 'hellaswag', 'mmlu', 'eval', 'validation'],
  pattern: /^metrics\/(?!.*loss)|(^|\/)(bbox|segm|keypoints)\/AP|bbox_mAP|^hellaswag$|^mmlu$|^eval$|^validation score$/i,
};

/** What is taken from a name before its split words are, and what stays of it. */
const TRIMMED: (Rule & { left: string })[] = [
  { words: ["'s"], pattern: /^(training|valid_\d+|validation_\d+|valid|test)'s\s+/i, left: '' },
  { words: ['epoch_', 'batch_'], pattern: /^(epoch|batch)_/i, left: '' },
  { words: ['evaluation_'], pattern: /^evaluation_(.+)_vs_iterations$/i, left: '$1' },
  { words: ['step', 'epoch'], pattern: /([_/ ])(step|epoch)(_average)?$/i, left: '' },
  { words: ['dataloader_idx'], pattern: /\/dataloader_idx_\d+$/i, left: '' },
  { words: ['_metrics'], pattern: /^(validation_metrics|loss_metrics)\//i, left: '' },
];

/** Metrics that, without any mark, are logged by the training loop. */
const TRAIN_BY_NATURE = new Set(['loss', 'lr', 'grad_norm', 'throughput']);

/** Prefixes that trackers put before every name. */
const TRACKER_PREFIXES = ['ray/tune/', 'charts/', 'system/metrics/'];

/** The split of a word on its own, such as a folder name or a `mode` field; null if it is none. */
export function splitWord(word: string): Split | null {
  const token = word.toLowerCase();
  if (TRAIN.has(token) || token === 'learn' || token === 'train_inner') return 'train';
  if (VAL.has(token) || (token.startsWith('valid') && /^valid(ation)?_\d+$/.test(token))) return 'val';
  return TEST.has(token) ? 'test' : null;
}

/** The split that the words of a name say, without a guess; null if they say none. */
export function saidSplit(name: string): Split | null {
  const plain = withoutTracker(name);
  return isProbe(plain) ? 'train' : splitOf(plain);
}

function withoutTracker(name: string): string {
  const prefix = TRACKER_PREFIXES.find((each) => name.slice(0, each.length).toLowerCase() === each) ?? '';
  return name.slice(prefix.length).trim();
}

/** Asks for the words first: to compile a pattern costs more than to look for them in all names of a run, and the first curves wait for it. */
function mayMatch({ words }: Rule, name: string): boolean {
  const lower = name.toLowerCase();
  return words.some((word) => lower.includes(word));
}

function matches(rule: Rule, name: string): boolean {
  return mayMatch(rule, name) && rule.pattern.test(name);
}

/** Lower-case tokens of a name, cut at / . _ - space ( ) ' and at camelCase. */
export function tokens(name: string): string[] {
  const lower = name.toLowerCase();
  return (name === lower ? name : name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase())
    .split(/[/._\-\s()']+/)
    .filter(Boolean);
}

/** Names that were read: a growing run asks for the same few again and again. */
const known = new Map<string, Meant>();
const MOST_KNOWN = 20_000;

/**
 * Reads metric and split from a name as logged. `hinted` are what the reader knows for sure (a record type, a folder); they win.
 * Never throws; an unknown name is its own metric.
 */
export function readName(name: string, hinted: { split?: Split; metric?: string } = {}): Readonly<Meant> {
  const key = `${hinted.split ?? ''}\n${hinted.metric ?? ''}\n${name}`;
  const held = known.get(key);
  if (held) return held;
  const meant = meaningOf(name, hinted);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, meant);
  return meant;
}

function meaningOf(name: string, hinted: { split?: Split; metric?: string }): Meant {
  const plain = english(withoutTracker(name));
  const probe = isProbe(plain);
  const granularity = granularityOf(plain);
  const split = hinted.split ?? (probe ? 'train' : splitOf(plain));
  // `train` and `val` alone, as columns or keys, are the loss.
  const metric = hinted.metric ?? (splitWord(plain) !== null ? 'loss' : canonicalMetric(stripped(plain, probe)));
  return { metric, split: split ?? splitByNature(metric, plain), granularity, probe };
}

function isProbe(name: string): boolean {
  return matches(PROBE, name) && /loss|acc|error|nll|ce\b/i.test(name) && !/^(eval|val|valid|validation|test)[_/]clean/i.test(name);
}

/** `epoch_loss`, `batch_loss`: what Keras writes. */
function granularityFirst(name: string): boolean {
  return ['epoch_', 'batch_'].includes(name.slice(0, 'epoch_'.length).toLowerCase());
}

function granularityOf(name: string): 'step' | 'epoch' | null {
  const lower = name.toLowerCase();
  if (lower.startsWith('batch_') || ['_step', '/step', '_steps', '_vs_iterations'].some((end) => lower.endsWith(end))) return 'step';
  return lower.startsWith('epoch_') || lower.endsWith('_epoch') || lower.endsWith('/epoch') ? 'epoch' : null;
}

function splitOf(name: string): Split | null {
  for (const friend of FALSE_FRIENDS) if (matches(friend, name)) return friend.split;
  const parts = tokens(granularityFirst(name) ? name.slice('epoch_'.length) : name);
  const ends = [parts[0], parts.at(-1)];
  for (const end of ends) {
    const found = end === undefined ? null : tokenSplit(end);
    if (found) return found;
  }
  const trimmed = parts.filter((part) => part !== 'step' && part !== 'epoch');
  const last = trimmed.at(-1);
  const beforeGranularity = last === undefined ? null : tokenSplit(last);
  if (beforeGranularity) return beforeGranularity;
  for (const part of parts.slice(1, -1)) {
    const found = tokenSplit(part);
    if (found) return found;
  }
  return matches(VAL_ONLY, name) ? 'val' : null;
}

function tokenSplit(token: string): Split | null {
  if (TRAIN.has(token)) return 'train';
  if (VAL.has(token)) return 'val';
  return TEST.has(token) ? 'test' : null;
}

function splitByNature(metric: string, name: string): Split | null {
  if (matches(VAL_ONLY, name)) return 'val';
  const lower = name.toLowerCase();
  if (['lr-', 'lr/pg', 'x/lr'].some((start) => lower.startsWith(start))) return null;
  return TRAIN_BY_NATURE.has(metric) ? 'train' : null;
}

/** The name without split and granularity words: what is left to be the metric. */
function stripped(name: string, probe: boolean): string {
  let rest = name;
  for (const rule of TRIMMED) if (mayMatch(rule, rest)) rest = rest.replace(rule.pattern, rule.left);
  if (probe) rest = rest.replace(PROBE.pattern, '$1').replace(/^(eval|train|clean)[_/ -]+/i, '');
  if (FALSE_FRIENDS.some((friend) => matches(friend, rest))) return rest;
  const pieces = rest.split(/([/._\-\s()]+|'s\s+)/);
  const kept: string[] = [];
  let dropped = false;
  for (let at = 0; at < pieces.length; at += 2) {
    const word = pieces[at] ?? '';
    const isSplit = word !== '' && (splitWord(word) !== null && word.toLowerCase() !== 'learn');
    const isMetricsWord = word === 'metrics' || word === 'hparam';
    if (isSplit || isMetricsWord) dropped = true;
    if (isSplit || isMetricsWord || word === '') continue;
    kept.push((kept.length > 0 ? (pieces[at - 1] ?? '') : '') + word);
  }
  if (!dropped) return rest;
  const joined = kept.join('') + (rest.endsWith(')') ? ')' : '');
  return joined === '' ? rest : joined;
}
