import { expect, test } from 'vitest';
import { stampOf } from '../../../main/service/diagnosedRun.ts';
import { openDiagnosing } from '../../../main/service/diagnosing.ts';
import { openCatalogue } from '../../../main/service/runs/catalogue.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { commit, store } from '../store/places.ts';

test('a run that is looked at while it grows is diagnosed again only after a rest that fits what the last diagnosis took', async () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/log.csv', 'csv');
  let now = 0;
  const clock = { wall: () => 1.7e12 + now, steady: () => now, after: () => () => undefined };
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  let made = 0;
  const diagnosing = openDiagnosing(kept, clock, { find: catalogue.run, isLoading: () => false, machineOf: () => [], onDiagnosed: () => (made += 1) });
  const look = (evals: number) => {
    kept.commit([
      commit(source.id, evals, (b) => {
        b.point(b.series('train_loss'), evals, NaN, NaN, 1 / evals);
        b.point(b.series('val_loss'), evals, NaN, NaN, 2 / evals);
      }),
    ]);
    catalogue.reload(rootId);
    const [run] = catalogue.runs();
    return diagnosing.now(run!);
  };
  const first = await look(1);
  expect(await look(2)).toBe(first);
  expect(await look(3)).toBe(first);
  expect(made).toBe(1);
  now += 3_600_000;
  expect(await look(4)).not.toBe(first);
  expect(made).toBe(2);
  diagnosing.close();
});

test('while its folder is being read a run is given the diagnosis of the last session, and a new one after that', async () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/log.csv', 'csv');
  const clock = { wall: () => 1.7e12, steady: () => 0, after: () => () => undefined };
  const add = (step: number) =>
    kept.commit([
      commit(source.id, step, (b) => {
        b.point(b.series('train_loss'), step, NaN, NaN, 1 / step);
        b.point(b.series('val_loss'), step, NaN, NaN, 2 / step);
      }),
    ]);
  let loading = false;
  let made = 0;
  const session = () => {
    const catalogue = openCatalogue(kept, () => false, () => new Map());
    catalogue.reload(rootId);
    const diagnosing = openDiagnosing(kept, clock, { find: catalogue.run, isLoading: () => loading, machineOf: () => [], onDiagnosed: () => (made += 1) });
    return { diagnosing, run: catalogue.runs()[0]! };
  };
  add(1);
  const first = session();
  const before = await first.diagnosing.now(first.run);
  first.diagnosing.close();
  add(2);
  loading = true;
  const second = session();
  expect(await second.diagnosing.now(second.run)).toEqual(before);
  expect(made).toBe(1);
  loading = false;
  expect((await second.diagnosing.now(second.run)).gap.evals).toBe(before.gap.evals + 1);
  expect(made).toBe(2);
  second.diagnosing.close();
});

test('a database that cannot be read for a moment ends neither the service nor the turn of the other runs', async () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  for (const name of ['a', 'b']) kept.commit([commit(kept.addSource(rootId, `${name}/log.csv`, 'csv').id, 1, (b) => b.point(b.series('train_loss'), 1, NaN, NaN, 1))]);
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  const due: (() => void)[] = [];
  const clock = { wall: () => 1.7e12, steady: () => 0, after: (_ms: number, work: () => void) => { due.push(work); return () => undefined; } };
  let told: string[] = [];
  let failures = 1;
  const documents: Store['documents'] = {
    ...kept.documents,
    all(kind) {
      if (failures > 0) {
        failures -= 1;
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' });
      }
      return kept.documents.all(kind);
    },
  };
  const diagnosing = openDiagnosing({ ...kept, documents }, clock, { find: catalogue.run, isLoading: () => false, machineOf: () => [], onDiagnosed: ({ key }) => told.push(key) });
  await import('../../../main/service/diagnose/diagnose.ts');
  for (const run of catalogue.runs()) diagnosing.want(run);
  while (due.length > 0) {
    due.shift()?.();
    await new Promise(setImmediate);
  }
  expect(told).toEqual([`${rootId}:b`]);
  told = [];
  await diagnosing.now(catalogue.runs()[0]!);
  expect(told).toEqual([`${rootId}:a`]);
  diagnosing.close();
});

test('a diagnosis that a full disk does not let go is not shown any more, and deleted when there is room', async () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  kept.commit([commit(kept.addSource(rootId, 'run/log.csv', 'csv').id, 1, (b) => b.point(b.series('train_loss'), 1, NaN, NaN, 1))]);
  const clock = { wall: () => 1.7e12, steady: () => 0, after: () => () => undefined };
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  catalogue.reload(rootId);
  let isFull = false;
  const transaction: Store['transaction'] = (work) => {
    if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    return kept.transaction(work);
  };
  const session = () => openDiagnosing({ ...kept, transaction }, clock, { find: catalogue.run, isLoading: () => false, machineOf: () => [], onDiagnosed: () => undefined });
  const [run] = catalogue.runs();
  const first = session();
  await first.now(run!);
  first.close();
  const second = session();
  expect(second.glance(run!.key)).not.toBeNull();
  isFull = true;
  second.forget(run!.key);
  expect(second.glance(run!.key)).toBeNull();
  expect(second.latest(run!.key)).toBeNull();
  isFull = false;
  second.close();
  expect(session().glance(run!.key)).toBeNull();
});

test('what the trainer plans, and a value in the middle of a file that is written anew, are part of what a diagnosis is made from', () => {
  const kept = store();
  const rootId = kept.addRoot('/runs');
  const source = kept.addSource(rootId, 'run/trainer_state.json', 'hf-trainer');
  const catalogue = openCatalogue(kept, () => false, () => new Map());
  const stamp = (middle: number, planSteps: number): string => {
    kept.commit([
      commit(source.id, 1, (b) => {
        for (const [step, loss] of [[1, 3], [2, middle], [3, 1]] as const) b.point(b.series('loss'), step, NaN, NaN, loss);
        b.fact('planSteps', planSteps);
      }, { mode: 'replace' }),
    ]);
    catalogue.reload(rootId);
    return stampOf(catalogue.runs()[0]!, 'running', []);
  };
  const first = stamp(2, 100);
  expect(stamp(2, 100)).toBe(first);
  expect(stamp(9, 100)).not.toBe(first);
  expect(stamp(2, 200)).not.toBe(first);
});
