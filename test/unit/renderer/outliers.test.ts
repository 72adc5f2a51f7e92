import { expect, test } from 'vitest';
import { outliers } from '../../../renderer/charts/outliers.ts';

const range = { from: 0, to: 999 };
const line = (y: number[]) => ({ key: 'a', name: 'train', colour: 'train', width: 1, x: y.map((_, i) => i), y });
const calm = Array.from({ length: 1000 }, (_, i) => 1 + Math.sin(i) * 0.1);

test('a lone spike is cut off, counted and marked where it stands', () => {
  const cut = outliers([line(calm.with(500, 600).with(501, -300))], range);
  expect(cut).toMatchObject({ above: 1, below: 1, farthest: 600 });
  expect(cut?.high).toBeLessThan(1.2);
  expect(cut?.marks.map((mark) => [mark.x, mark.edge])).toEqual([[500, 'top'], [501, 'bottom']]);
});

test('a falling loss, a calm one and a short one are shown whole', () => {
  expect(outliers([line(calm)], range)).toBeNull();
  expect(outliers([line(calm.map((_, i) => 9 * Math.exp(-i / 200)))], range)).toBeNull();
  expect(outliers([line([1, 1, 1, 900])], range)).toBeNull();
});

test('only what is in sight counts, and NaN does not', () => {
  expect(outliers([line(calm.with(500, 600))], { from: 600, to: 999 })).toBeNull();
  expect(outliers([line(calm.with(500, NaN))], range)).toBeNull();
});
