/** The user's words on a run, and what was told of it, when its files become other runs: through the contract, with real files. */
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail } from '../../preload/contract.ts';
import { isConfigOnly } from '../../main/service/formats/ids.ts';
import { formatById, recognise } from '../../main/service/formats/registry.ts';
import { openCatalogue } from '../../main/service/runs/catalogue.ts';
import { StoreFull } from '../../main/service/store/errors.ts';
import { openStore } from '../../main/service/store/open.ts';
import { openWords } from '../../main/service/words.ts';
import { eachInScratch, open, scratch, type Served } from './served.ts';
import { openWorld } from './world.ts';

eachInScratch();

const path = (name: string): string => join(scratch, 'runs', name);
const dataFolder = (): string => join(scratch, 'data');

/** A console; the training loss is `scale` times what it should be. */
function lines(seed: number, to = 300, scale = 1): string {
  const loss = (step: number): number => 2.5 / (1 + step / 40) + 0.4 * Math.abs(Math.sin(seed * 12.9898 + step * 0.7));
  return Array.from({ length: to / 10 }, (_, at) => `step ${at * 10} | loss ${(scale * loss(at * 10)).toFixed(4)} | val loss ${(loss(at * 10) * 1.1).toFixed(4)}\n`).join('');
}

function table(seed: number): string {
  const rows = lines(seed).matchAll(/step (\d+) \| loss ([\d.]+) \| val loss ([\d.]+)/g);
  return ['epoch,step,train_loss,val_loss\n', ...[...rows].map(([, step, loss, val]) => `0,${step},${loss},${val}\n`)].join('');
}

function write(name: string, text: string): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), text);
}

async function reopened(app: Served): Promise<Served> {
  await app.close();
  return open();
}

/** The runs of the only root, when they are these and their folder was read. */
async function runs({ ask, eventually }: Served, folders: readonly string[]): Promise<Record<string, RunDetail>> {
  return eventually(async () => {
    const overview = await ask('overview');
    if (overview.roots[0]?.state !== 'ok' || overview.runs.map(({ key }) => key.slice(2)).join() !== folders.join()) return null;
    const details = await Promise.all(overview.runs.map(async ({ key }): Promise<[string, RunDetail]> => [key.slice(2), (await ask('run', key)) as RunDetail]));
    return Object.fromEntries(details);
  });
}

const said = ({ note, row, remedies }: RunDetail): unknown => [note, row.pinned, row.hidden, row.muted, remedies.filter(({ changedAtMs }) => changedAtMs !== null).map(({ state, note: own }) => `${state} ${own}`)];
const NOTHING = ['', false, false, false, []];

async function sayAll({ ask }: Served, key: string, note: string): Promise<unknown> {
  for (const channel of ['setPinned', 'setHidden'] as const) await ask(channel, key, true);
  await ask('mute', { run: key, muted: true });
  await ask('setNote', key, note);
  const detail = (await ask('run', key)) as RunDetail;
  await ask('setRemedy', { run: key, remedy: detail.remedies[0]?.id, state: 'done', note: `tried: ${note}` });
  return [note, true, true, true, [`done tried: ${note}`]];
}

test('a second training in the folder takes nothing from the first, in the first file and after a restart; a file that tells nothing keeps nothing', async () => {
  write('exp/env.csv', 'step,lr\n0,0.1\n10,0.2\n20,0.3\n');
  write('exp/a.log', lines(1));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['exp']);
  const words = await sayAll(app, '1:exp', 'mine');
  write('exp/b.log', lines(2));
  for (const restarted of [false, true]) {
    if (restarted) app = await reopened(app);
    const now = await runs(app, ['exp', 'exp/a.log', 'exp/b.log']);
    expect(Object.values(now).map(said)).toEqual([NOTHING, words, NOTHING]);
  }
});

test('a second training that came while nobody looked', async () => {
  write('exp/b.log', lines(1));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['exp']);
  const words = await sayAll(app, '1:exp', 'mine');
  await app.close();
  write('exp/a.log', lines(2));
  app = open();
  const now = await runs(app, ['exp/a.log', 'exp/b.log']);
  expect(Object.values(now).map(said)).toEqual([NOTHING, words]);
});

test('words go with a folder to its new name, also when two folders change names', async () => {
  write('one/a.log', lines(1));
  write('two/a.log', lines(2));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['one', 'two']);
  const words = [await sayAll(app, '1:one', 'first'), await sayAll(app, '1:two', 'second')];
  await app.close();
  for (const [from, to] of [['one', 'x'], ['two', 'one'], ['x', 'two']] as const) renameSync(path(from), path(to));
  app = open();
  const now = await app.eventually(async () => {
    const both = await runs(app, ['one', 'two']);
    return both['two']?.note === 'first' ? both : null;
  });
  expect(Object.values(now).map(said)).toEqual([words[1], words[0]]);
});

