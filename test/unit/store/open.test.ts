import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { StoreDamaged, StoreTooNew } from '../../../main/service/store/errors.ts';
import { migrations } from '../../../main/service/store/migrations/list.ts';
import { openStore } from '../../../main/service/store/open.ts';
import { commit, filled, folder, store } from './places.ts';

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
    expect({ ...kept.totals(), ...kept.counts() }).toMatchObject({ points: 0, sources: 0 });
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
