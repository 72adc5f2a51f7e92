import { expect, test } from 'vitest';
import type { Events } from '../../../preload/contract.ts';
import { openCatalogue } from '../../../main/service/runs/catalogue.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { openUpdates } from '../../../main/service/updates.ts';
import { commit, store } from '../store/places.ts';

/** Updates of a real store whose calls named in `failing` fail, and a clock that the test turns. */
function opened() {
  const kept = store();
  const failing = new Map<string, unknown>();
  /** So many calls more are answered before they fail. */
  let spared = 0;
  const calls = <K extends 'shownSource' | 'series' | 'config' | 'totals' | 'seriesOfRoot'>(name: K): Store[K] =>
    ((...args: never[]) => {
      if (failing.has(name) && (spared -= 1) < 0) throw failing.get(name);
      return (kept[name] as (...args: never[]) => unknown)(...args);
    }) as Store[K];
  const failable: Store = { ...kept, shownSource: calls('shownSource'), series: calls('series'), config: calls('config'), totals: calls('totals'), seriesOfRoot: calls('seriesOfRoot') };
  const catalogue = openCatalogue(failable, () => false, () => new Map());
  let now = 0;
  let timers: { at: number; work: () => void }[] = [];
  const after = (ms: number, work: () => void) => {
    const timer = { at: now + ms, work };
    timers.push(timer);
    return () => (timers = timers.filter((other) => other !== timer));
  };
  const told: Events['changed'][] = [];
  const changed: string[] = [];
  const updates = openUpdates({
    clock: { wall: () => 1.7e12 + now, steady: () => now, after },
    catalogue,
    emit: (event, payload) => event === 'changed' && told.push(payload as Events['changed']),
    regrouped: () => undefined,
    changed: (run) => changed.push(run.key),
    removed: () => undefined,
    describe: (runs, removed) => ({ runs: runs.map(({ key }) => ({ key })), removed, roots: [], totals: failable.totals() }) as unknown as Events['changed'],
  });
  /** The earliest of the timers that wait. */
  const next = (): void => {
    const [first] = timers.toSorted((a, b) => a.at - b.at);
    if (!first) return;
    timers = timers.filter((other) => other !== first);
    now = Math.max(now, first.at);
    first.work();
  };
  const pass = (ms: number): void => {
    const end = now + ms;
    while (timers.some(({ at }) => at <= end)) next();
    now = end;
  };
  const rootId = kept.addRoot('/runs');
  const add = (name: string, series = 'train_loss'): number => {
    const { id } = kept.addSource(rootId, `${name}/log.csv`, 'csv');
    grow(id, 1, series);
    return id;
  };
  /** Of one folder, each a run of its own once there are two. */
  const addFold = (name: string, scale: number): number => {
    const { id } = kept.addSource(rootId, `folds/${name}.csv`, 'csv');
    kept.commit([commit(id, 9, (b) => [0, 1, 2, 3, 4, 5, 6, 7].forEach((step) => b.point(b.series('train_loss'), step, NaN, NaN, scale / (step + 1))))]);
    return id;
  };
  const grow = (id: number, step: number, series = 'train_loss'): void => void kept.commit([commit(id, step, (b) => b.point(b.series(series), step, NaN, NaN, 1))]);
  return { kept, spare: (calls: number) => (spared = calls), updates, catalogue, failing, told, changed, pass, rootId, add, addFold, grow };
}

const IO_ERROR = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_READ' });
const keysOf = (told: Events['changed'][]): string[] => [...new Set(told.flatMap(({ runs }) => runs.map(({ key }) => key)))].sort();

test.each(['shownSource', 'series', 'config'])('sources that grew while the database fails at %s are told once it answers, without growing again', (call) => {
  const { updates, catalogue, failing, told, changed, pass, rootId, add, grow } = opened();
  const [a, b] = [add('a'), add('b')];
  updates.grew([a, b]);
  pass(10_000);
  expect(keysOf(told)).toEqual([`${rootId}:a`, `${rootId}:b`]);
  told.length = changed.length = 0;
  const c = add('c');
  grow(a, 2, 'val_loss');
  failing.set(call, IO_ERROR);
  updates.grew([a, c]);
  pass(3000);
  expect(keysOf(told)).not.toContain(`${rootId}:c`);
  failing.clear();
  pass(2000);
  expect(keysOf(told)).toEqual(expect.arrayContaining([`${rootId}:a`, `${rootId}:c`]));
  expect(changed).toEqual(expect.arrayContaining([`${rootId}:a`, `${rootId}:c`]));
  expect(catalogue.run(`${rootId}:a`)?.series.map(({ name }) => name).sort()).toEqual(['train_loss', 'val_loss']);
  updates.close();
});

test('a run on the screen that grew while the database failed, too', () => {
  const { updates, catalogue, failing, changed, pass, rootId, add, grow } = opened();
  const a = add('a');
  updates.grew([a]);
  updates.look(catalogue.run(`${rootId}:a`)!);
  pass(1000);
  changed.length = 0;
  grow(a, 2);
  failing.set('series', IO_ERROR);
  updates.grew([a]);
  failing.clear();
  pass(1000);
  expect(changed).toEqual([`${rootId}:a`]);
  updates.close();
});

test('rows that could not be put together, and a root that could not be read, are tried again', () => {
  const { updates, failing, told, changed, pass, rootId, add } = opened();
  failing.set('totals', IO_ERROR);
  updates.grew([add('a')]);
  pass(1000);
  expect(told).toEqual([]);
  failing.clear();
  pass(1000);
  expect(keysOf(told)).toEqual([`${rootId}:a`]);
  changed.length = 0;
  failing.set('seriesOfRoot', IO_ERROR);
  updates.regroup(rootId);
  expect(changed).toEqual([]);
  failing.clear();
  pass(1000);
  expect(changed).toEqual([`${rootId}:a`]);
  updates.close();
});

test('of runs that are put together otherwise those are told, too, that were ready when the database failed', () => {
  const { spare, updates, failing, told, pass, rootId, addFold } = opened();
  updates.grew([addFold('fold0', 1)]);
  pass(1000);
  expect(keysOf(told)).toEqual([`${rootId}:folds`]);
  failing.set('config', IO_ERROR);
  spare(1);
  updates.grew([addFold('fold1', 2.7)]);
  pass(1000);
  failing.clear();
  pass(2000);
  expect(keysOf(told)).toEqual([`${rootId}:folds`, `${rootId}:folds/fold0.csv`, `${rootId}:folds/fold1.csv`]);
  updates.close();
});

test('a run that went is told, too, if the database then failed at another root', () => {
  const { kept, spare, updates, failing, told, pass, rootId, addFold, grow } = opened();
  updates.grew([addFold('fold0', 1)]);
  pass(1000);
  const other = kept.addSource(kept.addRoot('/others'), 'a/log.csv', 'csv').id;
  grow(other, 1);
  const fold = addFold('fold1', 2.7);
  failing.set('config', IO_ERROR);
  spare(2);
  updates.grew([fold, other]);
  pass(1000);
  expect(told.flatMap(({ removed }) => removed)).toEqual([]);
  failing.clear();
  pass(2000);
  expect(told.flatMap(({ removed }) => removed)).toEqual([`${rootId}:folds`]);
  expect(keysOf(told)).toContain(`${rootId + 1}:a`);
  updates.close();
});

test('a mistake of ours is not tried again but thrown', () => {
  const { updates, failing, add } = opened();
  failing.set('series', new TypeError('a mistake'));
  expect(() => updates.grew([add('a')])).toThrow('a mistake');
  updates.close();
});