test('a training started anew in its file is one with its neighbour for a while: both have their own words again after it', async () => {
  write('exp/a.log', lines(1));
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['exp']);
  write('exp/b.log', lines(2));
  await runs(app, ['exp/a.log', 'exp/b.log']);
  await app.ask('setNote', '1:exp/a.log', 'on a');
  await app.ask('setNote', '1:exp/b.log', 'on b');
  await app.ask('setPinned', '1:exp/b.log', true);
  // With the seed of its neighbour, and soon with another learning rate.
  writeFileSync(path('exp/a.log'), lines(2, 60));
  const joined = await runs(app, ['exp']);
  expect(joined['exp']).toMatchObject({ note: 'on a\non b', row: { pinned: true } });
  appendFileSync(path('exp/a.log'), lines(3).split(/(?<=\n)/).slice(6).join(''));
  const again = await runs(app, ['exp/a.log', 'exp/b.log']);
  expect(Object.values(again).map(said)).toEqual([['on a', ...NOTHING.slice(1)], ['on b', true, ...NOTHING.slice(2)]]);
});

test('a run that a log joins keeps its words; of two both notes stand, and what was hidden hides nothing else', async () => {
  write('x/logs/metrics.csv', table(1));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['x/logs']);
  await sayAll(app, '1:x/logs', 'on the table');
  write('x/nohup.out', lines(1));
  const joined = await runs(app, ['x']);
  expect(joined['x']).toMatchObject({ note: 'on the table', row: { pinned: true, muted: true, hidden: false } });
  await app.close();
  const store = openStore(join(dataFolder(), 'gapwatch.db'));
  store.documents.set('note', '1:x/logs', 'by a former version');
  store.documents.delete('words-of', '1:x/logs');
  store.close();
  for (let restarts = 0; restarts < 2; restarts += 1) {
    app = await (restarts > 0 ? reopened(app) : open());
    expect((await runs(app, ['x']))['x']?.note).toBe('on the table\nby a former version');
  }
});

test('words whose files are gone stay', async () => {
  write('exp/a.log', lines(1));
  write('other/a.log', lines(2));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await runs(app, ['exp', 'other']);
  const words = await sayAll(app, '1:exp', 'mine');
  await app.close();
  renameSync(path('exp'), join(scratch, 'elsewhere'));
  app = open();
  await app.eventually(async () => ((await app.ask('overview')).roots[0]?.state === 'ok' ? true : null));
  renameSync(join(scratch, 'elsewhere'), path('exp'));
  expect(said((await runs(app, ['exp', 'other']))['exp'] as RunDetail)).toEqual(words);
});

test('what was told of a run is not told again of the run that has its file', async () => {
  write('exp/a.log', lines(1, 900, 4));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await app.eventually(() => (app.notices.length > 0 ? true : null));
  const [before] = (await app.ask('alerts')).filter(({ notified }) => notified);
  write('exp/b.log', lines(2));
  await runs(app, ['exp/a.log', 'exp/b.log']);
  const told = await app.eventually(async () => {
    const alerts = (await app.ask('alerts')).filter(({ notified }) => notified);
    // The name is the new one as soon as it was decided anew.
    return alerts.every(({ runName }) => runName !== before?.runName) ? alerts : null;
  });
  expect(told.map(({ run, rule, atMs }) => [run, rule, atMs])).toEqual([['1:exp/a.log', before?.rule, before?.atMs]]);
  expect((await app.ask('alerts')).filter(({ run }) => run === '1:exp')).toEqual([]);
  expect(app.notices).toHaveLength(1);
  app = await reopened(app);
  await runs(app, ['exp/a.log', 'exp/b.log']);
  expect(app.notices).toEqual([]);
});

test('while the disk is full all words stay where they are; they go when there is room, once', async () => {
  const world = await openWorld({ recognise, formatById });
  try {
    const { store, rootId } = world;
    const catalogue = openCatalogue(store, isConfigOnly, () => new Map());
    let full = false;
    const transaction = <T>(work: () => T): T =>
      store.transaction(() => {
        const result = work();
        if (full) throw new StoreFull('no room');
        return result;
      });
    const words = openWords({ ...store, transaction }, { run: catalogue.run, runOfSource: catalogue.runOfSource, isLoading: () => false });
    const look = async (): Promise<ReturnType<typeof words.follow>> => {
      await world.look();
      return words.follow(catalogue.reload(rootId));
    };
    const [exp, a] = [`${rootId}:exp`, `${rootId}:exp/a.log`];
    mkdirSync(join(world.root, 'exp'));
    writeFileSync(join(world.root, 'exp', 'a.log'), lines(1));
    expect(await look()).toEqual([]);
    words.documents.set('note', exp, 'mine');
    words.documents.set('pinned', exp, true);
    writeFileSync(join(world.root, 'exp', 'b.log'), lines(2));
    full = true;
    expect(await look()).toEqual([]);
    expect([exp, a].map((key) => [store.documents.get('note', key), store.documents.get('pinned', key)])).toEqual([['mine', true], [null, null]]);
    full = false;
    expect(await look()).toMatchObject([{ from: exp, to: a }]);
    expect([exp, a].map((key) => [store.documents.get('note', key), store.documents.get('pinned', key)])).toEqual([[null, null], ['mine', true]]);
    expect(await look()).toEqual([]);
  } finally {
    await world.close();
  }
});
