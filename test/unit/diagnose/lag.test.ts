import { describe, expect, test } from 'vitest';
import { buildView } from '../../../main/service/diagnose/build-view.ts';
import { gapSeries } from '../../../main/service/diagnose/gap.ts';
import { epochRun, numbers, runOf, series } from './logged.ts';

/** Mean of exp(-rate t) over the window that ends at t. */
const windowMean = (rate: number, t: number): number => (Math.exp(-rate * (t - 1)) - Math.exp(-rate * t)) / rate;

describe('lag correction', () => {
  test.each([0.05, 0.1, 0.2, 0.4])('an exponential loss with rate %d a window has |d| < 0.01 after correction', (rate) => {
    const train = numbers(30, (i) => windowMean(rate, i + 1));
    const val = numbers(30, (i) => Math.exp(-rate * (i + 1)));
    const { d, raw, lag } = gapSeries(buildView(epochRun(train, val)));
    const known = Array.from(d).filter((x, i) => Number.isFinite(x) && (val[i] as number) > lag.floor);
    expect(known.length).toBeGreaterThanOrEqual(15);
    for (const x of known) expect(Math.abs(x)).toBeLessThan(0.01);
    expect(raw[0]).toBeGreaterThan(0.4 * rate);
  });

  test('step losses are averaged over the interval before each eval', () => {
    const rate = 0.02;
    const steps = numbers(300, (i) => Math.exp(-rate * (i + 0.5)));
    const val = numbers(30, (i) => Math.exp(-rate * (i + 1) * 10));
    const run = runOf([series('loss', 'loss', 'train', steps), series('val_loss', 'loss', 'val', val, { every: 10 })]);
    const { d, lag } = gapSeries(buildView(run));
    for (const x of Array.from(d).filter((_, i) => (val[i] as number) > lag.floor && Number.isFinite(d[i])))
      expect(Math.abs(x)).toBeLessThan(0.01);
  });

  test('the newest eval is known only when the next has come', () => {
    const train = numbers(12, (i) => 2 - 0.1 * i);
    const { d, lag, provisional } = gapSeries(buildView(epochRun(train, train)));
    expect(d.at(-1)).toBeNaN();
    expect(lag.knownAt.at(-2)).toBe(11);
    expect(provisional).toBeCloseTo(Math.log(Math.sqrt((train[11] as number) / (train[10] as number))), 10);
  });

  test('a train loss measured in evaluation mode is taken as it is', () => {
    const train = numbers(12, (i) => 2 - 0.1 * i);
    const run = runOf([
      series('train loss', 'loss', 'train', train, { every: 10, meaning: 'evaluation', probe: true }),
      series('val loss', 'loss', 'val', train, { every: 10 }),
      series(
        'loss',
        'loss',
        'train',
        numbers(120, () => 3),
        { meaning: 'batch' },
      ),
    ]);
    const { d } = gapSeries(buildView(run));
    expect(Array.from(d)).toEqual(numbers(12, () => 0));
  });

  test('evals between two logged windows are read between their middles', () => {
    const rate = 0.01;
    const train = numbers(10, (i) => (Math.exp(-rate * i * 30) - Math.exp(-rate * (i + 1) * 30)) / (rate * 30));
    const val = numbers(30, (i) => Math.exp(-rate * (i + 1) * 10));
    const run = runOf([
      series('loss', 'loss', 'train', train, { every: 30, meaning: 'window-mean' }),
      series('val_loss', 'loss', 'val', val, { every: 10 }),
    ]);
    const { d } = gapSeries(buildView(run));
    const known = Array.from(d).filter((x) => Number.isFinite(x));
    expect(known.length).toBeGreaterThan(15);
    for (const x of known) expect(Math.abs(x)).toBeLessThan(0.12);
  });

  test('losses below a thousandth of the first count as that', () => {
    const { d } = gapSeries(
      buildView(
        epochRun(
          numbers(12, (i) => (i === 0 ? 2 : 1e-9)),
          numbers(12, (i) => (i === 0 ? 2 : 1e-7)),
        ),
      ),
    );
    expect(d[5]).toBeCloseTo(0, 12);
  });

  test('signed losses are compared by difference over their range', () => {
    const val = numbers(20, (i) => 2 - i);
    const train = numbers(20, (i) => 2 - i + 2);
    const { d } = gapSeries(buildView(epochRun(train, val)));
    expect(d[5]).toBeCloseTo((2 - 0.5) / 19, 5);
  });
});
