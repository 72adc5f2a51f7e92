/** Single pieces of evidence of the causes: present where the formula says so, absent where its reasons do not hold. */
import { describe, expect, test } from 'vitest';
import { buildView } from '../../../main/service/diagnose/build-view.ts';
import { causes } from '../../../main/service/diagnose/causes/index.ts';
import { plainLossToBound, smoothingOfFloor } from '../../../main/service/diagnose/confidence-bound.ts';
import { smoothingFloor } from '../../../main/service/diagnose/constants.ts';
import { evidenceOf } from '../../../main/service/diagnose/evidence.ts';
import { gapSeries } from '../../../main/service/diagnose/gap.ts';
import type { RunInput } from '../../../main/service/diagnose/input.ts';
import { averagingRate } from '../../../main/service/diagnose/neumann.ts';
import { scoreCauses, termsOf, type Scored } from '../../../main/service/diagnose/score.ts';
import { wholeHits } from '../../../main/service/diagnose/sizes.ts';
import { watchGap } from '../../../main/service/diagnose/watch-gap.ts';
import { classifier, handicap, type Change } from './classifier.ts';
import { normal, numbers } from './logged.ts';

function scored(run: RunInput, id: string): Scored {
  const view = buildView(run);
  const gap = gapSeries(view);
  const found = scoreCauses(evidenceOf(view, gap, watchGap(view, gap).burnIn), causes).find(({ cause }) => cause.id === id);
  if (!found) throw new Error(`no cause ${id}`);
  return found;
}

function termIn(run: RunInput, id: string, term: string): number {
  const { cause, of } = scored(run, id);
  const found = termsOf(cause).find((each) => each.id === term);
  if (!found) throw new Error(`${id} has no term ${term}`);
  return found.value(of);
}

const term = (change: Change, id: string, name: string): number => termIn(classifier(change), id, name);

/** The same losses as of a regression: no accuracy, no number of classes. */
function regression(change: Change): RunInput {
  const run = classifier(change);
  const config = new Map([...run.config].filter(([key]) => key !== 'num_classes'));
  return { ...run, config, series: run.series.filter(({ metric }) => metric !== 'accuracy') };
}

describe('losses that differ before training', () => {
  const easier: Change = { val: (x) => 0.45 * x, config: {} };

  test('speak against the data in a classifier, whose untrained loss is ln K on any data', () => {
    expect(scored(classifier(easier), 'D1').vetoed).toMatch(/before any training/);
    expect(term(easier, 'D1', 'initial-differs')).toBe(1);
  });

  test('do not in a regression, whose untrained loss is the spread of the targets', () => {
    expect(scored(regression(easier), 'D1').vetoed).toBeNull();
    expect(scored(regression(easier), 'H5').vetoed).toBeNull();
    expect(scored(regression(easier), 'H1').vetoed).toMatch(/before any training/);
    expect(termIn(regression(easier), 'D1', 'initial-differs')).toBe(0);
  });
});

describe('what a setting explains', () => {
  test('makes chance and data less likely', () => {
    expect(term({ ...handicap(0.8), config: { dropout: 0.5 } }, 'D5', 'explained-by-setting')).toBe(1);
    expect(term({ ...handicap(0.8), config: { dropout: 0 } }, 'D5', 'explained-by-setting')).toBe(0);
    expect(term({ ...handicap(0.8), config: { dropout: 0.03 } }, 'D1', 'explained-by-setting')).toBe(0);
  });

  test('is nothing where the trainer does it on both sides', () => {
    const both = { ...handicap(0.8), config: { label_smoothing_factor: 0.1 }, formats: ['hf-trainer'] };
    expect(term(both, 'D5', 'explained-by-setting')).toBe(0);
  });

  test('class weights whose mean is the ratio leave no factor to look for', () => {
    const weights = { train: (x: number) => 2 * x, config: { class_weight: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2] } };
    expect(term(weights, 'S1', 'weights-explain')).toBeGreaterThan(0.9);
    expect(term({ ...weights, config: { class_weight: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] } }, 'S1', 'weights-explain')).toBe(0);
  });

  test('smoothing sets a floor near that of two softmaxes', () => {
    const stuck = { train: (x: number) => Math.max(x, 0.4), config: { label_smoothing: 0.2 } };
    expect(term(stuck, 'O5', 'smoothing-explains')).toBe(1);
    expect(term({ ...stuck, config: { label_smoothing: 0 } }, 'O5', 'smoothing-explains')).toBe(0);
    expect(term({ ...stuck, formats: ['keras-csv'] }, 'O5', 'smoothing-explains')).toBe(0);
  });
});

