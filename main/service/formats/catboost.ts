import { csvFormat } from './csv.ts';
import type { Split } from './format.ts';

/**
 * CatBoost's `learn_error.tsv` and `test_error.tsv`: `iter` from 0, then a column for each metric; a second evaluation set repeats
 * the metric as `Metric:1` (formats reference 2.14). What CatBoost calls test is the evaluation set of the fit, that is validation.
 */
export const catboost = csvFormat({
  id: 'catboost',
  title: 'CatBoost catboost_info/*_error.tsv',
  detect: ({ names }, probe) => names[0] === 'iter' && /(learn|test)_error\.tsv$/.test(probe.name),
  fields(names, file) {
    const split: Split = file.name.includes('learn_error') ? 'train' : 'val';
    return names.map((name, at) => (at === 0 ? { role: 'step', name } : { role: 'metric', name, hints: { split, meaning: 'evaluation' } }));
  }
});
