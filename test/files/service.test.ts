/** The service as the window uses it, on real files and a real database, without Electron. */
import { appendFileSync, cpSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Overview, RunDetail } from '../../preload/contract.ts';
import { systemClock } from '../../main/service/clock.ts';
import { reportRun } from '../../main/service/report.ts';
import { eachInScratch, EXAMPLES, open, openServed, scratch, type Served } from './served.ts';

eachInScratch();

async function theRun({ ask, eventually }: Served, isReady: (detail: RunDetail) => boolean = () => true): Promise<RunDetail> {
  return eventually(async () => {
    const overview: Overview = await ask('overview');
    const [row] = overview.runs;
    const detail = row ? await ask('run', row.key) : null;
    return detail && isReady(detail) ? detail : null;
  });
}

/** A run of one point, whose loss and age are `at`. */
function writeRun(name: string, at: number): void {
  const log = join(scratch, 'runs', name, 'metrics.jsonl');
  mkdirSync(dirname(log));
  writeFileSync(log, `${JSON.stringify({ step: 0, loss: at })}\n`);
  utimesSync(log, 1.7e9 + at, 1.7e9 + at);
}

test('a log that grows is a curve that grows', async () => {
  const log = join(scratch, 'runs', 'metrics.jsonl');
  const line = (step: number): string => `${JSON.stringify({ step, loss: 2 / (step + 1), val_loss: 2.1 / (step + 1) })}\n`;
  writeFileSync(log, [0, 1, 2, 3].map(line).join(''));
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const detail = await theRun(app, (run) => run.series.length === 2);
  appendFileSync(log, line(4));
  await theRun(app, (run) => run.series.every((series) => series.points === 5));
  const [curve] = await app.ask('curves', { run: detail.row.key, series: [detail.series[0]?.key], axis: 'step', pixels: 500 });
  expect([...(curve?.x ?? [])]).toEqual([0, 1, 2, 3, 4]);
  expect(curve?.y[4]).toBe(0.4);
});

test('rows and curves of what is known are there before a file is looked at, and it is said that this is still to come', async () => {
  writeFileSync(join(scratch, 'runs', 'metrics.jsonl'), [0, 1, 2].map((step) => `${JSON.stringify({ step, loss: 2 / (step + 1) })}\n`).join(''));
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const { row, series } = await theRun(app, (run) => run.series.length === 1);
  await app.eventually(async () => ((await app.ask('overview')).roots[0]?.state === 'ok' ? true : null));
  await app.close();
  rmSync(join(scratch, 'runs'), { recursive: true });
  // Time stands still: whatever waits for it does not happen.
  const served = open({ clock: { ...systemClock, after: () => () => undefined } });
  const overview: Overview = await served.ask('overview');
  expect(overview.runs).toMatchObject([{ key: row.key, points: 3, last: { value: 2 / 3 } }]);
  expect(overview.roots).toMatchObject([{ state: 'loading' }]);
  const [curve] = await served.ask('curves', { run: row.key, series: [series[0]?.key], axis: 'step', pixels: 500 });
  expect([...(curve?.y ?? [])]).toEqual([2, 1, 2 / 3]);
  await served.close();
  app = open();
  await app.eventually(async () => ((await app.ask('overview')).roots[0]?.state === 'gone' ? true : null));
});

test('nothing runs in a folder that vanished', async () => {
  writeFileSync(join(scratch, 'runs', 'metrics.jsonl'), '{"step": 1, "loss": 2}\n{"step": 2, "loss": 1}\n');
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const overviewWhen = (is: (overview: Overview) => boolean): Promise<Overview> =>
    app.eventually(async () => {
      const overview: Overview = await app.ask('overview');
      return is(overview) ? overview : null;
    });
  const before = await overviewWhen(({ roots, runs }) => roots[0]?.state === 'ok' && runs.length === 1);
  expect([before.roots[0]?.running, before.runs[0]?.state]).toEqual([1, 'running']);
  rmSync(join(scratch, 'runs'), { recursive: true });
  const after = await overviewWhen(({ roots }) => roots[0]?.state === 'gone');
  expect([after.roots[0]?.running, after.runs[0]?.state]).toEqual([0, 'unknown']);
});

test('the rows at the top of the list and that of the open run come first, those of all other runs as changes', async () => {
  const names = Array.from({ length: 30 }, (_, at) => `run${String(at).padStart(2, '0')}`);
  for (const [at, name] of names.entries()) writeRun(name, at);
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const keys = (await app.eventually(async () => ((await app.ask('overview')).runs.length === 30 ? app.ask('overview') : null))).runs.map(({ key }) => key);
  await app.close();
  const again = open();
  const first = await again.ask('newest', { count: 10, open: keys[3] });
  expect(first.runs.map(({ key }) => key)).toEqual([keys[3], ...keys.slice(20)]);
  expect(first.totals.runs).toBe(30);
  expect(first.runs.at(-1)?.last?.value).toBe(29);
  const told = (): Set<string> => new Set([...first.runs, ...again.changed.flatMap(({ runs }) => runs)].map(({ key }) => key));
  expect(await again.eventually(() => (told().size >= 30 ? told() : null))).toEqual(new Set(keys));
});

