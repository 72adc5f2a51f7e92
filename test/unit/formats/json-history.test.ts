import { expect, it } from 'vitest';
import { madeUp, readText, textFormatOf } from './text-reading.ts';

it('reads lists of values, placed by a counter of their length only', () => {
  const reading = readText('history.json', '{"loss": [0.5, NaN], "epoch": [0, 1], "val_loss": [0.75]}');
  expect(reading.id).toBe('json-history');
  expect(reading.series.get(':loss')?.points).toEqual([[NaN, 0, NaN, 0.5], [NaN, 1, NaN, NaN]]);
  expect(reading.series.get(':val_loss')?.points).toEqual([[NaN, NaN, NaN, 0.75]]);
});

it('leaves other JSON alone', () => {
  expect(textFormatOf(madeUp('data.json', '{"ids": [1, 2, 3]}'))).toBeNull();
  expect(textFormatOf(madeUp('boxes.json', '[{"id": 1, "width": 3}]'))).toBeNull();
});
