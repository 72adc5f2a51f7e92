import { expect, test } from 'vitest';
import { likeness } from '../../../main/service/runs/copies.ts';
import { seriesRow, valueAt } from './series-row.ts';

const curve = (seed: number, every = 1): [number, number][] => Array.from({ length: 12 / every }, (_, at) => [at * every, 0.9 / (1 + at * every) + 0.02 * Math.sin(seed + at * every)]);
const rounded = (points: readonly [number, number][], decimals: number): [number, number][] => points.map(([x, value]) => [x, Number(value.toFixed(decimals))]);
const row = (points: readonly [number, number][], format: string): Parameters<typeof likeness>[0] => ({ row: seriesRow('val_loss', points), format });

test('a console that prints two, three or four decimals repeats what a table holds in full', () => {
  for (const decimals of [2, 3, 4]) {
    expect(likeness(row(curve(1), 'csv'), row(rounded(curve(1), decimals), 'console'), valueAt)).toBe('copy');
    expect(likeness(row(curve(2), 'csv'), row(rounded(curve(1), decimals), 'console'), valueAt)).toBe('other');
  }
});

test('two tables have to agree in what float32 keeps', () => {
  const single = curve(1).map(([x, value]): [number, number] => [x, Math.fround(value)]);
  expect(likeness(row(curve(1), 'csv'), row(single, 'tensorboard'), valueAt)).toBe('copy');
  expect(likeness(row(curve(1), 'csv'), row(rounded(curve(1), 3), 'jsonl'), valueAt)).toBe('other');
});

test('a copy of every third step is one by its steps, whichever is longer', () => {
  expect(likeness(row(curve(1), 'csv'), row(curve(1, 3), 'jsonl'), valueAt)).toBe('copy');
  expect(likeness(row(curve(1, 3), 'csv'), row(curve(1), 'jsonl'), valueAt)).toBe('copy');
});

test('too few points, or none at the same place, say nothing', () => {
  expect(likeness(row(curve(1), 'csv'), row(curve(1).slice(0, 2), 'jsonl'), valueAt)).toBe('unknown');
  expect(likeness(row(curve(1), 'csv'), row([], 'jsonl'), valueAt)).toBe('unknown');
  expect(likeness(row(curve(1), 'csv'), row(curve(1).slice(0, 2).map(([x, value]) => [x, value + 0.3]), 'jsonl'), valueAt)).toBe('other');
});
