import { describe, expect, it } from 'vitest';
import { curve, finding, made, noise, why, type Made } from './made-run.ts';

/** Validation as given; train falls from 2.3 towards 0.2, ten steps to an eval. */
function withVal(val: number[], more: Made = {}): ReturnType<typeof made> {
  return made({ train: curve(val.length * 10, (i) => 0.2 + 2.1 * Math.exp(-i / 100)), val, ...more });
}

describe('B4 plateau', () => {
  const random = noise(2);
  const flat = curve(30, (i) => 0.5 + Math.exp(-i / 3) + 0.002 * random());

  it('finds a loss that stopped improving', () => {
    expect(finding('B4', withVal(flat))).toMatchObject({ severity: 'info', at: { eval: 20 } });
    expect(finding('B4', withVal(curve(20, (i) => (i < 5 ? 1 : 0.5))))?.text).toBe('Validation loss did not improve in the last 10 evals.');
  });

  it('is silent while it falls, while it rises, and when the learning rate has been lowered on purpose', () => {
    expect(finding('B4', withVal(curve(30, (i) => 2 - 0.03 * i)))).toBeNull();
    expect(finding('B4', withVal(curve(30, (i) => 0.5 + 0.02 * i)))).toBeNull();
    expect(finding('B4', withVal(flat, { lr: (step) => (step > 250 ? 1e-5 : 1e-3) }))).toBeNull();
  });

  it('speaks up when the learning rate is 0 and the run goes on', () => {
    const spent = withVal(curve(30, (i) => (i < 8 ? 2 - 0.2 * i : 0.6)), { lr: (step) => (step > 80 ? 0 : 1e-3) });
    expect(finding('B4', spent)?.text).toBe('Validation loss did not improve in the last 10 evals at learning rate 0.');
  });

  it('says how many evals it needs', () => {
    expect(why('B4', withVal([1, 1, 1]))).toBe('not enough evals yet (3 of 10)');
  });
});

describe('B5 overfitting and B6 masked overfitting', () => {
  const rising = curve(30, (i) => 0.4 + (i < 10 ? Math.exp(-i / 2) : 0.01 * (i - 10)));

  it('finds validation that rises while train falls, with the eval to go back to', () => {
    const fault = finding('B5', withVal(rising));
    expect(fault).toMatchObject({ severity: 'warning', remedies: ['early-stopping', 'more-regularisation', 'more-data'] });
    expect(fault?.text).toMatch(
      /^Validation loss is \d+ % above its best \(0\.4\d*\) at eval \d+, step \d+ while train loss fell \d+ %\.$/,
    );
    expect(finding('B6', withVal(rising))).toBeNull();
  });

  it('with validation below training is one warning, not two', () => {
    const train = curve(300, (i) => 1.5 - i / 1000);
    expect(finding('B6', made({ train, val: rising }))).toMatchObject({ severity: 'warning' });
    expect(finding('B5', made({ train, val: rising }))).toMatchObject({ severity: 'info' });
  });

  it('calls no rise what happens below a thousandth of the start', () => {
    const tiny = curve(40, (i) => (i < 10 ? 2 * Math.exp(-i) : i < 20 ? 2e-5 : 2e-4));
    const train = curve(400, (i) => 2 * Math.exp(-i / 60));
    expect(finding('B5', made({ train, val: tiny }))).toBeNull();
    expect(finding('B6', made({ train, val: tiny }))).toBeNull();
  });

  it('is over when validation comes back', () => {
    expect(finding('B5', withVal([...rising, 0.4, 0.39, 0.4]))).toBeNull();
  });

  it('does not take a rise of both losses for overfitting', () => {
    const train = curve(300, (i) => 1 + i / 200);
    expect(finding('B5', made({ train, val: curve(30, (i) => 1 + i / 20) }))).toBeNull();
  });

  it('reads losses below zero by what they had come down', () => {
    const val = curve(30, (i) => (i < 15 ? -i : -14 + (i - 14)));
    const train = curve(300, (i) => -i / 10);
    expect(finding('B5', made({ train, val }))?.text).toMatch(/rose from -14 to/);
  });

  it('waits for six evals', () => {
    expect(why('B5', withVal([1, 2, 3, 4, 5]))).toBe('not enough evals yet (5 of 6)');
  });
});

