import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commit, folder, numbers, store } from './places.ts';

function begin() {
  const kept = store();
  const id = kept.addSource(kept.addRoot('/runs'), 'log', 'x').id;
  const append = (count: number, offset: number) =>
    kept.commit([commit(id, offset, (b) => { for (let i = 0; i < count; i += 1) b.point(b.series('loss'), offset + i, NaN, NaN, offset + i); })]);
  const values = () => kept.series(id).map((row) => numbers(kept.points(row.id).value, kept.points(row.id).length)).flat();
  return { kept, id, append, values };
}

describe('transaction', () => {
  test('what fails leaves nothing behind, in memory neither', () => {
    const { kept, id, append, values } = begin();
    append(3, 0);
    expect(() =>
      kept.transaction(() => {
        append(5000, 3);
        kept.documents.set('note', 'a', 'x');
        expect(values().length).toBe(5003);
        expect(kept.curve(kept.series(id)[0]!.id, { axis: 'step', pixels: 10 }).points).toBe(5003);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(values()).toEqual([0, 1, 2]);
    expect(kept.source(id)!.offset).toBe(0);
    expect(kept.documents.get('note', 'a')).toBe(null);
    append(4500, 3);
    expect(values()).toEqual(Array.from({ length: 4503 }, (_, i) => i));
    expect(kept.curve(kept.series(id)[0]!.id, { axis: 'step', pixels: 10_000 }).y.length).toBe(4503);
    expect(kept.series(id)[0]!.segments).toEqual([0]);
  });

  test('a failure inside that was caught outside still undoes the whole', () => {
    const { kept, append, values } = begin();
    expect(() =>
      kept.transaction(() => {
        append(2, 0);
        try {
          kept.commit([commit(999, 1, () => {})]);
        } catch {
          // The caller goes on as if nothing had been.
        }
      }),
    ).toThrow('no source 999');
    expect(values()).toEqual([]);
    append(2, 0);
    expect(values()).toEqual([0, 1]);
  });

  test('several sources are committed together or not at all', () => {
    const { kept, id, values } = begin();
    expect(() => kept.commit([commit(id, 1, (b) => b.point(b.series('loss'), 1, NaN, NaN, 1)), commit(999, 1, () => {})])).toThrow();
    expect(values()).toEqual([]);
  });
});

test('two processes on one file: each sees what the other wrote, and neither doubles nor loses a point', () => {
  const file = join(folder(), 'a.db');
  const [one, other] = [store(file), store(file)];
  const id = one.addSource(one.addRoot('/runs'), 'log', 'x').id;
  for (let at = 0; at < 9000; at += 500) {
    const writer = at % 1000 === 0 ? one : other;
    writer.commit([commit(id, at + 500, (b) => { for (let i = at; i < at + 500; i += 1) b.point(b.series('loss'), i, NaN, NaN, i); })]);
    for (const reader of [one, other]) {
      expect(reader.source(id)!.offset).toBe(at + 500);
      expect(reader.curve(reader.series(id)[0]!.id, { axis: 'step', pixels: 10 }).points).toBe(at + 500);
    }
  }
  const points = one.points(one.series(id)[0]!.id);
  expect(numbers(points.value, points.length)).toEqual(Array.from({ length: 9000 }, (_, i) => i));
});

test('documents come back as they were set', () => {
  const { kept } = begin();
  kept.documents.set('checklist', 'run/1', { done: ['a'], at: NaN, text: '{"number":"NaN"}', deep: { number: 3 } });
  kept.documents.set('checklist', 'run/2', null);
  expect(kept.documents.get('checklist', 'run/1')).toEqual({ done: ['a'], at: NaN, text: '{"number":"NaN"}', deep: { number: 3 } });
  expect(kept.documents.all('checklist').map(({ key }) => key)).toEqual(['run/1', 'run/2']);
  kept.documents.delete('checklist', 'run/1');
  expect(kept.documents.get('checklist', 'run/1')).toBe(null);
  expect(kept.documents.all('other')).toEqual([]);
});
