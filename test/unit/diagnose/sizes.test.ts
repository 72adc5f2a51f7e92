import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../../main/service/diagnose/settings.ts';
import { classesOf, configuredBatch, configuredTrainSize, configuredValSize, inferValSize } from '../../../main/service/diagnose/sizes.ts';
import { dice } from './logged.ts';

function accuracies(n: number, digits: number, count = 30): number[] {
  const roll = dice(n);
  return Array.from({ length: count }, () => Number((Math.round((0.3 + 0.6 * roll()) * n) / n).toFixed(digits)));
}

describe('validation size from accuracies', () => {
  test.each([
    [60, 4],
    [60, 6],
    [169, 4],
    [169, 6],
    [597, 6],
    [25, 4],
  ])('n = %d at %d digits', (n, digits) => {
    const found = inferValSize(accuracies(n, digits));
    expect(found).not.toBeNull();
    expect(n % (found ?? 1)).toBe(0);
    expect(found).toBe(n);
  });

  test('four digits cannot tell 597 samples from more', () => {
    expect([null, 597]).toContain(inferValSize(accuracies(597, 4)));
  });

  test('noise of float32 in long printouts does not matter', () => {
    expect(inferValSize(accuracies(60, 12).map((x) => Math.fround(x)))).toBe(60);
  });

  test('fewer than four different values say nothing', () => {
    expect(inferValSize([0.5, 0.75, 0.5, 0.25])).toBeNull();
    expect(inferValSize([])).toBeNull();
  });

  test('numbers that are no shares of a small set give nothing', () => {
    const roll = dice(3);
    expect(inferValSize(Array.from({ length: 40 }, () => Number(roll().toFixed(4))))).toBeNull();
  });
});

describe('configured sizes', () => {
  test('many names are understood, nested ones too', () => {
    const settings = settingsOf(
      new Map(Object.entries({ 'model/num_labels': 6, 'data.n_val': 597, train_samples: '1200', per_device_train_batch_size: 32 })),
    );
    expect(classesOf(settings)).toBe(6);
    expect(configuredValSize(settings)).toBe(597);
    expect(configuredTrainSize(settings)).toBe(1200);
    expect(configuredBatch(settings)).toBe(32);
  });

  test('nonsense is no size', () => {
    const settings = settingsOf(new Map(Object.entries({ num_classes: 1, n_val: 0.2, batch_size: 'auto' })));
    expect([classesOf(settings), configuredValSize(settings), configuredBatch(settings)]).toEqual([null, null, null]);
  });
});
