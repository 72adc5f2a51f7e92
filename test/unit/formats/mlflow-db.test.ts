import Sqlite from 'better-sqlite3';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigValue, Probe } from '../../../main/service/formats/format.ts';
import { mlflowDb } from '../../../main/service/formats/mlflow-db.ts';
import { trackio } from '../../../main/service/formats/trackio.ts';
import { LOGS, rowsOf, truthOf } from './cases.ts';
import { databaseTruth, pollInto, unpacked } from './database-fixture.ts';
import type { Reading } from './reading.ts';
import { differences, type Truth } from './truth.ts';

function emulated(): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'gapwatch-')), 'mlflow.db');
  copyFileSync(join(LOGS, 'mlflow-db', 'mlflow.db'), copy);
  return copy;
}

function compare(readings: ReadonlyMap<string, Reading>, truth: Truth): string[] {
  const rows = [...readings].flatMap(([run, reading]) => rowsOf(reading, run));
  const configs = new Map<string, Map<string, ConfigValue>>([...readings].map(([run, reading]) => [run, reading.config]));
  return differences({ rows, configs }, truth, { ignoreSplit: true });
}

function probe(file: string, path: string, siblings: string[] = []): Probe {
  const head = readFileSync(file).subarray(0, 65536);
  return { path, name: path.slice(path.lastIndexOf('/') + 1), head, size: head.length, siblings: new Set(siblings) };
}

describe.each([
  ['the real database of MLflow 3', () => unpacked('mlflow-3-db', 'mlflow.db'), () => databaseTruth('mlflow-3-db')],
  ['the emulated database', emulated, () => truthOf('mlflow-db')],
])('%s', (_title, open, truth) => {
  it('gives every point and parameter of every run, and none extra', () => {
    const readings = new Map<string, Reading>();
    pollInto(readings, mlflowDb, open(), undefined);
    expect(compare(readings, truth())).toEqual([]);
  });

  it('gives the same when its rows come one after another', () => {
    const full = open();
    const growing = new Sqlite(full);
    growing.pragma('synchronous = OFF');
    const rows = growing.prepare('SELECT * FROM metrics ORDER BY rowid').all() as Record<string, unknown>[];
    const params = growing.prepare('SELECT * FROM params ORDER BY rowid').all() as Record<string, unknown>[];
    const runs = growing.prepare('SELECT run_uuid, status FROM runs').all() as { run_uuid: string; status: string }[];
    growing.exec("DELETE FROM metrics; DELETE FROM params; UPDATE runs SET status = 'RUNNING'");
    const insert = (table: string, row: Record<string, unknown>): void => {
      const names = Object.keys(row);
      const values = names.map((name) => `@${name}`).join();
      growing.prepare(`INSERT INTO ${table} (${names.map((name) => `"${name}"`).join()}) VALUES (${values})`).run(row);
    };
    const readings = new Map<string, Reading>();
    let mark: unknown;
    let at = 0;
    for (const row of rows) {
      insert('metrics', row);
      if (at % 10 === 0 && params[at / 10]) insert('params', params[at / 10] ?? {});
      if (at % 7 === 0) mark = pollInto(readings, mlflowDb, full, mark);
      at += 1;
    }
    expect([...readings.values()].every(({ state }) => state === 'running')).toBe(true);
    for (const row of params.slice(Math.ceil(at / 10))) insert('params', row);
    for (const run of runs) growing.prepare('UPDATE runs SET status = ? WHERE run_uuid = ?').run(run.status, run.run_uuid);
    mark = pollInto(readings, mlflowDb, full, mark);
    mark = pollInto(readings, mlflowDb, full, mark);
    growing.close();
    expect(compare(readings, truth())).toEqual([]);
    const once = new Map<string, Reading>();
    expect(pollInto(once, mlflowDb, full, undefined)).toEqual(mark);
    expect(readings).toEqual(once);
  });

  it('reads on where it was after VACUUM has numbered the rows anew', () => {
    const file = open();
    const database = new Sqlite(file);
    const readings = new Map<string, Reading>();
    const mark = pollInto(readings, mlflowDb, file, undefined);
    const run = [...readings.keys()][0] ?? '';
    database.exec('DELETE FROM metrics WHERE rowid IN (SELECT rowid FROM metrics ORDER BY rowid LIMIT 5); VACUUM');
    database
      .prepare("INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES ('added', 4.5, 1900000000000, 3, 0, ?)")
      .run(run);
    database.close();
    const news = new Map<string, Reading>();
    pollInto(news, mlflowDb, file, mark);
    const points = [...news].flatMap(([id, { series }]) => [...series.values()].map((one) => [id, one.name, one.points]));
    expect(points).toEqual([[run, 'added', [[3, NaN, 1_900_000_000, 4.5]]]]);
  });
});

