import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../main/service/formats/batch.ts';
import type { SeriesRow, Store } from '../../../main/service/store/store.ts';
import { commit, numbers, store } from './places.ts';

function loss(batch: Batch, values: number[], firstStep = 0): void {
  const series = batch.series('loss');
  values.forEach((value, i) => batch.point(series, firstStep + i, NaN, NaN, value));
}

function valuesOf(kept: Store, seriesId: number): number[] {
  const points = kept.points(seriesId);
  return numbers(points.value, points.length);
}

function begin() {
  const kept = store();
  return { kept, id: kept.addSource(kept.addRoot('/runs'), 'log', 'x').id };
}

describe('replace', () => {
  test('takes the place of what was there: points, config, facts, state, problems; absent series go', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 1, (b) => {
      loss(b, [1, 2, 3]);
      b.point(b.series('gone'), 1, NaN, NaN, 1);
      b.config('old', 1);
      b.fact('old', 1);
      b.problem(1, 'old');
      b.runState('failed');
    })]);
    const before = kept.series(id)[0]!.id;
    kept.commit([commit(id, 2, (b) => {
      loss(b, [7, 8]);
      b.config('new', 2);
    }, { mode: 'replace' })]);
    expect(kept.series(id).map((row) => [row.name, row.id, row.count, row.max?.value])).toEqual([['loss', before, 2, 8]]);
    expect(valuesOf(kept, before)).toEqual([7, 8]);
    expect([...kept.config(id).keys()]).toEqual(['new']);
    expect(kept.source(id)).toMatchObject({ facts: {}, state: null, generation: 0 });
    expect(kept.problems()).toEqual([]);
  });

  test('a snapshot that grew keeps its points; curves follow', () => {
    const { kept, id } = begin();
    const values = Array.from({ length: 5000 }, (_, i) => Math.sin(i));
    kept.commit([commit(id, 1, (b) => loss(b, values.slice(0, 4500)), { mode: 'replace' })]);
    const series = kept.series(id)[0]!.id;
    expect(kept.curve(series, { axis: 'step', pixels: 10_000 }).points).toBe(4500);
    kept.commit([commit(id, 2, (b) => loss(b, values), { mode: 'replace' })]);
    expect(valuesOf(kept, series)).toEqual(values);
    const changed = values.map((value, i) => (i === 3 ? NaN : value));
    kept.commit([commit(id, 3, (b) => loss(b, changed), { mode: 'replace' })]);
    expect(valuesOf(kept, series)).toEqual(changed);
    expect(numbers(kept.curve(series, { axis: 'step', pixels: 10_000 }).y)).toEqual(changed);
    expect(kept.series(id)[0]).toMatchObject({ count: 5000, nonFinite: 1, segments: [0] });
  });
});

describe('generation', () => {
  test('keeps the old points as superseded and begins anew', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 9, (b) => {
      loss(b, [1, 2]);
      b.config('lr', 1);
      b.problem(4, 'old');
    })]);
    kept.commit([commit(id, 5, (b) => loss(b, [3]), { mode: 'generation' })]);
    expect(kept.source(id)).toMatchObject({ generation: 1, offset: 5 });
    const told = (rows: SeriesRow[]): unknown => rows.map((row) => [row.generation, valuesOf(kept, row.id)]);
    expect(told(kept.series(id))).toEqual([[1, [3]]]);
    expect(told(kept.superseded(id))).toEqual([[0, [1, 2]]]);
    expect(kept.problems()).toEqual([]);
    kept.commit([commit(id, 6, (b) => loss(b, [4], 1))]);
    expect([...kept.superseded(id), ...kept.series(id)].map((row) => valuesOf(kept, row.id))).toEqual([[1, 2], [3, 4]]);
  });
});