test('damage of a run further down the list is found before a file is looked at', async () => {
  for (const [at, name] of ['old', 'new'].entries()) writeRun(name, at);
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await app.eventually(async () => ((await app.ask('overview')).runs.length === 2 ? true : null));
  await app.close();
  const db = new Sqlite(join(scratch, 'data', 'gapwatch.db'));
  db.exec("UPDATE series SET marks = zeroblob(length(marks)) WHERE source_id = (SELECT id FROM sources WHERE path LIKE 'old/%')");
  db.close();
  const damaged = open();
  expect((await damaged.ask('newest', { count: 1, open: null })).runs).toMatchObject([{ name: 'new', points: 1 }]);
  expect(damaged.damaged).toEqual([]);
  expect(await damaged.eventually(() => damaged.damaged[0] ?? null)).toMatch(/summary of a series/);
  await damaged.close();
  const anew = open();
  await anew.eventually(async () => ((await anew.ask('overview')).runs.length === 2 ? true : null));
  expect(anew.banners()).toMatchObject([{ id: 'recovered' }]);
});

test('an anomalous run is told once, also when the service is started again; a healthy one never', async () => {
  for (const name of ['healthy', 'accumulation-scale', 'dropout']) cpSync(join(EXAMPLES, name), join(scratch, 'runs', name), { recursive: true });
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  await app.eventually(async () => (app.notices.length > 0 && (await app.ask('overview')).runs.filter(({ chip }) => chip.tone !== 'none').length === 3 ? true : null));
  const alerts = await app.ask('alerts');
  expect(alerts.filter(({ notified }) => notified).map(({ run }) => run.split(':')[1])).toEqual(['accumulation-scale']);
  expect(app.notices).toHaveLength(1);
  expect(app.notices[0]?.body).toMatch(/grad_accum_steps|factor/);
  await app.close();
  app = open();
  await app.eventually(async () => ((await app.ask('overview')).runs.length === 3 ? true : null));
  expect(app.notices).toEqual([]);
});

test('remedies, notes and marks outlive the service', async () => {
  cpSync(join(EXAMPLES, 'dropout'), join(scratch, 'runs', 'dropout'), { recursive: true });
  let app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const { row, remedies } = await theRun(app, (run) => run.diagnosis.gap.firedAt !== null);
  const [first] = remedies;
  await app.ask('setRemedy', { run: row.key, remedy: first?.id, state: 'done', note: 'tried it' });
  await app.ask('setNote', row.key, 'look again');
  await app.ask('setPinned', row.key, true);
  await app.close();
  app = open();
  const again = await theRun(app);
  expect(again.note).toBe('look again');
  expect(again.row.pinned).toBe(true);
  expect(again.remedies.find(({ id }) => id === first?.id)).toMatchObject({ state: 'done', note: 'tried it' });
});

test('a wrong folder is a sentence, not a crash', async () => {
  const app = open();
  await expect(app.ask('addFolder', join(scratch, 'nowhere'))).rejects.toThrow(/There is no folder/);
  expect(await app.request('no such channel', [])).toMatchObject({ ok: false });
  expect(await app.ask('run', '1:nothing')).toBeNull();
});

test('a second service on the same data folder is refused', () => {
  open();
  expect(() => openServed(join(scratch, 'data'))).toThrow(/in use by another Gapwatch/);
});

test('a run whose losses became NaN is said to be where it is, and to be NaN', async () => {
  const loss = (step: number): string => (step > 40 ? 'NaN' : String(2.4 - 0.03 * step));
  const lines = Array.from({ length: 80 }, (_, step) => `{"step": ${step}, "train_loss": ${loss(step)}}\n`);
  writeFileSync(join(scratch, 'runs', 'metrics.jsonl'), lines.join(''));
  const app = open();
  await app.ask('addFolder', join(scratch, 'runs'));
  const { row, series } = await theRun(app, (run) => run.series[0]?.points === 80);
  expect(row).toMatchObject({ step: 79, last: { label: 'train', value: NaN, finite: { x: 40, value: 2.4 - 0.03 * 40 } } });
  expect(series[0]).toMatchObject({ nonFinite: 39, last: { x: 79, value: NaN }, lastFinite: { x: 40, value: 2.4 - 0.03 * 40 } });
  const [run] = app.service.catalogue.runs();
  const diagnosis = (await app.ask('run', row.key))?.diagnosis;
  const report = reportRun(run!, row.name, row.state, diagnosis!) as { series: object[]; faults: object[] };
  expect([row.chip.word, report.faults[0]]).toMatchObject(['Loss is NaN', { id: 'B1', name: 'non-finite' }]);
  expect(report.series[0]).toMatchObject({ points: 80, last: { x: 79, value: 'NaN' }, lastFinite: { x: 40 }, min: { x: 40 } });
});

test('of a folder that was removed nothing is told any more, and no diagnosis is kept', async () => {
  cpSync(join(EXAMPLES, 'accumulation-scale'), join(scratch, 'runs', 'scale'), { recursive: true });
  const timers = new Set<() => void>();
  // What was found waits for this clock before it is told.
  const clock = {
    ...systemClock,
    after(ms: number, work: () => void) {
      if (ms < 250) return systemClock.after(ms, work);
      timers.add(work);
      return () => void timers.delete(work);
    },
  };
  const app = open({ clock });
  const { id } = await app.ask('addFolder', join(scratch, 'runs'));
  const { row } = await theRun(app, (run) => run.diagnosis.gap.firedAt !== null);
  await app.eventually(async () => ((await app.ask('overview')).roots[0]?.state === 'ok' ? true : null));
  expect(app.service.diagnosing.glance(row.key)).not.toBeNull();
  await app.ask('removeFolder', id);
  for (const work of timers) work();
  expect(app.notices).toEqual([]);
  expect(await app.ask('alerts')).toEqual([]);
  expect(app.service.diagnosing.glance(row.key)).toBeNull();
  expect(app.service.store.documents.all('diagnosis')).toEqual([]);
});