it('reads names and states', () => {
  const readings = new Map<string, Reading>();
  pollInto(readings, mlflowDb, unpacked('mlflow-3-db', 'mlflow.db'), undefined);
  const known = [...readings.values()].map(({ facts, state }) => [facts.get('name'), facts.get('project'), state]);
  expect(known).toEqual([
    ['calm-fox-1', 'demo', 'finished'],
    ['odd-ant-9', 'demo', 'finished'],
    ['broken', 'demo', 'failed'],
  ]);
});

it('leaves out what was deleted in MLflow until it is restored', () => {
  const file = unpacked('mlflow-3-db', 'mlflow.db');
  const database = new Sqlite(file);
  const all = new Map<string, Reading>();
  pollInto(all, mlflowDb, file, undefined);
  const [run = ''] = all.keys();
  const stage = database.prepare('UPDATE runs SET lifecycle_stage = ? WHERE run_uuid = ?');
  stage.run('deleted', run);
  const readings = new Map<string, Reading>();
  let mark = pollInto(readings, mlflowDb, file, undefined);
  mark = pollInto(readings, mlflowDb, file, mark);
  expect([...readings.keys()]).toEqual([...all.keys()].slice(1));
  stage.run('active', run);
  mark = pollInto(readings, mlflowDb, file, mark);
  pollInto(readings, mlflowDb, file, mark);
  database.close();
  expect(readings.get(run)).toEqual(all.get(run));
  expect(compare(readings, databaseTruth('mlflow-3-db'))).toEqual([]);
});

it('reads beside a writer in WAL mode that has not checkpointed', () => {
  const file = emulated();
  const writer = new Sqlite(file);
  writer.pragma('journal_mode = WAL');
  writer.pragma('wal_autocheckpoint = 0');
  const readings = new Map<string, Reading>();
  const mark = pollInto(readings, mlflowDb, file, undefined);
  const run = [...readings.keys()][0] ?? '';
  const insert = writer.prepare("INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES ('live', ?, ?, ?, 0, ?)");
  for (let step = 0; step < 3; step += 1) insert.run(step / 2, 1_900_000_000_000 + step, step, run);
  const news = new Map<string, Reading>();
  pollInto(news, mlflowDb, file, mark);
  writer.close();
  expect(news.get(run)?.series.get(':live')?.points.map(([step, , , value]) => [step, value])).toEqual([[0, 0], [1, 0.5], [2, 1]]);
});

it('says in a sentence what is wrong with a database that it cannot read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-'));
  const poll = (name: string): unknown => mlflowDb.poll(join(folder, name), undefined, () => expect.unreachable());
  new Sqlite(join(folder, 'other.db')).exec('CREATE TABLE metrics (a)').close();
  writeFileSync(join(folder, 'torn.db'), readFileSync(emulated()).subarray(0, 9000));
  writeFileSync(join(folder, 'noise.db'), Buffer.alloc(9000, 7));
  expect(() => poll('other.db')).toThrow(/no tables of MLflow/);
  expect(() => poll('torn.db')).toThrow(/This database cannot be (read|opened)/);
  expect(() => poll('noise.db')).toThrow(/This database cannot be (read|opened)/);
  expect(() => poll('missing.db')).toThrow(/cannot be opened/);
});

it('tells MLflow, trackio and other databases apart by names and first bytes', () => {
  const mlflow = unpacked('mlflow-3-db', 'mlflow.db');
  const small = emulated();
  const demo = unpacked('trackio', 'demo.db');
  const other = join(mkdtempSync(join(tmpdir(), 'gapwatch-')), 'photos.db');
  new Sqlite(other).exec('CREATE TABLE metrics (a); CREATE TABLE photos (b)').close();
  const kinds = (file: string, path: string, siblings: string[] = []): boolean[] => {
    return [mlflowDb, trackio].map((format) => format.detect(probe(file, path, siblings)));
  };
  expect(kinds(mlflow, 'mlflow.db')).toEqual([true, false]);
  expect(kinds(mlflow, 'a/store.db', ['mlruns'])).toEqual([true, false]);
  expect(kinds(small, 'a/backend.sqlite')).toEqual([true, false]);
  expect(kinds(demo, 'huggingface/trackio/demo.db')).toEqual([false, true]);
  expect(kinds(demo, 'elsewhere/demo.db', ['demo.lock'])).toEqual([false, true]);
  expect(kinds(other, 'photos.db')).toEqual([false, false]);
});
