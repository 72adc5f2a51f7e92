import { expect, test } from 'vitest';
import { beside } from '../../../renderer/charts/overlays.ts';
import { endOf, linesOf, seriesOfLine } from '../../../renderer/charts/lines.ts';
import type { CurveView, SeriesView } from '../../../preload/contract.ts';

test('what a resume superseded is drawn faintly behind its series, and goes with it', () => {
  const series = [{ key: 'train:loss', name: 'loss', split: 'train', probe: false }] as unknown as SeriesView[];
  const at = (...numbers: number[]): Float64Array => Float64Array.from(numbers);
  const curve: CurveView = { key: 'train:loss', x: at(0, 1), y: at(2, 1), exact: true, points: 2, nonFinite: [], superseded: [{ x: at(1, 2), y: at(5, 6) }] };
  const { lines, measured } = linesOf(series, new Map([['train:loss', curve]]), { width: 0, shift: () => 0.5 });
  expect(lines.map(({ ghost, x, y }) => [ghost === true, Array.from(x), Array.from(y)])).toEqual([
    [true, [0.5, 1.5], [5, 6]],
    [false, [-0.5, 0.5], [2, 1]],
  ]);
  expect(measured).toHaveLength(1);
  expect(lines.map(({ key }) => seriesOfLine(key))).toEqual(['train:loss', 'train:loss']);
});

test('evals are drawn as measured until there are so many that they cannot be told apart', () => {
  const drawn = (split: 'train' | 'val', points: number) => {
    const series = [{ key: 'loss', name: 'loss', split, probe: false }] as unknown as SeriesView[];
    const x = Float64Array.from({ length: points }, (_, i) => i);
    const curve: CurveView = { key: 'loss', x, y: x.map((at) => Math.sin(at)), exact: true, points, nonFinite: [] };
    return linesOf(series, new Map([['loss', curve]]), { width: points / 10, shift: () => 0 }).lines.map(({ ghost, dash }) => [ghost === true, dash !== undefined]);
  };
  expect(drawn('val', 400)).toEqual([[false, true]]);
  expect(drawn('val', 401)).toEqual([[true, false], [false, true]]);
  expect(drawn('train', 401)).toEqual([[true, false], [false, false]]);
});

test('a label stands in the picture whole', () => {
  const picture = { left: 50, width: 100 };
  expect(beside(60, 30, 5, picture)).toBe(65);
  expect(beside(140, 30, 5, picture)).toBe(105);
  expect(beside(155, 30, 5, picture)).toBe(115);
  expect(beside(60, 200, 5, picture)).toBe(50);
});

test('what a curve ends with is said if it is not finite, also where the last point was thinned away', () => {
  const end = (x: number[], y: number[], nonFinite: CurveView['nonFinite'] = []): number | undefined =>
    endOf({ key: 'loss', x: Float64Array.from(x), y: Float64Array.from(y), exact: true, points: x.length, nonFinite }).end;
  expect(end([], [])).toBeUndefined();
  expect(end([0, 1], [2, 1])).toBeUndefined();
  expect(end([0, 1, 2], [2, NaN, 1], [{ x: 1, value: 'NaN' }])).toBeUndefined();
  expect(end([0, 1], [2, NaN], [{ x: 1, value: 'NaN' }])).toBeNaN();
  expect(end([0, 1], [2, NaN], [{ x: 1, value: '-Infinity' }])).toBe(-Infinity);
  expect(end([0, 1, 2], [2, NaN, 1], [{ x: 1, value: 'NaN' }, { x: 3, value: 'Infinity' }])).toBe(Infinity);
  // The list of places is cut off.
  expect(end([0, 1, 2, 3], [2, NaN, 1, NaN], [{ x: 1, value: 'Infinity' }])).toBeNaN();
});
