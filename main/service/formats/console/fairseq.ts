import type { SeriesHints, Sink, Split } from '../format.ts';
import { parseJson } from '../json.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const SIMPLE = new RegExp(`^epoch (\\d+):\\s+(\\d+) / (\\d+) (.+)$`);
const SUMMARY = /^epoch (\d+) \|(?: (valid|train|test)(?: on '([^']+)' subset)? \|)? (.+)$/;
const INNER = new RegExp(`(?<![\\w/])([\\w/]+)=(${NUM})`, 'g');
const OUTER = new RegExp(`(?<![\\w/])([\\w/]+) (${NUM})(?=\\s*\\||\\s*$)`, 'g');

/**
 * fairseq with `--log-format json` or `simple` (formats reference 2.8). The logger's name says what a line is: `train_inner` is a
 * mean over the logging interval, `train` one over the epoch, all others are subsets for validation. The step is `num_updates`;
 * losses are in bits.
 */
export const fairseq = consoleFormat({ id: 'fairseq', title: 'fairseq log (json, simple)', open: openFairseq });

export function openFairseq(): Dialect {
  return {
    line({ text, time, tag }, sink) {
      if (text.startsWith('{') && tag !== '') return readJson(text, tag, time, sink);
      if (!text.startsWith('epoch ')) return false;
      const inner = SIMPLE.exec(text);
      if (inner) return addPairs([...(inner[4] as string).matchAll(INNER)], 'train_inner', time, sink);
      const summary = SUMMARY.exec(text);
      if (!summary) return false;
      const kind = summary[3] ?? summary[2] ?? (tag === 'train' || tag === '' ? 'train' : tag);
      return addPairs([...(summary[4] as string).matchAll(OUTER)], kind, time, sink);
    }
  };
}

function readJson(text: string, tag: string, time: number, sink: Sink): boolean {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    return false;
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const pairs = Object.entries(body).map(([name, value]) => ['', name, String(value)]);
  return addPairs(pairs, tag, time, sink);
}

/** Adds the numbers of one line; false if it has no `num_updates` and is thus no line of statistics. */
function addPairs(pairs: readonly (readonly (string | undefined)[])[], kind: string, time: number, sink: Sink): boolean {
  const prefix = kind === 'train_inner' ? '' : `${kind}_`;
  const updates = pairs.find(([, name = '']) => name === 'num_updates' || name === `${prefix}num_updates`);
  if (!updates) return false;
  const step = toNumber(updates[2]);
  for (const [, name = '', text = ''] of pairs) {
    if (/num_updates$/.test(name) || name === 'epoch') continue;
    const value = toNumber(text);
    if (Number.isNaN(value) && !/^[-+]?nan$/i.test(text)) continue;
    const full = prefix === '' || name.startsWith(prefix) ? name : prefix + name;
    put(sink, full, hintsOf(name, kind), { step, time }, value);
  }
  return true;
}

function hintsOf(name: string, kind: string): SeriesHints {
  const split: Split = kind === 'train_inner' || kind === 'train' ? 'train' : /^test/.test(kind) ? 'test' : 'val';
  const loss = /loss$/.test(name);
  if (!loss) return { split };
  if (split !== 'train') return { split, unit: 'bits' };
  return { split, unit: 'bits', meaning: kind === 'train' ? 'epoch-mean' : 'window-mean' };
}
