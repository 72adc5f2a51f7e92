import Sqlite from 'better-sqlite3';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { trackio } from '../../../main/service/formats/trackio.ts';
import { rowsOf } from './cases.ts';
import { databaseTruth, pollInto, unpacked } from './database-fixture.ts';
import type { Reading } from './reading.ts';
import { differences } from './truth.ts';

function compare(readings: ReadonlyMap<string, Reading>): string[] {
  const rows = [...readings.values()].flatMap((reading) => rowsOf(reading, String(reading.facts.get('name'))));
  const configs = new Map([...readings.values()].map((reading) => [String(reading.facts.get('name')), reading.config]));
  return differences({ rows, configs }, databaseTruth('trackio'), { ignoreSplit: true });
}

it('gives every point and hyper-parameter of every run, and none extra', () => {
  const readings = new Map<string, Reading>();
  pollInto(readings, trackio, unpacked('trackio', 'demo.db'), undefined);
  expect(compare(readings)).toEqual([]);
});

it('gives the same when its rows come one after another', () => {
  const file = unpacked('trackio', 'demo.db');
  const growing = new Sqlite(file);
  growing.pragma('synchronous = OFF');
  const rows = growing.prepare('SELECT * FROM metrics ORDER BY id').all() as Record<string, unknown>[];
  growing.exec('DELETE FROM metrics');
  const readings = new Map<string, Reading>();
  let mark: unknown;
  rows.forEach((row, at) => {
    const names = Object.keys(row);
    growing.prepare(`INSERT INTO metrics (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`).run(row);
    if (at % 5 === 0) mark = pollInto(readings, trackio, file, mark);
  });
  pollInto(readings, trackio, file, mark);
  growing.close();
  expect(compare(readings)).toEqual([]);
  const once = new Map<string, Reading>();
  pollInto(once, trackio, file, undefined);
  expect([...readings.values()].map(({ series }) => series)).toEqual([...once.values()].map(({ series }) => series));
});

it('reads files of old versions, which know no run id, and samples of the machine', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gapwatch-')), 'old.db');
  const old = new Sqlite(file);
  old.exec(`CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT);
    CREATE TABLE system_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp TEXT, run_name TEXT, metrics TEXT);
    INSERT INTO metrics VALUES (1, '2026-01-02T03:04:05.500000+00:00', 'a', 3,
      '{"loss": 0.5, "bad": "Infinity", "img": {"_type": "image", "w": 3}}');
    INSERT INTO metrics VALUES (2, '2026-01-02T03:04:06+00:00', 'a', 4, 'not json');
    INSERT INTO system_metrics VALUES (1, '2026-01-02T03:04:05+00:00', 'a', '{"gpu": {"0": {"utilization": 97}}}');`);
  old.close();
  const readings = new Map<string, Reading>();
  pollInto(readings, trackio, file, undefined);
  const time = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
  expect([...(readings.get('a')?.series.values() ?? [])].map(({ name, points }) => [name, points])).toEqual([
    ['loss', [[3, NaN, time + 0.5, 0.5]]],
    ['bad', [[3, NaN, time + 0.5, Infinity]]],
    ['system/gpu/0/utilization', [[NaN, NaN, time, 97]]],
  ]);
});

it('leaves nothing behind beside a database with write-ahead logging, open or closed by its writer', () => {
  const file = unpacked('trackio', 'demo.db');
  const readings = new Map<string, Reading>();
  const mark = pollInto(readings, trackio, file, undefined);
  expect(readdirSync(dirname(file))).toEqual(['demo.db']);
  const writer = new Sqlite(file);
  expect(writer.pragma('journal_mode', { simple: true })).toBe('wal');
  writer.prepare("UPDATE metrics SET id = id + 1000 WHERE id = (SELECT max(id) FROM metrics)").run();
  const files = readdirSync(dirname(file));
  const news = new Map<string, Reading>();
  pollInto(news, trackio, file, mark);
  expect(readdirSync(dirname(file))).toEqual(files);
  expect([...news.values()].flatMap(({ series }) => [...series.keys()])).toEqual([':train/loss', ':nested/a']);
  writer.close();
  expect(readdirSync(dirname(file))).toEqual(['demo.db']);
});
