/** The release gate on 200 real runs, read as the product reads any folder. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectionOf, gateFailures } from '../../bench/diagnosis-card.ts';
import { measure, type Measured } from '../../bench/diagnosis-measure.ts';
import { readCorpus } from '../../bench/fit-corpora.ts';
import { explanation } from '../../../main/service/diagnose/explanations.ts';
import { remedy } from '../../../main/service/diagnose/remedies.ts';
import { unpackCorpus } from './unpacked.ts';

const corpus = unpackCorpus();
let measured: Measured[] = [];

beforeAll(async () => {
  measured = (await readCorpus(corpus.folder)).map((label) => measure(label));
}, 120_000);
afterAll(() => corpus.remove());

test('every run of the corpus is read, with as many evals as it has', () => {
  expect(measured).toHaveLength(200);
  for (const { label, diagnosis } of measured)
    expect([label.id, diagnosis.gap.evals]).toEqual([label.id, (label as unknown as { evals: number }).evals]);
});

test('the release gate is passed', () => {
  expect(gateFailures(measured)).toEqual([]);
});

describe('controls', () => {
  test('no healthy, overfitting or lagging run raises an alarm or a notification about validation below training', () => {
    const { falseAlarms, notified } = detectionOf(measured);
    expect(falseAlarms.n).toBeGreaterThan(35);
    expect([falseAlarms.k, notified.k]).toEqual([0, 0]);
  });

  test('an ordinary gap above training is not blamed on a bug', () => {
    expect(detectionOf(measured).mirrorWrong.k).toBe(0);
  });
});

test('what is said is made of the run: sentences, remedies and pages exist for everything that is named', () => {
  for (const { diagnosis } of measured) {
    expect(diagnosis.sentence).toMatch(/^[A-Z].*\.$/);
    expect(diagnosis.sentence).not.toMatch(/NaN|undefined|null/);
    expect(diagnosis.checked.length + diagnosis.notChecked.length).toBeGreaterThan(10);
    for (const { id, evidence, against, remedies, confirm } of diagnosis.causes) {
      expect(explanation(id)).not.toBeNull();
      expect(confirm.length).toBeGreaterThan(10);
      for (const line of [...evidence, ...against]) expect(line).not.toMatch(/NaN|undefined|null|Infinity/);
      for (const wanted of remedies) expect([wanted, remedy(wanted)]).not.toEqual([wanted, null]);
    }
    for (const { id, remedies } of diagnosis.faults) {
      expect(explanation(id)).not.toBeNull();
      for (const wanted of remedies) expect([wanted, remedy(wanted)]).not.toEqual([wanted, null]);
    }
  }
});

test('a verdict is stated from 0.7 on, and names are given only with something behind them', () => {
  for (const { diagnosis } of measured) {
    const { verdict } = diagnosis;
    if (!verdict) continue;
    expect(verdict.kind === 'unclear').toBe(verdict.probability < 0.7);
    if (verdict.kind === 'unclear') expect(verdict.between?.length).toBeGreaterThan(0);
    for (const { named, probability } of diagnosis.causes) if (named) expect(probability).toBeGreaterThanOrEqual(0.5);
  }
});

test('a gap is said aloud unless it can be called expected; chance and broken losses are no gap', () => {
  const kinds = new Map<string, number>();
  for (const { diagnosis } of measured) {
    if (diagnosis.gap.state !== 'val-below' || diagnosis.faults.some(({ id }) => id === 'B1' || id === 'B3')) continue;
    const kind = diagnosis.verdict?.kind ?? '';
    const notice = diagnosis.notify.find(({ rule }) => rule === 'val-below');
    if (kind === 'expected' && notice) expect(notice).toMatchObject({ severity: 'info', expected: true });
    if (kind !== 'expected' && notice) expect(notice).toMatchObject({ severity: 'warning', expected: false });
    if (kind === 'bug') expect(notice).toBeDefined();
    if (notice) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  expect([...kinds.keys()].sort()).toEqual(['bug', 'data', 'expected', 'unclear']);
});

test('a diagnosis is plain JSON', () => {
  for (const { diagnosis } of measured.slice(0, 20)) expect(JSON.parse(JSON.stringify(diagnosis)).gap.state).toBe(diagnosis.gap.state);
});
