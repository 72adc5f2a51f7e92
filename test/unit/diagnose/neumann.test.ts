import { expect, test } from 'vitest';
import { differenceRatio, isNoiseFree, recentVonNeumann, vonNeumann } from '../../../main/service/diagnose/neumann.ts';
import { normal, numbers } from './logged.ts';

function smoothed(values: number[], beta: number): number[] {
  let last = values[0] as number;
  return values.map((value) => (last = beta * last + (1 - beta) * value));
}

const next = normal(11);
const white = numbers(2000, () => 1 + 0.1 * next());

test('white noise has a ratio of 1, an exponential average of 0.98 one below 0.1', () => {
  expect(vonNeumann(white)).toBeGreaterThan(0.9);
  expect(vonNeumann(white)).toBeLessThan(1.1);
  expect(vonNeumann(smoothed(white, 0.98))).toBeLessThan(0.1);
});

test('a curved trend fools the plain ratio but not the one on differences', () => {
  const curved = numbers(160, (i) => 3 * Math.exp(-i / 40) + 0.06 * next());
  expect(vonNeumann(curved)).toBeLessThan(0.3);
  expect(differenceRatio(curved.slice(-100))).toBeGreaterThan(0.5);
  expect(recentVonNeumann(Float64Array.from(curved), 30)).toBeGreaterThan(0.5);
});

test('both ratios know a smoothed log with a trend', () => {
  const values = smoothed(
    numbers(600, (i) => 2 * Math.exp(-i / 200) + 0.3 * next()),
    0.98,
  );
  expect(recentVonNeumann(Float64Array.from(values), 40)).toBeLessThan(0.25);
});

test('too few or constant values say nothing', () => {
  expect(vonNeumann([1, 2, 3])).toBeNull();
  expect(vonNeumann(numbers(50, () => 2))).toBeNull();
  expect(differenceRatio([1, 2])).toBeNull();
});

test('a curve without noise is no smoothed log', () => {
  const formula = numbers(200, (i) => 2 * Math.exp(-i / 60) + 0.3);
  expect(isNoiseFree(formula)).toBe(true);
  expect(recentVonNeumann(Float64Array.from(formula), 20)).toBeNull();
  expect(isNoiseFree(smoothed(white.slice(0, 200), 0.99))).toBe(false);
});

test('thirty raw losses on a steep trend are no smoothed log either', () => {
  const steep = numbers(30, (i) => 3 * Math.exp(-i / 15) + 0.02 * next());
  expect(recentVonNeumann(Float64Array.from(steep), 2)).toBeGreaterThan(0.5);
});