describe('segments', () => {
  test('begin where the step goes back, across commits too', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 1, (b) => loss(b, [1, 2, 3], 10))]);
    kept.commit([commit(id, 2, (b) => loss(b, [4, 5], 11))]);
    kept.commit([commit(id, 3, (b) => loss(b, [6], 12))]);
    expect(kept.series(id)[0]!.segments).toEqual([0, 3]);
    const { x, y, segments } = kept.curve(kept.series(id)[0]!.id, { axis: 'step', pixels: 100 });
    expect(numbers(x)).toEqual([10, 11, 12, 12, 11, 12, 12]);
    expect(numbers(y)).toEqual([1, 2, 3, NaN, 4, 5, 6]);
    expect(segments).toEqual([0, 4]);
  });

  test('begin where the writer restarted, also in series without a point in that batch', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 1, (b) => {
      loss(b, [1]);
      b.point(b.series('val'), 1, NaN, NaN, 1);
    })]);
    kept.commit([commit(id, 2, (b) => {
      loss(b, [2], 1);
      b.restart();
    })]);
    kept.commit([commit(id, 3, (b) => {
      loss(b, [3], 2);
      b.point(b.series('val'), 2, NaN, NaN, 2);
      b.point(b.series('late'), 2, NaN, NaN, 2);
    })]);
    expect(kept.series(id).map((row) => [row.name, row.segments])).toEqual([['loss', [0, 2]], ['val', [0, 1]], ['late', [0]]]);
  });

  test('of a series without steps begin where the epoch goes back', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 1, (b) => {
      for (const epoch of [0, 1, 2, 0, 1]) b.point(b.series('loss'), NaN, epoch, NaN, epoch);
    })]);
    expect(kept.series(id)[0]).toMatchObject({ segments: [0, 3], hasStep: false, hasEpoch: true, hasTime: false });
  });

  test('a log that restarts at every line keeps all its points', () => {
    const { kept, id } = begin();
    kept.commit([commit(id, 1, (b) => {
      for (let i = 0; i < 3000; i += 1) b.point(b.series('loss'), 3000 - i, NaN, NaN, i);
    })]);
    const row = kept.series(id)[0]!;
    expect(row.segments.length).toBe(1000);
    expect(kept.points(row.id).length).toBe(3000);
    const curve = kept.curve(row.id, { axis: 'step', pixels: 5000 });
    expect(curve.points).toBe(3000);
    expect(new Set(curve.y).size).toBe(3001);
  });
});

test('the same name in two splits is two series; names may be anything', () => {
  const { kept, id } = begin();
  const names = ['__proto__', 'a\u0000b', '\ud800', 'x'.repeat(5000), '', '<b>'];
  kept.commit([commit(id, 1, (b) => {
    b.point(b.series('loss', { split: 'train' }), 1, NaN, NaN, 1);
    b.point(b.series('loss', { split: 'val' }), 1, NaN, NaN, 2);
    for (const name of names) b.point(b.series(name), 1, NaN, NaN, 3);
    b.fact('__proto__', 'p');
    b.config('__proto__', 1);
  })]);
  kept.commit([commit(id, 2, (b) => { for (const name of names) b.point(b.series(name), 2, NaN, NaN, 3); })]);
  expect(kept.series(id).map((row) => [row.name, row.count]).slice(2)).toEqual(names.map((name) => [name.replace("\ud800", "\ufffd"), 2]));
  expect(kept.series(id).slice(0, 2).map((row) => [row.hints.split, row.last?.value])).toEqual([['train', 1], ['val', 2]]);
  expect(Object.entries(kept.source(id)!.facts)).toEqual([['__proto__', 'p']]);
  expect(kept.config(id).get('__proto__')).toBe(1);
});

test('a file full of problems lists some and counts the rest', () => {
  const { kept, id } = begin();
  for (let k = 0; k < 12; k += 1) {
    kept.commit([commit(id, k, (b) => { for (let i = 0; i < 150; i += 1) b.problem(k * 150 + i, 'bad'); })]);
  }
  const problems = kept.problems();
  expect(problems.length).toBe(501);
  expect(problems.at(-1)!.text).toBe('1300 more problems in this file');
});

test('removing a root removes everything below it, and nothing else', () => {
  const { kept, id } = begin();
  const other = kept.addSource(kept.addRoot('/other'), 'log', 'x').id;
  kept.commit([id, other].map((source) => commit(source, 1, (b) => loss(b, Array.from({ length: 5000 }, (_, i) => i)))));
  kept.removeRoot(kept.source(id)!.rootId);
  expect(kept.source(id)).toBe(null);
  expect({ ...kept.totals(), ...kept.counts() }).toMatchObject({ points: 5000, series: 1, sources: 1 });
  expect(valuesOf(kept, kept.series(other)[0]!.id).length).toBe(5000);
  expect(() => kept.commit([commit(id, 1, (b) => loss(b, [1]))])).toThrow('no source');
  expect(kept.check()).toEqual([]);
});
