import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Points } from '../../../main/service/points.ts';
import { checked, withChecksum } from '../../../main/service/store/checksum.ts';
import { StoreDamaged } from '../../../main/service/store/errors.ts';
import { CHUNK } from '../../../main/service/store/layout.ts';
import type { Commit, SeriesRow } from '../../../main/service/store/store.ts';
import { batch, commit, folder, store } from './places.ts';

const names = ['train/loss', 'val/loss', 'lr', '验证/损失 "1"', 'a\u0000b'];

/** One commit of a source: how, to which series, which values and whether a last line is unfinished. */
const step = fc.record({
  source: fc.nat(2),
  mode: fc.constantFrom<Commit['mode']>('append', 'append', 'append', 'generation', 'replace'),
  series: fc.subarray(names, { minLength: 1 }),
  values: fc.array(fc.constantFrom(1, -2, 0.5, NaN, Infinity, -Infinity), { maxLength: 4 }),
  back: fc.boolean(),
  provisional: fc.boolean(),
  config: fc.option(fc.constantFrom('lr', 'seed'), { nil: null }),
});

/** With what is worked out when it is asked for. */
function plain({ id, sourceId, generation, name, hints, count, nonFinite, segments, first, last, min, max, end, hasStep, hasEpoch, hasTime }: SeriesRow): SeriesRow {
  return { id, sourceId, generation, name, hints, count, nonFinite, segments, first, last, min, max, end, hasStep, hasEpoch, hasTime };
}

/** The end of a series is its last point, and `last` the last finite one. */
function expectEnd({ end, last }: SeriesRow, { step, value, length }: Points): void {
  expect(end).toMatchObject({ index: length - 1, step: step[length - 1], value: value[length - 1] });
  const finite = value.subarray(0, length).findLastIndex(Number.isFinite);
  if (finite < 0) expect(last).toBeNull();
  else expect(last).toMatchObject({ index: finite, value: value[finite] });
  if (finite === length - 1) expect(end).toEqual(last);
}

test('series and configuration are the same from memory, asked one by one, and asked for a whole root', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const file = join(folder(), 'a.db');
      const [writer, reader] = [store(file), store(file)];
      const root = writer.addRoot('/runs');
      writer.addSource(writer.addRoot('/other'), 'log', 'x');
      const ids = [0, 1, 2].map((at) => writer.addSource(root, `run${at}/log`, 'x').id);
      steps.forEach(({ source, mode, series, values, back, provisional, config }, at) => {
        const id = ids[source]!;
        const fill = (b: Parameters<Parameters<typeof batch>[0]>[0]): void => {
          for (const name of series) values.forEach((value, i) => b.point(b.series(name, name === 'lr' ? {} : { split: 'train' }), back ? -i : at * 10 + i, NaN, 1e9 + i, value));
          if (config !== null) b.config(config, at);
        };
        writer.commit([commit(id, at, fill, { mode, ...(provisional ? { provisional: batch((b) => { b.point(b.series('lr'), at, NaN, NaN, 7); b.config('late', at); b.fact('name', 'x'); }) } : {}) })]);
        const [rows, configs] = [reader.seriesOfRoot(root), reader.configOfRoot(root)];
        for (const one of ids) {
          const asked = reader.series(one);
          expect(writer.series(one)).toEqual(asked);
          expect((rows.get(one) ?? []).map(plain)).toEqual(asked);
          for (const row of asked) expectEnd(row, reader.points(row.id));
          const config = reader.config(one);
          expect(writer.config(one)).toEqual(config);
          expect(configs.get(one) ?? new Map()).toEqual(config);
        }
        expect([...rows.keys()].every((one) => ids.includes(one))).toBe(true);
        expect(reader.shownSources(root)).toEqual(ids.map((one) => writer.shownSource(one)));
        expect(reader.sources(root)).toMatchObject(reader.shownSources(root));
      });
    }),
    { numRuns: 25 },
  );
});