describe('one device', () => {
  const four: Change = { val: (x) => 0.88 * x, valSize: 60, configuredValSize: 240, config: { devices: 4 } };

  test('is seen in accuracies that are whole numbers of its hits', () => {
    expect(term(four, 'S4', 'hits-of-one-device')).toBe(1);
  });

  test('is spoken against by accuracies that are not', () => {
    const { cause, of, vetoed } = scored(classifier({ ...four, valSize: 240 }), 'S4');
    expect(vetoed).toBeNull();
    expect(termsOf(cause).find(({ id }) => id === 'hits-of-one-device')?.value(of)).toBe(-1);
    expect(cause.against(of).join(' ')).toMatch(/no whole numbers of hits among 60 samples/);
  });

  test('whole hits among n, within rounding', () => {
    expect(wholeHits([0.9, 0.8], 10)).toEqual({ all: true, values: 2 });
    expect(wholeHits([0.333, 0.667, 1, 0], 3)).toEqual({ all: true, values: 2 });
    expect(wholeHits([0.9, 0.85], 10)).toEqual({ all: false, values: 2 });
    expect(wholeHits([1, 1, 0], 10)).toEqual({ all: true, values: 0 });
  });
});

describe('a factor', () => {
  test('counts within its error of measurement, not near it', () => {
    expect(term({ train: (x) => 2 * x, config: {} }, 'S1', 'factor')).toBeGreaterThan(0.8);
    expect(term({ train: (x) => 2.35 * x, config: {} }, 'S1', 'factor')).toBeLessThan(0.2);
  });

  test('is confirmed or refuted by the probe', () => {
    expect(term({ train: (x) => 4 * x, probe: true, config: {} }, 'S1', 'factor-by-probe')).toBeGreaterThan(0.8);
    expect(term({ train: (x) => 3.2 * x, probe: true, config: {} }, 'S1', 'factor-by-probe')).toBeLessThan(-0.8);
  });

  test('of validation that stays from before training on is padding, not data', () => {
    expect(term({ val: (x) => 0.6 * x, probe: true, config: {} }, 'S3', 'factor-kept')).toBeGreaterThan(0.8);
    expect(term({ valData: (x, p) => x * (1 - 0.6 * p), probe: true, config: {} }, 'S3', 'factor-kept')).toBe(0);
  });
});

describe('the bound of smoothed confidence', () => {
  test.each([
    [0.1, 2],
    [0.2, 10],
    [0.05, 1000],
  ])('smoothing %d of %d classes is found again from its floor', (e, k) => {
    expect(smoothingOfFloor(smoothingFloor(e, k), k)).toBeCloseTo(e, 5);
  });

  test('a floor that no smoothing sets', () => {
    expect([smoothingOfFloor(0, 10), smoothingOfFloor(2.2, 10)]).toEqual([null, null]);
  });

  test('a plain loss far below it rules smoothing out; one at it does not', () => {
    const floor = smoothingFloor(0.2, 10);
    const stuck: Change = { train: (x) => Math.max(x, floor), config: {} };
    const bound = -Math.log(1 - 0.2 + 0.02);
    expect(term({ ...stuck, val: (x) => 0.3 * x }, 'O1', 'confidence-unbounded')).toBe(1);
    expect(term({ ...stuck, val: (x) => Math.max(x, 1.1 * bound) }, 'O1', 'confidence-unbounded')).toBe(0);
    expect(term({ ...stuck, val: (x) => Math.max(x, 1.1 * bound) }, 'O1', 'confidence-bounded')).toBe(1);
    const view = buildView(classifier({ train: (x) => x + 2, config: {} }));
    const gap = gapSeries(view);
    expect(plainLossToBound(evidenceOf(view, gap, 2))).toBeNull();
  });
});

test('a validation set that is tiny beside what is trained on was cut down', () => {
  expect(term({ valSize: 25, config: {} }, 'D5', 'few-beside-training')).toBe(1);
  expect(term({ valSize: 300, config: {} }, 'D5', 'few-beside-training')).toBe(0);
  expect(term({ valSize: 50, config: { n_train: 120 } }, 'D5', 'few-beside-training')).toBe(0);
});

describe('the rate of an average', () => {
  const averaged = (beta: number): Float64Array => {
    const next = normal(3);
    let last = 1;
    return Float64Array.from(numbers(1200, (i) => (last = beta * last + (1 - beta) * Math.exp(-i / 2000) * (1 + 0.3 * next()))));
  };

  test.each([0.9, 0.98])('is found again for %d', (beta) => {
    const rate = averagingRate(averaged(beta)) ?? NaN;
    expect(rate / (1 - beta)).toBeGreaterThan(0.4);
    expect(rate / (1 - beta)).toBeLessThan(1.8);
  });

  test('needs some values', () => {
    expect(averagingRate(new Float64Array(5).fill(1))).toBeNull();
  });
});

test('averaged weights that a complete configuration does not mention are unlikely', () => {
  expect(term({ config: { dropout: 0 } }, 'E1', 'config-silent')).toBe(1);
  expect(term({ config: { model_ema: true } }, 'E1', 'config-silent')).toBe(0);
});
