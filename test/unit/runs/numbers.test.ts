import { expect, test } from 'vitest';
import type { Run } from '../../../main/service/runs/catalogue.ts';
import { numbersOf } from '../../../main/service/runs/numbers.ts';

type Named = [metric: string, split: 'train' | 'val' | null, last: number];

function run(key: string, config: Record<string, unknown>, series: Named[] = []): Run {
  const made = series.map(([metric, split, value]) => ({ metric, name: `${split}/${metric}`, split, probe: false, parts: [{ end: { value } }] }));
  return { key, config: new Map(Object.entries(config)), series: made } as unknown as Run;
}

test('a number of the configuration answers by its whole key, by its last part, and by another name for the same', () => {
  const runs = [run('a', { lr: 0.1 }), run('b', { 'optimizer/learning_rate': 0.2 }), run('c', { 'train.lr': '3e-4' }), run('d', { lr: 'auto' })];
  expect(numbersOf(runs, 'LR')).toEqual([['a', 0.1], ['b', 0.2], ['c', 3e-4]]);
  expect(numbersOf(runs, 'learning_rate')).toEqual([['a', 0.1], ['b', 0.2], ['c', 3e-4]]);
});

test('the whole key goes before the end of a longer one', () => {
  expect(numbersOf([run('a', { 'model/dropout': 0.1, dropout: 0.5 })], 'dropout')).toEqual([['a', 0.5]]);
});

test('without a setting the newest value of a metric answers, validation first', () => {
  const runs = [run('a', {}, [['accuracy', 'train', 0.99], ['accuracy', 'val', 0.9]]), run('b', {}, [['loss', 'train', 1]])];
  expect(numbersOf(runs, 'accuracy')).toEqual([['a', 0.9]]);
  expect(numbersOf(runs, 'nothing')).toEqual([]);
});
