import { expect, test } from 'vitest';
import { openCatalogue } from '../../../main/service/runs/catalogue.ts';
import { openUrgencies } from '../../../main/service/urgency.ts';
import { commit, store } from '../store/places.ts';

test.each([
  ['a second', 1000, 10_000],
  ['half a minute', 30_000, 60_000],
])('a run whose diagnosis took %s rests for ten times as long, but a minute at most', (_, tookMs, restMs) => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  kept.commit([commit(kept.addSource(rootId, 'run/log.csv', 'csv').id, 1, (b) => b.point(b.series('train_loss'), 1, NaN, NaN, 1))]);
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  const [run] = catalogue.runs();
  let now = 0;
  const urgencies = openUrgencies({ wall: () => 0, steady: () => now, after: () => () => undefined });
  expect(urgencies.isRested(run!.key)).toBe(true);
  urgencies.begin(run!);
  urgencies.end(run!.key, tookMs);
  now = restMs;
  expect(urgencies.isRested(run!.key)).toBe(false);
  now = restMs + 1;
  expect(urgencies.isRested(run!.key)).toBe(true);
});
