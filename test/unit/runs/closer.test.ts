import { expect, test } from 'vitest';
import { openCloser } from '../../../main/service/closer.ts';
import { openDiagnosing } from '../../../main/service/diagnosing.ts';
import { openCatalogue } from '../../../main/service/runs/catalogue.ts';
import type { Service } from '../../../main/service/service.ts';
import { commit, store } from '../store/places.ts';

test('a run that is removed while the rules are loaded for it is answered as one that is not there', async () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/log.csv', 'csv');
  kept.commit([commit(source.id, 1, (b) => b.point(b.series('train_loss'), 1, NaN, NaN, 1))]);
  const clock = { wall: () => 1.7e12, steady: () => 0, after: () => () => undefined };
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  const diagnosing = openDiagnosing(kept, clock, { find: catalogue.run, isLoading: () => false, machineOf: () => [], onDiagnosed: () => undefined });
  const [run] = catalogue.runs();
  // What a question about a run takes of the service.
  const closer = openCloser({ store: kept, catalogue, diagnosing, words: { documents: kept.documents } } as unknown as Service, () => run!);
  const asked = closer.run(run!.key);
  kept.removeRoot(rootId);
  catalogue.reload(rootId);
  expect(await asked).toBeNull();
  expect(await closer.run(run!.key)).toBeNull();
  diagnosing.close();
});
