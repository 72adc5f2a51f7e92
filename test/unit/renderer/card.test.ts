import { expect, test } from 'vitest';
import { areAlike, toldApart } from '../../../renderer/charts/card.ts';
import { linesOf } from '../../../renderer/charts/lines.ts';
import type { CurveView, SeriesView } from '../../../preload/contract.ts';

const series = (key: string, split: SeriesView['split'], probe = false): SeriesView => ({ key, name: key, split, probe }) as SeriesView;
const curve = (key: string, points: number): CurveView => {
  const x = Float64Array.from({ length: points }, (_, i) => i);
  return { key, x, y: x.map((at) => Math.sin(at)), exact: true, points, nonFinite: [] };
};
const all = (given: SeriesView[], points: number) => toldApart(linesOf(given, new Map(given.map(({ key }) => [key, curve(key, points)])), { width: 5, shift: () => 0 }), given);

test('series are alike where two are of one kind', () => {
  expect(areAlike([series('a', 'train'), series('b', 'val'), series('c', 'train', true), series('d', null)])).toBe(false);
  expect(areAlike([series('a', null), series('b', null)])).toBe(true);
  expect(areAlike([series('a', 'train'), series('b', 'val'), series('c', 'val')])).toBe(true);
});

test('each of ten series looks as no other, is named as logged, and keeps the line style of its split', () => {
  const given = Array.from({ length: 10 }, (_, i) => series(`m/s${i}`, i % 2 ? 'val' : null));
  const { lines, measured } = all(given, 20);
  expect(new Set(lines.map(({ colour, sign }) => `${colour} ${sign}`)).size).toBe(10);
  expect(measured.map(({ label }) => label)).toEqual(given.map(({ name }) => name));
  for (const line of measured) {
    expect([line.width, line.opacity]).toEqual([1, undefined]);
    expect(line.dash !== undefined).toBe(Number(line.key.slice(-1)) % 2 === 1);
  }
});

test('the raw course behind a smoothed one has its colour, is faint, and bears no sign', () => {
  const { lines } = all(Array.from({ length: 9 }, (_, i) => series(`m/s${i}`, null)), 200);
  const ghosts = lines.filter(({ ghost }) => ghost);
  expect(ghosts).toHaveLength(9);
  for (const ghost of ghosts) {
    const own = lines.find(({ key }) => `${key} raw` === ghost.key);
    expect([ghost.colour, ghost.opacity, ghost.sign]).toEqual([own?.colour, 0.3, undefined]);
  }
});