describe('B7 not learning and B9 learning rate too low', () => {
  const random = noise(4);
  const stuck = curve(200, () => 2.31 + 0.02 * random());

  it('finds a loss that equals guessing', () => {
    const val = curve(20, () => 2.3 + 0.001 * random());
    const fault = finding('B7', made({ train: stuck, val, config: { num_classes: 10 } }));
    expect(fault?.text).toMatch(/equals guessing among 10 classes \(ln 10 = 2\.3\) after 20 evals/);
  });

  it('knows frozen weights by a validation loss that never changes, however noisy the train loss', () => {
    const noisy = curve(200, () => 1 + 0.3 * random());
    const fault = finding('B7', made({ train: noisy, val: curve(20, () => 1.079) }));
    expect(fault?.text).toMatch(/^Validation loss has not changed at all in 20 evals/);
  });

  it('finds a loss that has not come down where K is unknown', () => {
    const val = curve(20, () => 2.3 + 0.001 * random());
    expect(finding('B7', made({ train: stuck, val }))?.text).toMatch(/still has (9\d|10\d) % of its start/);
  });

  it('leaves a slow steady fall to B9', () => {
    const train = curve(400, (i) => 2.3 - i * 5e-5 + 0.002 * random());
    const val = curve(40, (i) => 2.3 - i * 5e-4);
    expect(finding('B7', made({ train, val }))).toBeNull();
    const fault = finding('B9', made({ train, val, lr: () => 1e-6 }));
    expect(fault?.severity).toBe('info');
    expect(fault?.text).toMatch(
      /^The train loss falls steadily but slowly: 0\.02 % per epoch at learning rate .*\. It still has 99 % of its start\.$/,
    );
  });

  it('does not call a curve slow that levels off or gathers speed', () => {
    const levelling = made({ train: curve(400, (i) => 2 + 0.3 * Math.exp(-i / 50)), val: curve(40, (i) => 2 + 0.3 * Math.exp(-i / 5)) });
    expect(finding('B9', levelling)).toBeNull();
    const beginning = made({ train: curve(200, (i) => 2 - 2e-6 * i ** 2), val: curve(20, (i) => 2 - 2e-4 * i ** 2) });
    expect(finding('B9', beginning)).toBeNull();
  });

  it('does not call a run stuck that learned and fell apart', () => {
    const val = curve(40, (i) => (i < 10 ? 2.3 - i * 0.2 : 2.31));
    expect(finding('B7', made({ train: curve(400, (i) => (i < 100 ? 2.3 - i * 0.02 : 2.31)), val }))).toBeNull();
  });
});

describe('B8 learning rate too high', () => {
  it('finds a rise at the start', () => {
    const train = curve(1000, (i) => (i < 5 ? 2 : i < 80 ? 2 + i / 30 : 2));
    const fault = finding('B8', made({ train, val: curve(100, () => 2), lr: () => 0.1, run: { planSteps: 1000 } }));
    expect(fault?.text).toMatch(/^Train loss rose \d+ % above its start \(2\) by step \d+ at learning rate 0\.1\.$/);
  });

  it('finds swings that stop with a lower rate', () => {
    const val = curve(40, (i) => (i < 20 ? 1 + (i % 2) * 0.5 : 0.9));
    const fault = finding('B8', withVal(val, { lr: (step) => (step <= 200 ? 0.01 : 0.001) }));
    expect(fault?.text).toMatch(/stopped swinging when the learning rate fell from 0\.01 to 0\.001/);
  });

  it('finds a rate so high that the loss explodes within the first few steps', () => {
    const train = curve(400, (i) => [1, 0.7, 85, 1600, 1e8][i] ?? 14);
    const fault = finding('B8', made({ train, val: curve(40, () => 14), run: { state: 'finished' } }));
    expect(fault?.text).toMatch(/^Train loss rose to .* times its start \(1\) by step \d+\.$/);
  });

  it('takes one easy first batch for what it is', () => {
    const random = noise(7);
    const train = curve(400, (i) => (i === 0 ? 0.7 : (1 + 0.25 * random()) * Math.exp(-i / 400)));
    expect(finding('B8', made({ train, val: curve(40, (i) => Math.exp(-i / 40)), run: { state: 'finished' } }))).toBeNull();
  });

  it('hears nothing of a start that a sparse log does not show', () => {
    const view = made({ val: curve(10, () => 0.1), every: 100, train: curve(1000, (i) => (i < 30 ? 0.1 : 0.4)) });
    const late = { ...view, steps: { ...view.steps, step: view.steps.step.map((step) => step + 50) } };
    expect(finding('B8', view)).not.toBeNull();
    expect(finding('B8', late)).toBeNull();
  });

  it('knows by validation that is worse than before training where only epochs are logged', () => {
    const config = { num_classes: 10, optimizer: 'sgd', learning_rate: 1, epochs: 30, batch_size: 32, model: 'mlp', seed: 1 };
    const bad = finding('B8', made({ train: [], val: curve(30, (i) => (i < 3 ? 9 : 2.3)), config }));
    expect(bad?.text).toMatch(/^Validation loss is 3\.9\d* times that of the untrained model \(2\.3\d*\) at eval 2\.$/);
    expect(why('B8', made({ train: [], val: curve(30, (i) => (i < 1 ? 9 : 2)), config }))).toBe('too few train losses yet');
  });

  it('leaves a late fall-apart of a running training to B3', () => {
    const train = curve(450, (i) => (i < 200 ? Math.exp(-i / 50) : 1.5));
    expect(finding('B8', made({ train, val: curve(45, () => 1) }))).toBeNull();
  });

  it('is silent on a warm-up that works', () => {
    expect(finding('B8', withVal(curve(40, (i) => 2 * Math.exp(-i / 10))))).toBeNull();
  });
});

describe('B10 oscillation', () => {
  it('finds swings, but not a trend and not noise near zero', () => {
    const swinging = withVal(curve(20, (i) => 1 + (i % 2) * 0.5));
    expect(finding('B10', swinging)?.text).toMatch(/swings by \d+ % and changed sides of its trend 9 times/);
    expect(finding('B10', withVal(curve(20, (i) => 2 - i / 15)))).toBeNull();
    expect(finding('B10', withVal(curve(20, (i) => (i < 5 ? 2 : 0.001 + (i % 2) * 0.001))))).toBeNull();
  });
});
