import { describe, expect, test } from 'vitest';
import { buildView } from '../../../main/service/diagnose/build-view.ts';
import { epochRun, numbers, runOf, series } from './logged.ts';

const losses = (n: number): number[] => numbers(n, (i) => 2 - 0.05 * i);

describe('what is paired with what', () => {
  test('an exact epoch mean is preferred to a few logged steps, which stay for the rest', () => {
    const view = buildView(
      runOf([
        series('train_loss_step', 'loss', 'train', losses(20), { every: 5 }),
        series(
          'train_loss_epoch',
          'loss',
          'train',
          numbers(10, (i) => 7 + i),
          { every: 10, meaning: 'epoch-mean' },
        ),
        series('val_loss', 'loss', 'val', losses(10), { every: 10 }),
      ]),
    );
    expect(Array.from(view.evals.train)).toEqual(numbers(10, (i) => 7 + i));
    expect(view.steps.name).toBe('train_loss_step');
    expect(view.pointsPerEval).toBe(2);
  });

  test('window means are weighed by the steps they cover', () => {
    const view = buildView(
      runOf([
        series('loss', 'loss', 'train', [9, 1, 2], { steps: [1, 4, 8], meaning: 'window-mean' }),
        series('eval_loss', 'loss', 'val', [1], { steps: [8] }),
      ]),
    );
    expect(view.evals.train[0]).toBeCloseTo((9 * 1 + 1 * 3 + 2 * 4) / 8, 10);
  });

  test('epochs are the axis where there are no steps, the order where there is neither', () => {
    const bare = { step: new Float64Array(10).fill(NaN) };
    const epoch = Float64Array.from(numbers(10, (i) => i));
    const byEpoch = runOf([
      series('loss', 'loss', 'train', losses(10), { ...bare, epoch }),
      series('val_loss', 'loss', 'val', losses(10), { ...bare, epoch }),
    ]);
    const byOrder = runOf([series('loss', 'loss', 'train', losses(10), bare), series('val_loss', 'loss', 'val', losses(10), bare)]);
    expect([buildView(byEpoch).axis, buildView(byOrder).axis]).toEqual(['epoch', 'index']);
    expect(buildView(byOrder).evals.train[4]).toBeCloseTo(1.8, 10);
  });

  test('perplexity is a loss after its logarithm', () => {
    const view = buildView(
      runOf([
        series(
          'train_ppl',
          'ppl',
          'train',
          numbers(10, () => Math.E ** 2),
          { every: 10 },
        ),
        series(
          'val_ppl',
          'ppl',
          'val',
          numbers(10, () => Math.E),
          { every: 10 },
        ),
      ]),
    );
    expect(view.metric).toBe('perplexity');
    expect([view.evals.train[3], view.evals.val[3]]).toEqual([2, 1]);
  });

  test('a loss is preferred to perplexity, and a train loss is not paired with another metric', () => {
    const view = buildView(
      runOf([
        series('loss', 'loss', 'train', losses(20), { every: 5 }),
        series('val_loss', 'loss', 'val', losses(10), { every: 10 }),
        series('val_ppl', 'ppl', 'val', losses(10), { every: 10 }),
      ]),
    );
    expect(view.metric).toBe('loss');
    expect(
      buildView(runOf([series('loss', 'loss', 'train', losses(20)), series('val_acc', 'accuracy', 'val', losses(10))])).evals.count,
    ).toBe(0);
  });

  test('losses that are logged in parts only are summed over the shared parts', () => {
    const part = (metric: string, split: 'train' | 'val', value: number) =>
      series(
        `${split}/${metric}`,
        metric,
        split,
        numbers(10, () => value),
        { every: 10, meaning: split === 'train' ? 'epoch-mean' : null },
      );
    const view = buildView(
      runOf([
        part('loss.box', 'train', 1),
        part('loss.cls', 'train', 2),
        part('loss.dfl', 'train', 4),
        part('loss.box', 'val', 0.5),
        part('loss.cls', 'val', 1),
      ]),
    );
    expect([view.evals.train[2], view.evals.val[2]]).toEqual([3, 1.5]);
  });

  test('accuracy in per cent becomes a share', () => {
    const run = epochRun(losses(10), losses(10), {}, [
      series(
        'top1',
        'accuracy',
        'val',
        numbers(10, (i) => 50 + i),
        { every: 10 },
      ),
    ]);
    expect(buildView(run).evals.valAccuracy[0]).toBe(0.5);
  });

  test('a probe is the probe whatever split its name was read as', () => {
    const run = epochRun(losses(10), losses(10), {}, [
      series(
        'eval_train_loss',
        'loss',
        'val',
        numbers(10, () => 0.5),
        { every: 10, probe: true },
      ),
    ]);
    expect(buildView(run).evals.cleanTrain[3]).toBe(0.5);
    expect(buildView(run).evals.val[3]).not.toBe(0.5);
  });
});

