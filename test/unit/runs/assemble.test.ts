import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleRun, ofSources, type Corrections, type RunSource } from '../../../main/service/runs/assemble.ts';
import type { SeriesRow } from '../../../main/service/store/store.ts';
import { seriesRow, valueAt } from './series-row.ts';

const split = fc.constantFrom('train', 'val', 'test', undefined);
const row = fc
  .record({
    name: fc.constantFrom('loss', 'val_loss', 'train/loss', 'acc', 'lr', 'hp_metric', 'loss_epoch', 'eval/accuracy', 'something'),
    count: fc.constantFrom(0, 1, 3),
    split,
    metric: fc.constantFrom('loss', 'loss.box', undefined, undefined),
    meaning: fc.constantFrom('evaluation', 'batch', undefined, undefined),
  })
  .map(({ name, count, ...hints }): SeriesRow => {
    const said = Object.fromEntries(Object.entries(hints).filter(([, word]) => word !== undefined)) as SeriesRow['hints'];
    return seriesRow(name, Array.from({ length: count }, (_, step) => [step, name === 'hp_metric' ? -1 : 1 / (step + 1)] as const), { hints: said });
  });
const corrections = fc.constantFrom<Corrections>(new Map(), new Map([[':something', { metric: 'loss', split: 'val' }], ['val:val_loss', { metric: 'accuracy', split: null }]]));

test('the series of a run of one source are those of the general way, also where two have one name', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 8 }), corrections, fc.constantFrom(null, 'a'), split, (series, words, suffix, of) => {
      const source = {
        row: { id: 1, rootId: 1, path: 'run/log', format: 'jsonl', generation: 0, mtimeMs: 0, grewAtMs: null, facts: {}, state: null, gone: false },
        assignment: { run: 'run', split: of ?? null, suffix },
        series,
      } satisfies RunSource;
      expect(assembleRun([source], words, valueAt)).toEqual(ofSources([source], words, valueAt));
    }),
    { numRuns: 2000 },
  );
  expect(assembleRun([], new Map(), valueAt)).toEqual([]);
});
