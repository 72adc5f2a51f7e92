/** What the service tells the window of what it read, through its contract: corrections, strangers, axes, resumed stretches. */
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail, RunRow } from '../../preload/contract.ts';
import { Batch } from '../../main/service/formats/batch.ts';
import { cleaned } from '../../main/service/formats/console/lines.ts';
import { openGeneral } from '../../main/service/formats/console/console.ts';
import { formatById, recognise } from '../../main/service/formats/registry.ts';
import { eachInScratch, open, scratch, type Served } from './served.ts';
import { openWorld } from './world.ts';

const LOGS = join(import.meta.dirname, '..', 'fixtures', 'logs');

eachInScratch();

function log(path: string, records: readonly object[]): void {
  mkdirSync(join(scratch, path, '..'), { recursive: true });
  writeFileSync(join(scratch, path), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

async function rows({ ask, eventually }: Served, count: number): Promise<RunRow[]> {
  return eventually(async () => {
    const { runs } = await ask('overview');
    return runs.length === count ? runs : null;
  });
}

async function detail({ ask, eventually }: Served, key: string, isReady: (detail: RunDetail) => boolean): Promise<RunDetail> {
  return eventually(async () => {
    const found = await ask('run', key);
    return found && isReady(found) ? found : null;
  });
}

test("a user's word on a series holds for all runs of its root, outlives the service, and says nothing of another root", async () => {
  const records = [0, 1, 2, 3].map((step) => ({ step, quux: 1 / (step + 1) }));
  for (const path of ['one/a/m.jsonl', 'one/b/m.jsonl', 'two/a/m.jsonl']) log(path, records.map((record, at) => ({ ...record, loss: at + path.length })));
  let app = open();
  for (const root of ['one', 'two']) await app.ask('addFolder', join(scratch, root));
  const meant = (run: RunDetail): [string, string | null][] => run.series.filter(({ name }) => name === 'quux').map(({ metric, split }) => [metric, split]);
  const before = await rows(app, 3);
  const [first] = before;
  if (!first) throw new Error('no run');
  const { series } = await detail(app, first.key, (run) => run.series.length === 2);
  expect(series.filter(({ name }) => name === 'quux').map(({ metric, split }) => [metric, split])).toEqual([['quux', null]]);
  await app.ask('correctSeries', { run: first.key, series: series.find(({ name }) => name === 'quux')?.key, metric: 'loss', split: 'val' });
  for (let restarts = 0; restarts < 2; restarts += 1) {
    for (const { key, rootId } of await rows(app, 3)) {
      const now = await detail(app, key, (run) => run.series.length === 2);
      expect(meant(now)).toEqual([rootId === first.rootId ? ['loss', 'val'] : ['quux', null]]);
    }
    await app.close();
    app = open();
  }
});

test('a file that is not understood is listed with its first line, until it turns out to be a log', async () => {
  const file = join(scratch, 'runs', 'train.log');
  writeFileSync(file, 'Loading <b>weights</b> from disk\nplease wait\n');
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const strangers = await app.eventually(async () => {
    const found = (await app.ask('problems')).filter(({ kind }) => kind === 'stranger');
    return found.length > 0 ? found : null;
  });
  expect(strangers).toMatchObject([{ file: 'train.log', offset: 0, text: 'Not a log that Gapwatch understands. It begins: Loading <b>weights</b> from disk' }]);
  expect((await app.ask('overview')).totals.strangers).toBe(1);
  expect((await app.ask('overview')).runs).toEqual([]);
  appendFileSync(file, [1, 2, 3, 4, 5].map((epoch) => `epoch ${epoch}: train loss ${2 / epoch}, val loss ${2.2 / epoch}\n`).join(''));
  await rows(app, 1);
  expect((await app.ask('problems')).filter(({ kind }) => kind === 'stranger')).toEqual([]);
  expect((await app.ask('overview')).totals.strangers).toBe(0);
});

test('wandb logs the epoch as a series: curves are drawn over it', async () => {
  cpSync(join(LOGS, 'wandb-offline'), join(scratch, 'runs'), { recursive: true });
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const [row] = await rows(app, 1);
  const { series } = await detail(app, row?.key ?? '', (run) => run.series.length === 5);
  const keyOf = (name: string): string => series.find((each) => each.name === name)?.key ?? '';
  const ask = { run: row?.key, series: [keyOf('val/loss'), keyOf('train/loss')], axis: 'epoch', pixels: 4000 };
  const curves = new Map((await app.ask('curves', ask)).map((curve) => [curve.key, curve]));
  // The epoch k is logged at step 6 k + 5; between them the epoch is in proportion.
  const val = [...(curves.get(keyOf('val/loss'))?.x ?? [])];
  expect(val).toHaveLength(20);
  val.forEach((x, at) => expect(x).toBeCloseTo(at, 9));
  const train = [...(curves.get(keyOf('train/loss'))?.x ?? [])];
  expect(train).toHaveLength(120);
  train.forEach((x, step) => expect(x).toBeCloseTo((step - 5) / 6, 9));
  const [part] = await app.ask('curves', { ...ask, series: [keyOf('val/loss')], from: 3, to: 7 });
  expect([...(part?.x ?? [])].map((x) => Math.round(x))).toEqual([3, 4, 5, 6, 7]);
});

test('what a resume superseded comes with the curve, apart from it', async () => {
  const record = (step: number, part: number): object => ({ step, loss: 1 / (step + 1) + part });
  const steps = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
  log('runs/m.jsonl', [...steps(0, 10).map((step) => record(step, 1)), ...steps(6, 9).map((step) => record(step, 2)), ...steps(4, 12).map((step) => record(step, 3))]);
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const [row] = await rows(app, 1);
  const { series } = await detail(app, row?.key ?? '', (run) => run.series.length === 1);
  const [curve] = await app.ask('curves', { run: row?.key, series: [series[0]?.key], axis: 'step', pixels: 1000 });
  expect([...(curve?.x ?? [])]).toEqual(steps(0, 12));
  expect([...(curve?.y ?? [])]).toEqual(steps(0, 12).map((step) => 1 / (step + 1) + (step < 4 ? 1 : 3)));
  expect(curve?.superseded?.map(({ x }) => [...x])).toEqual([steps(4, 10), steps(6, 9)]);
  expect(curve?.superseded?.map(({ y }) => [...y])).toEqual([steps(4, 10).map((step) => 1 / (step + 1) + 1), steps(6, 9).map((step) => 1 / (step + 1) + 2)]);
});

test('an unknown text that grows is asked about a few times only, and by its beginning', async () => {
  const heads: number[] = [];
  const world = await openWorld({
    formatById,
    recognise(probe) {
      heads.push(probe.head.length);
      return recognise(probe);
    },
  });
  try {
    for (let turn = 0; turn < 300; turn += 1) {
      appendFileSync(join(world.root, 'notes.txt'), `${'nothing to be seen here, '.repeat(40)}\n`);
      await world.look();
    }
    expect(heads.length).toBeGreaterThan(3);
    expect(heads.length).toBeLessThanOrEqual(8);
    expect(heads.at(-1)).toBe(64 * 1024);
    expect(world.tail.notUnderstood(world.rootId)).toMatchObject([{ path: 'notes.txt' }]);
  } finally {
    await world.close();
  }
});

test('a text without a number for us is left alone after 8 MiB, also across restarts', () => {
  const prose = cleaned('and so on and so forth '.repeat(150), true);
  const real = (step: number): ReturnType<typeof cleaned> => cleaned(`step ${step}: train loss 2.${step}, val loss 2.${step}`, true);
  const read = (lines: number): [Batch, boolean] => {
    let dialect = openGeneral();
    const batch = new Batch();
    for (let line = 0; line < lines; line += 1) {
      dialect.line(prose, batch);
      if (line % 500 === 0) dialect = openGeneral(JSON.parse(JSON.stringify(dialect.save?.())));
    }
    return [batch, dialect.line(real(1), batch)];
  };
  const within = Math.floor((8 * 1024 * 1024) / prose.text.length);
  const [young, seen] = read(within);
  expect([young.pointCount, seen, young.facts.size]).toEqual([2, true, 0]);
  const [old, late] = read(within + 2);
  expect([old.pointCount, late]).toEqual([0, false]);
  expect(old.facts.get('notUnderstood')).toMatch(/8 MiB/);
});
