import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import { commit, batch, folder, numbers, store } from './places.ts';

/** `count` points of a regular loss, from `start` on. */
function losses(points: Points, count: number, start = 0): void {
  for (let i = start; i < start + count; i += 1) points.push(i * 10, i / 100, 1.7e9 + i * 0.5, Math.fround(1 / (i + 1)));
}

describe('commit', () => {
  test('points of all kinds come back as they were, also after the store was opened again', () => {
    const file = join(folder(), 'a.db');
    const first = store(file);
    const source = first.addSource(first.addRoot('/runs'), 'a/log.csv', 'csv');
    first.commit([
      commit(source.id, 120, (b) => {
        const loss = b.series('loss', { split: 'train' });
        b.point(loss, 1, NaN, 1.7e9, 0.5);
        b.point(loss, 2, 0.5, NaN, NaN);
        b.point(loss, 3, NaN, NaN, Infinity);
        b.point(loss, 4, NaN, NaN, -Infinity);
        b.point(loss, 5, NaN, NaN, -0);
        b.config('lr', 0.1);
        b.config('decay', NaN);
        b.fact('planSteps', 100);
        b.problem(7, 'a bad line');
        b.runState('finished');
      }, { grewAtMs: 5 }),
    ]);
    first.close();
    const again = store(file);
    const row = again.source(source.id)!;
    expect(row).toMatchObject({ offset: 120, path: 'a/log.csv', state: 'finished', facts: { planSteps: 100 }, grewAtMs: 5 });
    expect([...again.config(source.id)]).toEqual([['decay', NaN], ['lr', 0.1]]);
    expect(again.problems()).toMatchObject([{ path: 'a/log.csv', offset: 7, text: 'a bad line' }]);
    const [series] = again.series(source.id);
    const points = again.points(series!.id);
    expect(numbers(points.value, points.length)).toEqual([0.5, NaN, Infinity, -Infinity, -0]);
    expect(numbers(points.epoch, points.length)).toEqual([NaN, 0.5, NaN, NaN, NaN]);
    expect(series).toMatchObject({ name: 'loss', hints: { split: 'train' }, count: 5, nonFinite: 3, segments: [0] });
    expect(series!.max).toEqual({ index: 0, step: 1, epoch: null, time: 1.7e9, value: 0.5 });
  });

  test('many commits give the same points as one', () => {
    const kept = store();
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x');
    const want = new Points();
    for (let at = 0, size = 1; at < 10_000; at += size, size = (size * 7 + 3) % 900) {
      kept.commit([commit(source.id, at, (b) => losses(b.columns(b.series('loss')), size, at))]);
      losses(want, size, at);
    }
    const [row] = kept.series(source.id);
    const got = kept.points(row!.id);
    expect(row!.count).toBe(want.length);
    for (const column of ['step', 'epoch', 'time', 'value'] as const) {
      expect(got[column].subarray(0, got.length)).toEqual(want[column].subarray(0, want.length));
    }
    expect(row!.min).toMatchObject({ index: want.length - 1 });
    for (const [from, to] of [[0, 1], [100, 4096], [4096, 5000], [4095, 8193], [8192, want.length], [want.length - 1, want.length + 5], [want.length, want.length + 5]] as const) {
      const some = kept.points(row!.id, from, to);
      const into = new Points(8 * 4096);
      const [start, end] = [from - (from % 4096), Math.ceil(to / 4096) * 4096];
      into.push(-1, -1, -1, -1);
      kept.addPoints(into, row!.id, start, end);
      expect(numbers(into.value, into.length)).toEqual([-1, ...numbers(want.value, want.length).slice(start, end)]);
      for (const column of ['step', 'epoch', 'time', 'value'] as const) {
        expect(some[column].subarray(0, some.length)).toEqual(want[column].subarray(from, Math.min(to, want.length)));
      }
    }
  });

  test('provisional points are shown last, never doubled, and gone with the next commit', () => {
    const kept = store();
    const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x');
    const provisional = batch((b) => {
      b.point(b.series('loss'), 3, NaN, NaN, 9);
      b.runState('finished');
    });
    kept.commit([commit(source.id, 10, (b) => losses(b.columns(b.series('loss')), 2), { provisional })]);
    const id = kept.series(source.id)[0]!.id;
    expect(kept.series(source.id)[0]).toMatchObject({ count: 3, max: { value: 9, index: 2 }, segments: [0, 2] });
    expect(numbers(kept.points(id).value, kept.points(id).length)).toEqual([1, 0.5, 9]);
    expect(kept.totals().points).toBe(3);
    expect(kept.source(source.id)!.state).toBe('finished');
    kept.commit([commit(source.id, 12, (b) => losses(b.columns(b.series('loss')), 1, 2))]);
    expect(numbers(kept.points(id).step, kept.points(id).length)).toEqual([0, 10, 20]);
    expect(kept.series(source.id)[0]).toMatchObject({ count: 3, max: { value: 1 }, segments: [0] });
    expect(kept.source(source.id)!.state).toBe(null);
  });
});
