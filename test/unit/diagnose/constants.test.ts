import { expect, test } from 'vitest';
import { doubleSoftmaxFloor, guessing, smoothingFloor } from '../../../main/service/diagnose/constants.ts';

test.each([
  [2, 0.6931, 0.1985, 0.3133],
  [3, 1.0986, 0.2911, 0.5514],
  [5, 1.6094, 0.3897, 0.9048],
  [10, 2.3026, 0.5003, 1.4612],
  [100, 4.6052, 0.7778, 3.6222],
  [1000, 6.9078, 1.0148, 5.9095],
  [50257, 10.8249, 1.4075, 9.8249],
])('K = %d: ln K %d, smoothing floor %d, two softmaxes %d', (classes, ln, smoothed, doubled) => {
  expect(guessing(classes)).toBeCloseTo(ln, 4);
  expect(smoothingFloor(0.1, classes)).toBeCloseTo(smoothed, 4);
  expect(doubleSoftmaxFloor(classes)).toBeCloseTo(doubled, 4);
});

test('without smoothing there is no floor', () => {
  expect(smoothingFloor(0, 10)).toBe(0);
});
