/** B6 and B8 on real trainings that overfit behind a handicap or had a rate far too high, and on ones that were done the same without harm. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { buildView } from '../../../../main/service/diagnose/build-view.ts';
import { healthRules } from '../../../../main/service/diagnose/health/index.ts';
import { readMade } from '../../../bench/fit-corpora.ts';

const runs = readMade([fileURLToPath(new URL('../../../fixtures/corpus/faults.jsonl.gz', import.meta.url))]);
const GATE = 0.9;

describe.each(['B6', 'B8'])('%s on runs made for it', (id) => {
  const rule = healthRules.find((each) => each.id === id);
  const found = new Set(
    runs.flatMap(({ id: name, run }) => {
      const result = rule?.check(buildView(run)) ?? { notChecked: '' };
      return 'faults' in result && result.faults.length > 0 ? [name] : [];
    }),
  );

  test('finds what must be found', () => {
    const due = runs.filter(({ faults }) => faults.some((fault) => fault.id === id));
    expect(due.length).toBeGreaterThanOrEqual(8);
    expect(due.filter((each) => found.has(each.id)).length / due.length).toBeGreaterThanOrEqual(GATE);
  });

  test('finds it nowhere else', () => {
    const clean = runs.filter(({ faults, faultsAllowed }) => ![...faults.map((fault) => fault.id), ...faultsAllowed].includes(id));
    expect(clean.length).toBeGreaterThanOrEqual(8);
    expect(clean.filter((each) => found.has(each.id)).map((each) => each.id)).toEqual([]);
  });
});
