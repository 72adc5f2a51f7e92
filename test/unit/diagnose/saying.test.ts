/** Verdicts, sentences and notices: what may be said, and how. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../../main/service/diagnose/causes/index.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import type { Scored } from '../../../main/service/diagnose/score.ts';
import { judge } from '../../../main/service/diagnose/verdict.ts';
import { figure, list, percent, points, shown } from '../../../main/service/diagnose/words.ts';
import { classifier, handicap } from './classifier.ts';
import { epochRun, normal, numbers } from './logged.ts';

function scored(shares: Record<string, number>, config: 'on' | 'unknown' = 'unknown', dataShare: number | null = null): Scored[] {
  const base = {
    tellingEvals: [],
    init: { d0: null, off: 0, against: null },
    config: { state: config, setting: null, strength: 1 },
    dataShare,
    view: { settings: { known: false, all: [], find: () => null }, evals: { cleanTrain: [] } },
    gap: {},
  };
  return causes
    .filter(({ id }) => id in shares)
    .map((cause) => ({
      cause: { ...cause, evidence: () => ['seen'], against: () => [], unique: () => false },
      of: base as unknown as Scored['of'],
      score: 0,
      probability: shares[cause.id] as number,
      vetoed: null,
    }))
    .sort((a, b) => b.probability - a.probability);
}

describe('reporting rules', () => {
  test('a verdict is the sum over its causes and is stated from 0.7 on', () => {
    expect(judge(scored({ H1: 0.3, H2: 0.25, O1: 0.2, D1: 0.25 })).verdict).toEqual({
      kind: 'expected',
      probability: 0.75,
      shares: { expected: 0.75, data: 0.25 },
      leading: 'expected',
    });
  });

  test('below that it is unclear between those that are left', () => {
    const { verdict } = judge(scored({ H1: 0.5, D1: 0.4, S1: 0.1 }));
    expect(verdict).toEqual({ kind: 'unclear', probability: 0.5, shares: { expected: 0.5, data: 0.4, bug: 0.1 }, between: ['expected', 'data'], leading: 'expected' });
  });

  test('families are summed and ordered', () => {
    expect(judge(scored({ H1: 0.3, H2: 0.3, D1: 0.4 })).families).toEqual([
      { family: 'handicap', probability: 0.6 },
      { family: 'data', probability: 0.4 },
    ]);
  });

  test('a name needs probability and something behind it', () => {
    const named = (list: Scored[]): boolean => judge(list).causes[0]?.named === true;
    expect(named(scored({ O4: 0.6, D1: 0.4 }))).toBe(false);
    expect(named(scored({ O4: 0.6, D1: 0.4 }, 'on'))).toBe(true);
    expect(named(scored({ O4: 0.6, D1: 0.4 }, 'unknown', 0.1))).toBe(true);
    expect(named(scored({ O4: 0.45, D1: 0.3, H1: 0.25 }, 'on'))).toBe(false);
  });

  test('handicaps are one answer without a setting, data causes always', () => {
    expect(judge(scored({ H1: 0.9, D1: 0.1 }, 'unknown', 0.1)).causes[0]?.named).toBe(false);
    expect(judge(scored({ H1: 0.9, D1: 0.1 }, 'on')).causes[0]?.named).toBe(true);
    expect(judge(scored({ D1: 0.9, H1: 0.1 }, 'on', 0.95)).causes[0]?.named).toBe(false);
  });

  test('causes that cannot be proven are capped', () => {
    expect(judge(scored({ D3: 0.9, H1: 0.1 })).causes[0]?.probability).toBe(0.4);
  });

  test('the first three are listed, and every other from 0.2 on', () => {
    expect(judge(scored({ H1: 0.24, H2: 0.23, O1: 0.22, D1: 0.21, S1: 0.1 })).causes.map(({ id }) => id)).toEqual(['H1', 'H2', 'O1', 'D1']);
  });
});

describe('sentences', () => {
  test('gap, since when, and why', () => {
    expect(diagnose(classifier({ ...handicap(0.8), config: { dropout: 0.5 } })).sentence).toMatch(
      /^Validation loss has been \d+ % below training loss since step \d+; most likely expected: dropout 0\.5\.$/,
    );
  });

  test('a gap that is over is told in the past', () => {
    const next = normal(3);
    const val = numbers(80, (i) => 1 + 0.005 * next() + (i > 40 ? 0.8 : 0));
    expect(
      diagnose(
        epochRun(
          numbers(80, () => 1.4),
          val,
        ),
      ).sentence,
    ).toMatch(/^Validation loss was \d+ % below training loss from step \d+ to step 410 and no longer is; /);
  });

  test('a gap that is shrinking is told with its mean and with what it is now', () => {
    const next = normal(4);
    const shrinking = diagnose(
      epochRun(
        numbers(60, (i) => (1 + 0.004 * next()) * Math.exp(0.9 * (1 - i / 70))),
        numbers(60, () => 1 + 0.004 * next()),
      ),
    );
    expect(shrinking.sentence).toMatch(/^Validation loss has been \d+ % below training loss on average since step \d+ \(1\d % below over the last 8 evals\); /);
    expect(shrinking.gap.now).toMatchObject({ evals: 8 });
    expect(shrinking.gap.now?.d).toBeCloseTo(0.9 * (1 - 54.5 / 70), 1);
    expect(shrinking.gap.until).toBeNull();
  });

  test('lag alone is no gap', () => {
    const rate = 0.15;
    const train = numbers(30, (i) => 3 * ((Math.exp(-rate * i) - Math.exp(-rate * (i + 1))) / rate));
    const { sentence, gap, notify } = diagnose(
      epochRun(
        train,
        numbers(30, (i) => 3 * Math.exp(-rate * (i + 1))),
      ),
    );
    expect(gap.state).toBe('none');
    expect(sentence).toMatch(/only looks \d+ % lower/);
    expect(notify.filter(({ rule }) => rule === 'val-below')).toEqual([]);
  });

  test('numbers are written as people write them', () => {
    expect([figure(0.023456), figure(1.4999), figure(12.34), figure(1480), figure(2.5e-7), figure(Infinity)]).toEqual([
      '0.0235',
      '1.5',
      '12.3',
      '1480',
      '2.5e-7',
      'infinity',
    ]);
    expect([percent(0.234), percent(0.0123), points(-0.0594), points(0.01)]).toEqual(['23 %', '1.2 %', '5.9 points', '1 point']);
    expect([list(['a']), list(['a', 'b', 'c']), list(['a', 'b'], 'or')]).toEqual(['a', 'a, b and c', 'a or b']);
    expect([shown([1, 2, 3, 4]), shown('x'.repeat(60)).length, shown(0.1)]).toEqual(['[1, 2, 3, ...]', 40, '0.1']);
  });
});

describe('notices', () => {
  const rules = (run: Parameters<typeof diagnose>[0]) =>
    diagnose(run).notify.map(({ rule, severity, expected }) => [rule, severity, expected]);

  test('an expected gap is recorded, not said; a bug is said', () => {
    expect(rules(classifier({ ...handicap(0.8), config: { dropout: 0.5 } }))).toContainEqual(['val-below', 'info', true]);
    expect(rules(classifier({ train: (x) => 4 * x, config: { gradient_accumulation_steps: 4 } }))).toContainEqual([
      'val-below',
      'warning',
      false,
    ]);
  });

  test('the body has the numbers and the reason, and the step to open', () => {
    const { notify } = diagnose(classifier({ train: (x) => 4 * x, config: { gradient_accumulation_steps: 4 } }));
    const notice = notify.find(({ rule }) => rule === 'val-below');
    expect(notice?.title).toBe('Validation loss below training loss: a measurement bug');
    expect(notice?.body).toMatch(/7\d % below.*loss scaled by a factor.*(3\.9\d*|4|4\.0\d*) times/s);
    expect(notice?.step).toBeGreaterThan(0);
  });

  test('non-finite losses silence the gap', () => {
    const run = classifier({ train: (x) => 4 * x });
    const broken = {
      ...run,
      series: run.series.map((each) =>
        each.name === 'train_loss' ? { ...each, value: each.value.map((x, i) => (i > 1200 ? NaN : x)) } : each,
      ),
    };
    const { notify, faults } = diagnose(broken);
    expect(faults.map(({ id }) => id)).toContain('B1');
    expect(notify.map(({ rule }) => rule)).not.toContain('val-below');
  });

  test('a run that is dead silences everything else', () => {
    const run = classifier({ train: (x) => 4 * x });
    const at = (step: Float64Array): Float64Array => step.map((x) => 1000 + x);
    const timed = { ...run, series: run.series.map((each) => ({ ...each, time: at(each.step) })) };
    const dead = { ...timed, state: 'stalled' as const, now: 1000 + 30 * 3600, lastByteAt: 3000 };
    expect(rules({ ...dead, now: 3001 }).map(([rule]) => rule)).toContain('val-below');
    expect(rules(dead)).toEqual([['B11', 'critical', false]]);
  });

  test('a gap that a tiny validation set may make by chance is no warning', () => {
    const run = classifier({ val: (x) => 0.9 * x, valSize: 24, configuredValSize: 24, config: {} });
    for (const { rule, severity } of diagnose(run).notify) expect([rule, severity]).not.toEqual(['val-below', 'warning']);
  });
});
