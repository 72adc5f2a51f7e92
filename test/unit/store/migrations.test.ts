import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { withChecksum } from '../../../main/service/store/checksum.ts';
import { StoreDamaged } from '../../../main/service/store/errors.ts';
import { APPLICATION_ID } from '../../../main/service/store/layout.ts';
import { type Migration, migrations } from '../../../main/service/store/migrations/list.ts';
import { openStore } from '../../../main/service/store/open.ts';
import { commit, filled, folder, numbers, store } from './places.ts';

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
