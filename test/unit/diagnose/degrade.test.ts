/** Whatever is missing or odd: no exception, and an honest word. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causes } from '../../../main/service/diagnose/causes/index.ts';
import { buildView } from '../../../main/service/diagnose/build-view.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import { evidenceOf } from '../../../main/service/diagnose/evidence.ts';
import { gapSeries } from '../../../main/service/diagnose/gap.ts';
import type { RunInput, SeriesInput } from '../../../main/service/diagnose/input.ts';
import { scoreCauses } from '../../../main/service/diagnose/score.ts';
import { epochRun, numbers, runOf, series } from './logged.ts';

const falling = (from: number, rate: number, n = 30): number[] =>
  numbers(n, (i) => from * Math.exp(-rate * i) + 0.2 + 0.01 * Math.sin(i * 1.7));

const full = (): RunInput => {
  const train = falling(2, 0.1);
  const steps = numbers(300, (i) => 2 * Math.exp(-0.01 * i) + 0.2 + 0.05 * Math.sin(i * 2.3));
  return runOf(
    [
      series('loss', 'loss', 'train', steps),
      series('val_loss', 'loss', 'val', [2.1, ...train.map((x) => 0.7 * x)], { steps: numbers(31, (i) => 10 * i) }),
      series(
        'val_acc',
        'accuracy',
        'val',
        numbers(31, (i) => Math.round(Math.min(0.9, 0.1 + 0.05 * i) * 60) / 60),
        { steps: numbers(31, (i) => 10 * i) },
      ),
      series(
        'train_acc',
        'accuracy',
        'train',
        numbers(30, (i) => Math.min(0.8, 0.1 + 0.04 * i)),
        { every: 10 },
      ),
      series(
        'clean_train_loss',
        'loss',
        'train',
        train.map((x) => 0.72 * x),
        { every: 10, probe: true },
      ),
      series(
        'lr',
        'lr',
        null,
        numbers(300, () => 1e-3),
      ),
    ],
    { lr: 1e-3, dropout: 0.5, num_classes: 8, n_val: 60, n_train: 320, batch_size: 32, epochs: 30 },
  );
};

describe('less and less is known', () => {
  test('leaving out any series or setting changes no more than the answer', () => {
    const run = full();
    expect(diagnose(run).gap.state).toBe('val-below');
    for (let drop = 0; drop < run.series.length; drop += 1) {
      const { sentence, notChecked } = diagnose({ ...run, series: run.series.filter((_, i) => i !== drop) });
      expect(sentence.length).toBeGreaterThan(10);
      expect(notChecked.length).toBeGreaterThan(0);
    }
    for (const key of run.config.keys())
      expect(diagnose({ ...run, config: new Map([...run.config].filter(([other]) => other !== key)) }).gap.state).toBe('val-below');
  });

  test('nothing at all', () => {
    const diagnosis = diagnose(runOf([]));
    expect(diagnosis.gap).toMatchObject({ state: 'too-few', evals: 0, d: null, firedAt: null });
    expect(diagnosis.sentence).toBe('No validation loss to compare with training yet.');
    expect(diagnosis.notChecked).toContainEqual({ id: 'gap', why: 'no pair of train and validation losses is logged' });
    expect(diagnosis.verdict).toBeNull();
  });

  test.each([1, 4, 7])('with %d evals it says so and guesses nothing', (n) => {
    const diagnosis = diagnose(
      epochRun(
        numbers(n, () => 2),
        numbers(n, () => 1),
      ),
    );
    expect(diagnosis.gap).toMatchObject({ state: 'too-few', d: null, percent: null, evals: n });
    expect(diagnosis.sentence).toBe(`Not enough evals to judge the gap yet (${n} of 8).`);
    expect(diagnosis.causes).toEqual([]);
    expect(diagnosis.verdict).toBeNull();
    expect(diagnosis.notify).toEqual([]);
  });

  test('without configuration and probe a handicap is a family, not a cause', () => {
    const run = full();
    const bare = { ...run, config: new Map(), series: run.series.filter(({ probe }) => !probe) };
    for (const { id, named } of diagnose(bare).causes) if (/^H|^D[124]/.test(id)) expect([id, named]).toEqual([id, false]);
  });
});

test('the order of causes in the catalogue makes no difference', () => {
  const view = buildView(full());
  const evidence = evidenceOf(view, gapSeries(view), 2);
  const plain = scoreCauses(evidence, causes).map(({ cause, probability }) => [cause.id, probability]);
  const turned = scoreCauses(evidence, [...causes].reverse()).map(({ cause, probability }) => [cause.id, probability]);
  expect(turned.map(([id]) => id)).toEqual(plain.map(([id]) => id));
  turned.forEach(([, p], i) => expect(p).toBeCloseTo(plain[i]?.[1] as number, 12));
});

const odd = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -5, max: 50, noNaN: true }) },
  fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e308, 1e-308, Number.MAX_VALUE),
);
const anySeries: fc.Arbitrary<SeriesInput> = fc
  .record({
    name: fc.string({ maxLength: 12 }),
    metric: fc.constantFrom('loss', 'accuracy', 'lr', 'grad_norm', 'ppl', 'loss.box', 'error', '__proto__'),
    split: fc.constantFrom('train' as const, 'val' as const, 'test' as const, null),
    meaning: fc.constantFrom(
      null,
      'batch' as const,
      'window-mean' as const,
      'epoch-mean' as const,
      'evaluation' as const,
      'smoothed' as const,
      'run-mean' as const,
    ),
    probe: fc.boolean(),
    points: fc.array(fc.tuple(odd, odd, odd, odd), { maxLength: 40 }),
    sorted: fc.boolean(),
  })
  .map(({ points, sorted, ...rest }) => {
    const step = Float64Array.from(points, ([x], i) => (sorted ? i : x));
    return {
      ...rest,
      step,
      epoch: Float64Array.from(points, ([, x]) => x),
      time: Float64Array.from(points, ([, , x]) => x),
      value: Float64Array.from(points, ([, , , x]) => x),
    };
  });
const anyValue = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.double(), { maxLength: 4 }),
);
const anyKey = fc.oneof(
  fc.constantFrom(
    'dropout',
    'class_weight',
    'class_weight/0',
    'batch_size',
    'num_classes',
    'lr',
    'label_smoothing',
    'mixup',
    'reduction',
    'n_val',
    'transformers_version',
    '__proto__',
    'a/b/c',
  ),
  fc.string({ maxLength: 10 }),
);

test('no input makes it throw', () => {
  fc.assert(
    fc.property(
      fc.array(anySeries, { maxLength: 6 }),
      fc.array(fc.tuple(anyKey, anyValue), { maxLength: 12 }),
      fc.constantFrom('jsonl', 'hf-trainer', 'keras-csv', 'nanogpt', 'timm', 'ultralytics', 'fastai'),
      (list, config, format) => {
        const diagnosis = diagnose(runOf(list, {}, { config: new Map(config), formats: [format], planSteps: 100, planEpochs: NaN }));
        expect(typeof diagnosis.sentence).toBe('string');
        expect(() => JSON.stringify(diagnosis)).not.toThrow();
      },
    ),
    { numRuns: 400 },
  );
});
