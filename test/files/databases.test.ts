/** Other programs' databases: many runs in one file, polled by a mark. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DatabaseFormat } from '../../main/service/formats/format.ts';
import { logsOf, numbers } from './logs.ts';
import { openWorld, type World } from './world.ts';

/** Rows (run, value) of a table, read past the row that is the mark. */
const table: DatabaseFormat = {
  id: 'table',
  title: 'a table of values',
  kind: 'database',
  detect: (probe) => probe.name.endsWith('.db'),
  poll(file, mark, sinkOf) {
    const database = new Database(file, { readonly: true });
    try {
      let last = typeof mark === 'number' ? mark : 0;
      const rows = database.prepare<[number], { rowid: number; run: string; value: number }>('SELECT rowid, * FROM points WHERE rowid > ?');
      for (const row of rows.iterate(last)) {
        const sink = sinkOf(row.run);
        sink.point(sink.series('n'), row.rowid, NaN, NaN, row.value);
        last = row.rowid;
      }
      return last;
    } finally {
      database.close();
    }
  },
};

let world: World;
let database: Database.Database;
const { at, source, values } = logsOf(() => world);

beforeEach(async () => {
  world = await openWorld({ recognise: (probe) => (table.detect(probe) ? table : null), formatById: (id) => (id === 'table' ? table : null) });
  mkdirSync(at('mlruns'));
  database = open('mlruns/all.db');
});
afterEach(async () => {
  database.close();
  await world.close();
});

function open(path: string): Database.Database {
  const opened = new Database(at(path));
  opened.pragma('journal_mode = WAL');
  opened.exec('CREATE TABLE points (run TEXT, value REAL)');
  return opened;
}

function write(run: string, from: number, count: number): void {
  const insert = database.prepare('INSERT INTO points VALUES (?, ?)');
  for (const value of numbers(from, count)) insert.run(run, value);
}

test('each run is a source of its own, and only new rows are read, also after a restart', async () => {
  write('a', 1, 3);
  write('b', 100, 2);
  await world.look();
  expect([values('mlruns/all.db#a'), values('mlruns/all.db#b')]).toEqual([numbers(1, 3), numbers(100, 2)]);
  write('a', 4, 2);
  await world.look();
  await world.restart();
  write('a', 6, 1);
  await world.look();
  expect([values('mlruns/all.db#a'), values('mlruns/all.db#b')]).toEqual([numbers(1, 6), numbers(100, 2)]);
});

test('one-shot reading finds new rows in a known database', async () => {
  write('a', 1, 1);
  await world.tail.catchUp(world.rootId);
  write('a', 2, 1);
  await world.tail.catchUp(world.rootId);
  expect(values('mlruns/all.db#a')).toEqual([1, 2]);
});

test('rows that are only in the write-ahead log are seen by the poll of a second', async () => {
  write('a', 1, 1);
  await world.look();
  write('a', 2, 1);
  await world.pass(1000);
  expect(values('mlruns/all.db#a')).toEqual([1, 2]);
});

test('a deleted database: its runs are gone and kept; a new one under its name: a new generation', async () => {
  write('a', 1, 3);
  write('b', 100, 2);
  await world.look();
  const [a, b] = [source('mlruns/all.db#a'), source('mlruns/all.db#b')];
  database.close();
  renameSync(at('mlruns'), join(world.folder, 'away'));
  await world.look();
  expect(world.store.sources(world.rootId).filter((row) => !row.gone)).toEqual([]);
  expect(world.values(a)).toEqual(numbers(1, 3));
  mkdirSync(at('mlruns'));
  database = open('mlruns/all.db');
  write('a', 7, 1);
  await world.look();
  expect(values('mlruns/all.db#a')).toEqual([7]);
  expect(source('mlruns/all.db#a')).toMatchObject({ id: a.id, generation: 1 });
  expect(world.store.source(b.id)?.gone).toBe(true);
});

test('a file that is no database says so and is tried again when it changes', async () => {
  database.close();
  for (const ending of ['', '-wal', '-shm']) rmSync(at(`mlruns/all.db${ending}`), { force: true });
  logsOf(() => world).put('mlruns/all.db', 'no database');
  await world.look();
  expect(world.tail.troubles()).toMatchObject([{ path: 'mlruns/all.db' }]);
  rmSync(at('mlruns/all.db'));
  database = open('mlruns/all.db');
  write('a', 1, 1);
  await world.look();
  expect(world.tail.troubles()).toEqual([]);
  expect(values('mlruns/all.db#a')).toEqual([1]);
});