test('a whole root has the names and hints that were written, whatever stands in them', () => {
  const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a\0b', '\0', '"', '\\', '{"number":"NaN"}', '\ud800', '\n', 'Verlust \u00e9\ud83d\ude00', "'); --"));
  const kept = store();
  let roots = 0;
  fc.assert(
    fc.property(fc.uniqueArray(odd, { minLength: 1, maxLength: 6 }), odd, (written, unit) => {
      const root = kept.addRoot(`/runs${(roots += 1)}`);
      const { id } = kept.addSource(root, 'log', 'x');
      kept.commit([commit(id, 1, (b) => written.forEach((name, at) => b.point(b.series(name, { unit }), at, NaN, NaN, at)))]);
      expect(kept.seriesOfRoot(root).get(id)?.map(plain)).toEqual(kept.series(id));
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['a value', "marks = CAST(substr(marks, 1, 40) || x'01' || substr(marks, 42) AS BLOB)"],
  ['the length', 'marks = substr(marks, 2)'],
  ['a count', 'count = count + 1'],
  ['a name', "name = 'lqss'"],
  ['an end that is no text', "name = CAST(x'6cff' AS TEXT)"],
  ['the segments', "segments = '[0'"],
])('of a row in which %s is not as it was written nothing is shown', (_, change) => {
  const file = join(folder(), 'a.db');
  const kept = store(file);
  const root = kept.addRoot('/runs');
  for (const path of ['a', 'b', 'c']) kept.commit([commit(kept.addSource(root, path, 'x').id, 1, (b) => b.point(b.series('loss'), 1, NaN, NaN, 0.5))]);
  expect(kept.seriesOfRoot(root).size).toBe(3);
  const db = new Sqlite(file);
  db.exec(`UPDATE series SET ${change} WHERE id = 2`);
  db.close();
  expect(() => kept.seriesOfRoot(root)).toThrow(StoreDamaged);
});

test('rows that were handed out stay as they were while the series grows on', () => {
  const kept = store();
  const id = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
  const grow = (at: number): void => kept.commit([commit(id, at, (b) => b.point(b.series('loss'), -at, NaN, NaN, at))]);
  grow(0);
  const [before] = kept.series(id);
  grow(1);
  expect(before).toMatchObject({ count: 1, segments: [0], last: { value: 0 } });
  expect(kept.series(id)[0]).toMatchObject({ count: 2, segments: [0, 1], last: { value: 1 } });
});

test.each([3, CHUNK])('a database in which the end of a series of %d points was not noted still tells what it ends with', (points) => {
  const file = join(folder(), 'a.db');
  const before = store(file);
  const root = before.addRoot('/runs');
  const id = before.addSource(root, 'log', 'x').id;
  before.commit([commit(id, 1, (b) => {
    for (let i = 0; i < points; i += 1) b.point(b.series('loss'), i, NaN, NaN, i < points - 2 ? 1 : -Infinity);
  })]);
  const rows = before.series(id);
  before.close();
  forgetEnds(file);
  const kept = store(file);
  expect(kept.series(id)).toEqual(rows);
  expect(kept.seriesOfRoot(root).get(id)).toEqual(rows);
  kept.commit([commit(id, 2, (b) => b.point(b.series('loss'), points, NaN, NaN, NaN))]);
  expect(kept.series(id)[0]).toMatchObject({ end: { index: points, step: points, value: NaN }, last: { index: points - 3 } });
  kept.commit([commit(id, 3, (b) => b.point(b.series('loss'), points + 1, NaN, NaN, 4))]);
  expect(kept.series(id)[0]?.end).toMatchObject({ value: 4 });
});

/** Makes the summaries what they were before their end was noted: bits 1024 and above of the last double. */
function forgetEnds(file: string): void {
  const db = new Sqlite(file);
  const all = db.prepare<[], { id: number; marks: Uint8Array; beside: string }>(
    "SELECT id, marks, count || ' ' || non_finite || ' ' || segments || ' ' || split || ' ' || name || ' ' || hints AS beside FROM series",
  ).all();
  for (const { id, marks, beside } of all) {
    const numbers = new Float64Array(Uint8Array.from(checked(marks, 'marks', beside)).buffer);
    numbers[23] = numbers[23]! % 1024;
    db.prepare('UPDATE series SET marks = ? WHERE id = ?').run(withChecksum(new Uint8Array(numbers.buffer), beside), id);
  }
  db.close();
}