describe('the measurement before training', () => {
  test('at step 0 it is no eval', () => {
    const view = buildView(
      runOf([
        series('loss', 'loss', 'train', losses(40)),
        series('val_loss', 'loss', 'val', [2.3, ...losses(4)], { steps: [0, 10, 20, 30, 40] }),
      ]),
    );
    expect([view.initialVal, view.evals.count, view.evals.step[0]]).toEqual([2.3, 4, 10]);
  });

  test('step 0 of a writer that counts from 0 is the first epoch', () => {
    const view = buildView(
      runOf([
        series('epoch_loss', 'loss', 'train', losses(10), { steps: numbers(10, (i) => i) }),
        series('epoch_loss', 'loss', 'val', losses(10), { steps: numbers(10, (i) => i) }),
      ]),
    );
    expect([view.initialVal, view.evals.count]).toEqual([null, 10]);
  });

  test('Lightning counts its first training step as 0, too', () => {
    const view = buildView(
      runOf([
        series('train_loss', 'loss', 'train', losses(20), { steps: numbers(20, (i) => i) }),
        series('val_loss', 'loss', 'val', [2.3, ...losses(5)], { steps: [0, 3, 7, 11, 15, 19] }),
      ]),
    );
    expect([view.initialVal, view.evals.count]).toEqual([2.3, 5]);
  });

  test('an evaluated train loss beside it does not make it an eval', () => {
    const steps = [0, 10, 20, 30];
    const view = buildView(
      runOf([
        series('train', 'loss', 'train', [2.3, 2, 1.8, 1.6], { steps, meaning: 'evaluation', probe: true }),
        series('val', 'loss', 'val', [2.4, 2.1, 1.9, 1.7], { steps }),
        series('loss', 'loss', 'train', losses(40), { meaning: 'batch' }),
      ]),
    );
    expect([view.initialVal, view.initialClean, view.evals.count]).toEqual([2.4, 2.3, 3]);
    expect(view.trainMeaning).toBe('evaluation');
  });
});

describe('resumes and plans', () => {
  test('evals after a step that went back are a new stretch, and train means do not cross it', () => {
    const steps = [...numbers(40, (i) => i + 1), ...numbers(30, (i) => i + 21)];
    const train = series(
      'loss',
      'loss',
      'train',
      steps.map((_, i) => (i < 40 ? 2 : 1)),
      { steps },
    );
    const val = series(
      'val_loss',
      'loss',
      'val',
      numbers(7, () => 1.5),
      { steps: [10, 20, 30, 40, 30, 40, 50] },
    );
    const view = buildView(runOf([train, val]));
    expect(view.resumes).toEqual([4]);
    expect(Array.from(view.evals.train)).toEqual([2, 2, 2, 2, 1, 1, 1]);
  });

  test('planned evals come from steps or epochs', () => {
    expect(buildView({ ...epochRun(losses(10), losses(10)), planSteps: 400 }).plan.evals).toBe(40);
    const epochs = series('val_loss', 'loss', 'val', losses(10), { every: 10, epoch: Float64Array.from(numbers(10, (i) => i + 1)) });
    const train = series('loss', 'loss', 'train', losses(10), { every: 10, epoch: Float64Array.from(numbers(10, (i) => i + 1)) });
    expect(buildView(runOf([train, epochs], { max_epochs: 80 })).plan.evals).toBe(80);
    expect(buildView(epochRun(losses(10), losses(10))).plan.evals).toBeNull();
  });

  test('burn-in waits for the end of the warm-up', () => {
    const lr = series(
      'lr',
      'lr',
      null,
      numbers(10, (i) => Math.min(1, 0.2 * (i + 1))),
      { every: 10 },
    );
    expect(buildView(epochRun(losses(10), losses(10), {}, [lr])).warmupEnd).toBe(4);
  });
});

test.each([
  [{ pretrained: true }, false],
  [{ pretrained: false }, true],
  [{ init_from: 'scratch' }, true],
  [{ init_from: 'gpt2' }, false],
  [{ resume: '' }, true],
])('from scratch with %j: %s', (config, expected) => {
  expect(buildView(epochRun(losses(10), losses(10), config as Record<string, boolean | string>)).fromScratch).toBe(expected);
});
