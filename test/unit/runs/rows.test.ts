import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../../main/service/runs/catalogue.ts';
import { isRunning, stateOf } from '../../../main/service/runs/rows.ts';
import { runState } from '../../../main/service/runs/state.ts';

const NOW = 1.7e12;
const ago = fc.oneof(fc.integer({ min: 0, max: 400 }).map((seconds) => NOW - seconds * 1000), fc.double({ min: NOW - 5e6, max: NOW + 1000, noNaN: true }));
const source = fc.record({
  mtimeMs: fc.oneof(fc.constant(0), ago),
  grewAtMs: fc.oneof(fc.constant(null), ago),
  state: fc.constantFrom(null, null, 'running' as const, 'finished' as const, 'failed' as const),
});

/** A run of one loss whose points are `intervalS` seconds apart. */
function runOf(sources: { mtimeMs: number; grewAtMs: number | null; state: 'running' | 'finished' | 'failed' | null }[], intervalS: number, planSteps: number | null): Run {
  const end = (index: number) => ({ index, step: index, epoch: null, time: index * intervalS, value: 1 });
  const series = [{ metric: 'loss', split: 'train', probe: false, parts: [{ count: 11, first: end(0), end: end(10) }] }];
  return { sources: sources.map((row) => ({ row })), series, facts: new Map(planSteps === null ? [] : [['planSteps', planSteps]]) } as unknown as Run;
}

test('the state of a run is what the rules say of the newest growth, the newest file and its usual interval', () => {
  fc.assert(
    fc.property(fc.array(source, { maxLength: 3 }), fc.constantFrom(0, 1, 12, 30, 300), fc.constantFrom(null, 5, 50), (sources, intervalS, planSteps) => {
      const grew = sources.flatMap(({ grewAtMs }) => grewAtMs ?? []);
      const modified = sources.flatMap(({ mtimeMs }) => (mtimeMs > 0 ? [mtimeMs] : []));
      const expected = runState({
        said: sources.map(({ state }) => state),
        grewAt: grew.length > 0 ? Math.max(...grew) / 1000 : null,
        modifiedAt: modified.length > 0 ? Math.max(...modified) / 1000 : null,
        interval: intervalS,
        reachedPlan: planSteps === 5,
        now: NOW / 1000,
      });
      const run = runOf(sources, intervalS, planSteps);
      expect(stateOf(run, NOW)).toBe(expected);
      expect(isRunning(run, NOW)).toBe(expected === 'running');
    }),
    { numRuns: 2000 },
  );
});
