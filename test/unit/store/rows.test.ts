import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Commit } from '../../../main/service/store/store.ts';
import { batch, commit, folder, store } from './places.ts';

const names = ['train/loss', 'val/loss', 'lr'];

/** One commit of a source: how, to which series, which values and whether a last line is unfinished. */
const step = fc.record({
  source: fc.nat(2),
  mode: fc.constantFrom<Commit['mode']>('append', 'append', 'append', 'generation', 'replace'),
  series: fc.subarray(names, { minLength: 1 }),
  values: fc.array(fc.constantFrom(1, -2, 0.5, NaN, Infinity), { maxLength: 4 }),
  back: fc.boolean(),
  provisional: fc.boolean(),
  config: fc.option(fc.constantFrom('lr', 'seed'), { nil: null }),
});

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
          expect(rows.get(one) ?? []).toEqual(asked);
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
