/** Each cause on a run that has nothing but it: the answer, its words, and what refutes it. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../../main/service/diagnose/causes/index.ts';
import { activityOf } from '../../../main/service/diagnose/causes/keys.ts';
import { doubleSoftmaxFloor, smoothingFloor } from '../../../main/service/diagnose/constants.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import { explanation } from '../../../main/service/diagnose/explanations.ts';
import { remedy } from '../../../main/service/diagnose/remedies.ts';
import { settingsOf } from '../../../main/service/diagnose/settings.ts';
import { classifier, handicap, K, type Change } from './classifier.ts';

const smoothed =
  (e: number) =>
  (x: number): number =>
    (1 - e) * x + e * Math.log(K) * 1.1 + smoothingFloor(e, K) * 0.3;

const cases: [string, string, Change][] = [
  ['L2', 'expected', { smooth: 0.99, config: { log_smoothing: 0.99 } }],
  ['H1', 'expected', { ...handicap(0.8), config: { dropout: 0.5 } }],
  ['H2', 'expected', { ...handicap(0.9), config: { input_noise_std: 0.5 } }],
  ['H3', 'expected', { train: (x, p) => x + 0.9 * p, trainAccuracy: (x, p) => x - 0.25 * p, config: { mixup_alpha: 0.4 } }],
  ['H5', 'expected', { ...handicap(0.8), config: { sampler: 'hard_example' } }],
  ['O1', 'expected', { train: smoothed(0.1), config: { label_smoothing: 0.1 } }],
  ['O2', 'expected', { train: (x) => x + 0.15, config: { l2_penalty: 3e-3 } }],
  ['O3', 'expected', { train: (x) => x + 0.3, config: { aux_coef: 0.3 } }],
  ['O4', 'expected', { train: (x) => 1.6 * x, config: { class_weight: [1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 1.5, 1.6, 1.7] } }],
  [
    'O5',
    'bug',
    { train: (_, p) => doubleSoftmaxFloor(K) + (Math.log(K) - doubleSoftmaxFloor(K)) * (1 - p), config: { output_activation: 'softmax' } },
  ],
  ['S1', 'bug', { train: (x) => 4 * x, config: { gradient_accumulation_steps: 4 } }],
  ['S2', 'bug', { train: (x) => 32 * x, config: { loss_reduction: 'sum' } }],
  ['S3', 'bug', { val: (x) => 0.6 * x, config: { pad_to_max_length: true } }],
  ['S4', 'bug', { val: (x) => 0.88 * x, valSize: 60, configuredValSize: 240, config: { devices: 4, sync_dist: false } }],
];

describe.each(cases)('%s', (id, verdict, change) => {
  const diagnosis = diagnose(classifier(change));
  const [first] = diagnosis.causes;

  test('is the first answer', () => {
    expect(diagnosis.gap.state).toBe('val-below');
    expect([first?.id, diagnosis.verdict?.kind]).toEqual([id, verdict]);
  });

  test('comes with numbers, an experiment and remedies', () => {
    expect(first?.evidence.join(' ')).toMatch(/\d|sampler/);
    expect(first?.confirm.length).toBeGreaterThan(20);
    for (const wanted of first?.remedies ?? []) expect(remedy(wanted)).not.toBeNull();
  });
});

test('easier validation data are known by the probe, as a family', () => {
  const {
    causes: ranked,
    verdict,
    waterfall,
  } = diagnose(
    classifier({ valData: (x, p) => x * (1 - 0.6 * p), valAccuracy: (x, p) => Math.min(1, x + 0.1 * p), probe: true, config: {} }),
  );
  expect(verdict).toMatchObject({ kind: 'data' });
  expect(ranked[0]?.family).toBe('data');
  expect(ranked[0]?.named).toBe(false);
  expect(ranked[0]?.evidence.join(' ')).toMatch(/measured exactly like validation/);
  const share = (label: string): number => waterfall?.find((each) => each.label === label)?.d ?? NaN;
  expect(share('data')).toBeGreaterThan(0.9 * share('raw gap'));
  expect(share('lag') + share('handicap') + share('data')).toBeCloseTo(share('raw gap'), 6);
});

test('a handicap with a probe leaves nothing for the data', () => {
  const { verdict, waterfall } = diagnose(classifier({ ...handicap(0.8), probe: true }));
  expect(verdict?.kind).toBe('expected');
  expect(Math.abs(waterfall?.find(({ label }) => label === 'data')?.d ?? 1)).toBeLessThan(0.05);
});

test('a healthy classifier has no gap and no cause', () => {
  const { gap, causes: ranked, verdict, notify } = diagnose(classifier({ config: {} }));
  expect([gap.state, ranked, verdict, notify]).toEqual(['none', [], null, []]);
});

describe('refutations', () => {
  const against = (id: string, change: Change): string =>
    diagnose(classifier(change))
      .causes.find((cause) => cause.id === id)
      ?.against.join(' ') ?? 'not listed';

  test('a factor of 4 that is there before training rules out every handicap', () => {
    const { notChecked, checked } = diagnose(classifier({ train: (x) => 4 * x, config: {} }));
    expect(notChecked.find(({ id }) => id === 'H1')?.why).toMatch(/before any training/);
    expect(checked).toContain('S1');
  });

  test('unless it is switched on: then it may come on top', () => {
    const { causes: ranked } = diagnose(
      classifier({
        train: (x, p) => 4 * x * (1 + 0.5 * p),
        trainAccuracy: (x, p) => x - 0.08 * p,
        config: { dropout: 0.5, gradient_accumulation_steps: 4 },
      }),
    );
    expect(ranked.slice(0, 3).map(({ id }) => id)).toEqual(expect.arrayContaining(['S1', 'H1']));
  });

  test('losses that start alike rule out factor, sum and padding', () => {
    const { notChecked } = diagnose(classifier({ ...handicap(0.8), config: { dropout: 0.5, gradient_accumulation_steps: 8 } }));
    for (const id of ['S1', 'S2', 'S3']) expect(notChecked.find((each) => each.id === id)?.why).toMatch(/start|ratio/);
  });

  test('a weak key is said to be weak', () => {
    expect(against('H1', { ...handicap(0.8), config: { dropout: 0.05, input_noise_std: 0.5 } })).toMatch(/too weak|not listed/);
  });
});

describe('trainers', () => {
  const smoothing: Change = { train: smoothed(0.1), config: { label_smoothing: 0.1, label_smoothing_factor: 0.1 } };

  test('Keras and Hugging Face smooth both losses, so smoothing is ruled out there', () => {
    for (const format of ['keras-csv', 'hf-trainer']) {
      const { notChecked } = diagnose(
        classifier({
          ...smoothing,
          config: format === 'hf-trainer' ? { label_smoothing_factor: 0.1 } : { label_smoothing: 0.1 },
          formats: [format],
        }),
      );
      expect([format, notChecked.find(({ id }) => id === 'O1')?.why]).toEqual([format, expect.stringMatching(/both losses/)]);
    }
  });

  test("the user's own smoothing under Hugging Face is not", () => {
    const { causes: ranked } = diagnose(
      classifier({ ...smoothing, config: { label_smoothing_factor: 0, soft_target_eps: 0.1 }, formats: ['hf-trainer'] }),
    );
    expect(ranked[0]?.id).toBe('O1');
  });

  test('Keras 3 adds penalties to both losses', () => {
    const { notChecked } = diagnose(classifier({ train: (x) => x + 0.15, config: { l2: 1e-3 }, formats: ['keras-csv'] }));
    expect(notChecked.find(({ id }) => id === 'O2')?.why).toMatch(/both losses/);
  });

  test('transformers 4.46 with accumulation is named as the culprit', () => {
    const { causes: ranked } = diagnose(
      classifier({
        train: (x) => 8 * x,
        config: { gradient_accumulation_steps: 8, transformers_version: '4.46.3' },
        formats: ['hf-trainer'],
      }),
    );
    expect(ranked[0]?.id).toBe('S1');
    expect(ranked[0]?.evidence.join(' ')).toMatch(/4\.46\.3/);
  });

  test('a train loss in evaluation mode rules out everything that only training does', () => {
    const run = classifier({ valData: (x, p) => x * (1 - 0.5 * p), probe: true, config: { dropout: 0.5 } });
    const series = run.series.map((each) => (each.probe ? { ...each, meaning: 'evaluation' as const } : each));
    const { notChecked, verdict } = diagnose({ ...run, series, formats: ['nanogpt'] });
    for (const id of ['L1', 'L2', 'H1', 'S1', 'O1']) expect(notChecked.find((each) => each.id === id)?.why).toMatch(/evaluation mode/);
    expect(verdict?.kind).toBe('data');
  });

  test('Ultralytics augments and averages by default', () => {
    const { causes: ranked } = diagnose(classifier({ ...handicap(0.8), formats: ['ultralytics'] }));
    expect(ranked.find(({ id }) => id === 'H2')?.evidence.join(' ')).toMatch(/by default/);
  });
});

describe('validation above training', () => {
  test('a train loss that is a quarter from the first step on is a bug', () => {
    const diagnosis = diagnose(classifier({ train: (x) => x / 4 }));
    expect(diagnosis.gap.state).toBe('val-above');
    expect([diagnosis.causes[0]?.id, diagnosis.verdict?.kind]).toEqual(['S1', 'bug']);
  });

  test('two softmaxes in validation are known by loss plus accuracy', () => {
    const level = Math.log(Math.E + K - 1);
    const diagnosis = diagnose(classifier({ val: (_, p) => Math.min(Math.log(K), level - (0.1 + 0.86 * p)) }));
    expect([diagnosis.gap.state, diagnosis.causes[0]?.id, diagnosis.verdict?.kind]).toEqual(['val-above', 'O5', 'bug']);
  });

  test('an ordinary generalisation gap has no verdict', () => {
    const diagnosis = diagnose(classifier({ valData: (x, p) => x * (1 + 0.8 * p), valAccuracy: (x, p) => x - 0.08 * p, config: {} }));
    expect([diagnosis.gap.state, diagnosis.verdict, diagnosis.causes]).toEqual(['val-above', null, []]);
    expect(diagnosis.sentence).toMatch(/as is usual/);
    expect(diagnosis.notify).toEqual([]);
  });
});

describe('the catalogue', () => {
  test('every cause has a page, an experiment, remedies that exist and a term that starts it', () => {
    for (const cause of causes) {
      expect(explanation(cause.id)?.paragraphs.length).toBeGreaterThanOrEqual(4);
      expect(cause.terms.map(({ id }) => id)).toContain('base');
      expect(new Set(cause.terms.map(({ id }) => id)).size).toBe(cause.terms.length);
      for (const wanted of cause.remedies) expect([cause.id, wanted, remedy(wanted)?.id]).toEqual([cause.id, wanted, wanted]);
    }
    expect(new Set(causes.map(({ id }) => id)).size).toBe(causes.length);
  });

  test.each([
    ['H1', 'model/layers/2/config/rate', 0.4, 'on'],
    ['H1', 'hidden_dropout_prob', 0.05, 'weak'],
    ['H1', 'drop', 0, 'off'],
    ['H1', 'drop_last', true, 'silent'],
    ['H2', 'augmentation/gaussian_noise', 0.4, 'on'],
    ['H2', 'mosaic', 1, 'on'],
    ['H2', 'aa', null, 'off'],
    ['H3', 'mixup', '0.2', 'on'],
    ['H5', 'sampler', 'random', 'off'],
    ['H5', 'sampler', 'WeightedRandomSampler', 'on'],
    ['O2', 'weight_decay', 0.1, 'silent'],
    ['O2', 'l2_reg', 1e-6, 'weak'],
    ['O4', 'class_weight/3', 1.7, 'on'],
    ['O4', 'class_weight', null, 'off'],
    ['S1', 'accumulate_grad_batches', 1, 'off'],
    ['E1', 'model_ema', true, 'on'],
    ['H2', 'crop_pct', 0.9, 'silent'],
  ] as const)('%s reads %s=%s as %s', (id, key, value, state) => {
    const cause = causes.find((each) => each.id === id);
    const settings = settingsOf(
      new Map<string, string | number | boolean | null>(Object.entries({ lr: 1, a: 1, b: 1, c: 1, d: 1, e: 1, [key]: value })),
    );
    expect(activityOf(settings, cause?.keys ?? []).state).toBe(state);
  });

  test('a decay means nothing while its switch is off', () => {
    const settings = settingsOf(
      new Map<string, number | boolean>(Object.entries({ lr: 1, a: 1, b: 1, c: 1, model_ema: false, model_ema_decay: 0.9998 })),
    );
    expect(activityOf(settings, causes.find(({ id }) => id === 'E1')?.keys ?? []).state).toBe('off');
  });

  test('without a configuration of the training a missing key means nothing', () => {
    const settings = settingsOf(new Map(Object.entries({ logging_steps: 10, train_batch_size: 32 })));
    expect(activityOf(settings, causes[2]?.keys ?? []).state).toBe('unknown');
  });
});
