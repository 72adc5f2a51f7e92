import type { SeriesHints, Sink, Split } from '../format.ts';
import { splitOf } from '../axes.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const XGB = /^\[(\d+)\]\s+(\S.*)$/;
const XGB_VALUE = new RegExp(`^(${NUM})(?:\\+(${NUM}))?$`);
const LGB = /^\[(\d+)\]\s+(\S.*'s .*|cv_agg.*)$/;
const LGB_PAIR = new RegExp(`(?:^|\\t|\\s{2,})([^\\t]+?'s |)([^\\t:]+): (${NUM})(?: \\+ (${NUM}))?`, 'g');
const LGB_CLI = new RegExp(`^\\[LightGBM\\] \\[Info\\] Iteration:(\\d+), (\\S+) (.+?) : (${NUM})$`);
const CAT = new RegExp(`^(\\d+):\\s+(?:learn: (${NUM})\\s+)?(?:test: (${NUM})\\s+)?(?:test1: (${NUM})\\s+)?(?:best: ${NUM} \\(\\d+\\)\\s+)?total: \\S+`);

/** XGBoost: `[10]\ttrain-logloss:0.651\tvalid-logloss:0.660`, steps from 0 (formats reference 2.14). Values are measured after the round. */
export const xgboost = consoleFormat({ id: 'xgboost', title: 'XGBoost console', open: openXgboost });

export function openXgboost(): Dialect {
  return {
    line({ text, time }, sink) {
      const found = XGB.exec(text);
      if (!found) return false;
      const pairs = xgbPairs(found[2] as string);
      const sets = new Set(pairs.map(([set]) => set));
      for (const [set, metric, value, spread] of pairs) {
        const axes = { step: Number(found[1]), time };
        put(sink, `${set}-${metric}`, xgbHints(set, sets), axes, toNumber(value));
        if (spread !== undefined) put(sink, `${set}-${metric} std`, xgbHints(set, sets), axes, toNumber(spread));
      }
      return pairs.length > 0;
    }
  };
}

/** `set-metric:value` or `set-metric:mean+spread`, with blanks between; the metric is what follows the last hyphen. */
function xgbPairs(text: string): [set: string, metric: string, value: string, spread: string | undefined][] {
  return text.split(/\s+/).flatMap((part) => {
    const colon = part.lastIndexOf(':');
    const hyphen = part.lastIndexOf('-', colon);
    const value = hyphen > 0 ? XGB_VALUE.exec(part.slice(colon + 1)) : null;
    return value ? [[part.slice(0, hyphen), part.slice(hyphen + 1, colon), value[1] as string, value[2]]] : [];
  });
}

/** The scikit-learn interface numbers its sets: with two of them the first is usually the training set, which is a guess. */
function xgbHints(set: string, sets: ReadonlySet<string>): SeriesHints {
  const numbered = /^validation_(\d+)$/.exec(set)?.[1];
  if (numbered === undefined) return evaluated(splitOf(set));
  return evaluated(numbered === '0' && sets.has('validation_1') ? 'train' : 'val');
}

function evaluated(split: Split | null): SeriesHints {
  return split === null ? { meaning: 'evaluation' } : { split, meaning: 'evaluation' };
}

/** LightGBM: `[10]\ttraining's l2: 0.5\tvalid_1's l2: 0.6`, steps from 1, and the lines of its command line (formats reference 2.14). */
export const lightgbm = consoleFormat({ id: 'lightgbm', title: 'LightGBM console', open: openLightgbm });

export function openLightgbm(): Dialect {
  return {
    line({ text, time }, sink) {
      const found = LGB.exec(text);
      if (found) return addLightgbm(found[2] as string, { step: Number(found[1]), time }, sink);
      const cli = LGB_CLI.exec(text);
      if (!cli) return /^\[LightGBM\] /.test(text);
      const set = cli[2] as string;
      put(sink, `${set} ${cli[3] as string}`, evaluated(lgbSplit(set)), { step: Number(cli[1]), time }, toNumber(cli[4]));
      return true;
    }
  };
}

function addLightgbm(text: string, axes: { step: number; time: number }, sink: Sink): boolean {
  let any = false;
  for (const [, owner = '', metric = '', value, spread] of text.matchAll(LGB_PAIR)) {
    const name = `${owner}${metric}`.trim();
    const hints = evaluated(lgbSplit(owner.replace(/'s $/, '').trim()));
    put(sink, name, hints, axes, toNumber(value));
    if (spread !== undefined) put(sink, `${name} std`, hints, axes, toNumber(spread));
    any = true;
  }
  return any;
}

function lgbSplit(set: string): Split | null {
  return /^valid_\d+$/.test(set) ? 'val' : splitOf(set);
}

/** CatBoost: `10:\tlearn: 0.65\ttest: 0.66\tbest: 0.66 (10)\ttotal: 1.2s`, steps from 0. The metric has no name here; `test` is the validation. */
export const catboostConsole = consoleFormat({ id: 'catboost-console', title: 'CatBoost console', open: openCatboost });

export function openCatboost(): Dialect {
  return {
    line({ text, time }, sink) {
      const found = CAT.exec(text);
      if (!found || (found[2] === undefined && found[3] === undefined)) return false;
      const axes = { step: Number(found[1]), time };
      if (found[2] !== undefined) put(sink, 'learn', { split: 'train', meaning: 'evaluation' }, axes, toNumber(found[2]));
      if (found[3] !== undefined) put(sink, 'test', { split: 'val', meaning: 'evaluation' }, axes, toNumber(found[3]));
      if (found[4] !== undefined) put(sink, 'test1', { split: 'val', meaning: 'evaluation' }, axes, toNumber(found[4]));
      return true;
    }
  };
}
