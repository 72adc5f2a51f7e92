import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { withChecksum } from '../../../main/service/store/checksum.ts';
import { StoreDamaged, StoreTooNew } from '../../../main/service/store/errors.ts';
import { APPLICATION_ID } from '../../../main/service/store/layout.ts';
import { type Migration, migrations } from '../../../main/service/store/migrations/list.ts';
import { openStore } from '../../../main/service/store/open.ts';
import { commit, folder, numbers, store } from './places.ts';

/** A store with 20,000 points of two series, closed. */
function filled(file: string): { source: number; root: number } {
  const kept = openStore(file);
  const root = kept.addRoot('/runs');
  const source = kept.addSource(root, 'log', 'x').id;
  kept.documents.set('note', 'run', 'mine');
  kept.commit([commit(source, 77, (b) => {
    for (let i = 0; i < 10_000; i += 1) {
      b.point(b.series('loss'), i, NaN, 1.7e9 + i * 1.3, Math.sin(i));
      b.point(b.series('lr'), i, NaN, 1.7e9 + i * 1.3, 0.001);
    }
  })]);
  kept.rest();
  kept.close();
  return { source, root };
}

const now = () => Date.UTC(2026, 10, 22, 12, 0, 0);

describe('opening', () => {
  test('a new file is ours, in WAL mode, and small', () => {
    const file = join(folder(), 'deeper', 'gapwatch.db');
    expect(store(file)).toMatchObject({ recovered: null, readOnly: false });
    const db = new Sqlite(file, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('application_id', { simple: true })).toBe(0x47617077);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.at(-1)!.version);
    db.close();
  });

  test('a file of a newer version is refused and left as it is', () => {
    const file = join(folder(), 'a.db');
    filled(file);
    const db = new Sqlite(file);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openStore(file)).toThrow(StoreTooNew);
    expect(() => openStore(file)).toThrow(/newer version of Gapwatch \(format 99/);
    expect(readdirSync(join(file, '..')).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test.each([
    ['rubbish', 0, (file: string) => writeFileSync(file, 'no database at all, '.repeat(1000))],
    ['a database of another program', 0, (file: string) => {
      const db = new Sqlite(file);
      db.exec('CREATE TABLE theirs (a)');
      db.close();
    }],
    ['a file cut short', 2, (file: string) => {
      filled(file);
      truncateSync(file, Math.floor(statSync(file).size / 2 / 8192) * 8192);
    }],
    ['a damaged first page', 0, (file: string) => {
      filled(file);
      const bytes = readFileSync(file);
      bytes.fill(0xff, 100, 1000);
      writeFileSync(file, bytes);
    }],
  ])('%s is set aside and a new store begun', (_, salvaged, damage) => {
    const file = join(folder(), 'a.db');
    damage(file);
    const before = readFileSync(file);
    const kept = store(file, { now });
    expect(kept.recovered!.movedTo).toBe(`${file}.damaged-2026-11-22T12-00-00`);
    expect(kept.recovered!.why).not.toBe('');
    expect(kept.recovered!.salvaged).toBe(salvaged);
    expect(readFileSync(kept.recovered!.movedTo).equals(before)).toBe(true);
    expect(kept.totals()).toMatchObject({ points: 0, sources: 0 });
    expect(readdirSync(join(file, '..')).filter((name) => /damaged.*-(wal|shm)$/.test(name))).toEqual([]);
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
    kept.commit([commit(source, 1, (b) => b.point(b.series('loss'), 1, NaN, NaN, 1))]);
    expect(kept.totals().points).toBe(1);
    expect(kept.check()).toEqual([]);
  });

  test('an index that misses rows is found by `verify`, which nothing that is read would tell', () => {
    const file = join(folder(), 'a.db');
    filled(file);
    const kept = store(file, { now });
    kept.transaction(() => {
      for (let run = 0; run < 40; run += 1) kept.addSource(1, `run-${run}/log`, 'x');
    });
    kept.verify();
    kept.rest();
    kept.close();
    const bytes = readFileSync(file);
    // Of the two places of a path the one in a leaf of an index.
    const inIndex = (at: number): boolean => bytes[Math.floor(at / 8192) * 8192] === 10;
    for (let at = bytes.indexOf('run-7/log'); at >= 0; at = bytes.indexOf('run-7/log', at + 1)) if (inIndex(at)) bytes.write('run-8', at);
    writeFileSync(file, bytes);
    const damaged = openStore(file);
    expect(damaged.recovered).toBe(null);
    expect(() => damaged.verify()).toThrow(StoreDamaged);
    damaged.close();
    expect(store(file, { now }).recovered!.why).toMatch(/table sources is damaged/);
  });

  test('damage found while in use is typed, and the next open sets the file aside', () => {
    const file = join(folder(), 'a.db');
    const { source } = filled(file);
    const bytes = readFileSync(file);
    // Every page but the first few, which hold the schema: whatever is read next meets damage.
    for (let page = 24; page * 8192 < bytes.length; page += 1) bytes.fill(0x55, page * 8192, page * 8192 + 64);
    writeFileSync(file, bytes);
    const kept = openStore(file);
    expect(kept.recovered).toBe(null);
    expect(() => kept.series(source).forEach((row) => kept.points(row.id))).toThrow(StoreDamaged);
    kept.close();
    const again = store(file, { now });
    expect(again.recovered!.why).toMatch(/damaged while in use/);
    expect(again.roots().map(({ path }) => path)).toEqual(['/runs']);
    expect(again.documents.get('note', 'run')).toBe('mine');
    expect(again.totals().points).toBe(0);
    expect(existsSync(`${file}-suspect`)).toBe(false);
  });

  test('a flipped bit inside the values of a chunk is never shown as a loss', () => {
    const file = join(folder(), 'a.db');
    const { source } = filled(file);
    const bytes = readFileSync(file);
    const value = Buffer.alloc(8);
    value.writeDoubleLE(Math.sin(1234));
    const at = bytes.indexOf(value);
    expect(at).toBeGreaterThan(0);
    bytes[at + 2]! ^= 4;
    writeFileSync(file, bytes);
    const kept = store(file);
    const loss = kept.series(source).find((row) => row.name === 'loss')!;
    expect(() => kept.points(loss.id)).toThrow(StoreDamaged);
    expect(() => kept.curve(loss.id, { axis: 'step', pixels: 100 })).toThrow(StoreDamaged);
  });

  test('after a crash the log of the database is taken in', () => {
    const from = join(folder(), 'a.db');
    const kept = store(from);
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
    kept.commit([commit(source, 5, (b) => b.point(b.series('loss'), 1, NaN, NaN, 1))]);
    const file = join(folder(), 'b.db');
    for (const end of ['', '-wal']) copyFileSync(from + end, file + end);
    const again = store(file);
    expect(again.recovered).toBe(null);
    expect(again.source(source)!.offset).toBe(5);
    expect(again.totals().points).toBe(1);
  });
});

describe('migrations', () => {
  const [first] = migrations;
  const next = migrations.length + 1;
  const second: Migration = {
    version: next,
    name: 'a colour for roots',
    up: (db) => db.exec("ALTER TABLE roots ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"),
  };

  test('are numbered without gaps', () => {
    expect(migrations.map((migration) => migration.version)).toEqual(migrations.map((_, i) => i + 1));
  });

  test('1: tables, from nothing to a working store', () => {
    const file = join(folder(), 'a.db');
    const db = new Sqlite(file);
    first!.up(db);
    db.pragma('user_version = 1');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.close();
    const kept = store(file);
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
    kept.commit([commit(source, 9, (b) => b.point(b.series('loss'), 1, NaN, NaN, 0.5))]);
    expect(kept.series(source).map((row) => row.count)).toEqual([1]);
  });

  test('2: checksums, for pyramids and summaries that had none', () => {
    const file = join(folder(), 'a.db');
    const { source } = filled(file);
    const range = { axis: 'step', pixels: 20 } as const;
    const curveOf = () => {
      const kept = openStore(file, { near: 0 });
      const curve = kept.curve(kept.series(source)[0]!.id, range);
      kept.close();
      return curve;
    };
    const before = curveOf();
    const db = new Sqlite(file);
    db.exec('UPDATE chunks SET fine = substr(fine, 1, length(fine) - 4); UPDATE tops SET data = substr(data, 1, length(data) - 4); UPDATE series SET marks = substr(marks, 1, length(marks) - 4); ALTER TABLE config DROP COLUMN checksum; PRAGMA user_version = 1');
    db.close();
    expect(curveOf()).toEqual(before);
  });

  test('3: checksums for settings, and for the names and hints of series', () => {
    const file = join(folder(), 'a.db');
    const kept = store(file);
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
    kept.commit([commit(source, 9, (b) => {
      b.point(b.series('loss', { split: 'val', unit: 'é' }), 1, NaN, NaN, 0.5);
      b.config('lr', 0.1);
    })]);
    const [series, config] = [kept.series(source), kept.config(source)];
    kept.close();
    const db = new Sqlite(file);
    const { count, non_finite: nonFinite, segments, marks } = db.prepare('SELECT * FROM series').get() as { count: number; non_finite: number; segments: string; marks: Uint8Array };
    const former = withChecksum(marks.subarray(0, marks.length - 4), `${count} ${nonFinite} ${segments}`);
    db.prepare('UPDATE series SET marks = ?').run(former);
    db.exec('ALTER TABLE config DROP COLUMN checksum; PRAGMA user_version = 2');
    db.close();
    const migrated = store(file);
    expect(migrated.recovered).toBe(null);
    expect(migrated.series(source)).toEqual(series);
    expect(migrated.config(source)).toEqual(config);
    migrated.close();
    const damage = (sql: string): void => {
      const again = new Sqlite(file);
      again.exec(sql);
      again.close();
    };
    damage("UPDATE config SET value = '0.3'");
    const first = openStore(file);
    expect(() => first.config(source)).toThrow(StoreDamaged);
    first.close();
    rmSync(`${file}-suspect`);
    damage("UPDATE config SET value = '0.1'; UPDATE series SET name = 'lass'");
    const second = openStore(file);
    expect(second.config(source)).toEqual(config);
    expect(() => second.series(source)).toThrow(StoreDamaged);
    second.close();
  });

  test('keep what is there, after a copy of the file was made', () => {
    const file = join(folder(), 'a.db');
    const { source } = filled(file);
    const kept = store(file, { migrations: [...migrations, second] });
    const series = kept.series(source)[0]!;
    expect(numbers(kept.points(series.id).value, 3)).toEqual([0, 1, 2].map(Math.sin));
    const db = new Sqlite(file, { readonly: true });
    expect(db.prepare('SELECT colour FROM roots').pluck().get()).toBe('grey');
    expect(db.pragma('user_version', { simple: true })).toBe(next);
    db.close();
    const copy = store(`${file}.before-${next}`);
    expect(copy.source(source)!.offset).toBe(77);
    expect(copy.totals().points).toBe(20_000);
  });

  test('one that fails changes nothing', () => {
    const file = join(folder(), 'a.db');
    filled(file);
    const bad: Migration = {
      version: next,
      name: 'bad',
      up(db) {
        second.up(db);
        throw new Error('half way');
      },
    };
    expect(() => openStore(file, { migrations: [...migrations, bad] })).toThrow('half way');
    expect(store(file).totals().points).toBe(20_000);
  });
});
