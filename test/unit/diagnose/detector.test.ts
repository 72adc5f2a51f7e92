import { describe, expect, test } from 'vitest';
import { createDetector, halfWidth, intervalFrom } from '../../../main/service/diagnose/detector.ts';
import { normal } from './logged.ts';

const sign = (i: number): number => (i % 2 === 0 ? 1 : -1);

/** Index of the value at which a detector fires, -1 if never. */
function fires(d: (i: number) => number, n = 200, options = {}): number {
  const detector = createDetector({ burnIn: 0, ...options });
  for (let i = 0; i < n; i += 1) if (detector.push(d(i)).fired) return i;
  return -1;
}

describe('half-width of the confidence sequence', () => {
  test.each([
    [8, 0.01, 0, 0.005, 0.43394],
    [20, 0.01, 0.3, 0.005, 0.19045],
    [64, 0.01, 0.3, 0.005, 0.07604],
    [20, 0.01, 0.3, 0.0025, 0.2012],
  ])('n %d, s2 %d, rho1 %d, a %d gives %d', (n, s2, rho1, a, expected) => {
    expect(halfWidth(n, s2, rho1, a)).toBeCloseTo(expected, 4);
  });
});

describe('golden vectors of the reference', () => {
  test.each<[string, (i: number) => number, number]>([
    ['0.20 with noise', (i) => 0.2 + 0.05 * sign(i), 9],
    ['0.08 with noise', (i) => 0.08 + 0.05 * sign(i), 39],
    ['0.04, below the margin', (i) => 0.04 + 0.05 * sign(i), -1],
    ['a step after 20 values', (i) => (i < 20 ? 0 : 0.2) + 0.02 * sign(i), 32],
    ['an early transient', (i) => 0.5 * Math.exp(-i / 2), -1],
    ['a ramp', (i) => 0.01 * i, 12],
  ])('%s', (_, d, expected) => {
    expect(fires(d)).toBe(expected);
  });
});

test('burn-in values are in no window', () => {
  expect(fires((i) => (i < 5 ? 5 : 0), 60, { burnIn: 5 })).toBe(-1);
  expect(fires((i) => 0.2 + 0.05 * sign(i), 60, { burnIn: 4 })).toBe(13);
});

test('it clears when the last eight values have come down, and fires again', () => {
  const detector = createDetector({ burnIn: 0 });
  const readings = Array.from({ length: 90 }, (_, i) => detector.push((i < 30 || i >= 60 ? 0.3 : 0) + 0.02 * sign(i)));
  const fired = readings.flatMap(({ fired: now }, i) => (now ? [i] : []));
  const cleared = readings.flatMap(({ cleared: now }, i) => (now ? [i] : []));
  expect(fired).toHaveLength(2);
  expect(cleared).toHaveLength(1);
  expect(cleared[0]).toBeGreaterThan(30);
  expect(cleared[0]).toBeLessThan(42);
  expect(fired[1]).toBeGreaterThan(60);
});

test('a gap that has gone does not set it off again', () => {
  const detector = createDetector({ burnIn: 2, quick: true });
  const readings = Array.from({ length: 200 }, (_, i) => detector.push((i < 60 ? 1.5 : 0) + 0.001 * sign(i)));
  expect(readings.filter(({ fired }) => fired)).toHaveLength(1);
  expect(readings.filter(({ cleared }) => cleared)).toHaveLength(1);
  expect(readings.at(-1)).toMatchObject({ firing: false });
  expect(readings.at(-1)?.best?.start).toBeGreaterThanOrEqual(60);
});

test('a resumed run starts its windows anew but stays firing', () => {
  const detector = createDetector({ burnIn: 0 });
  for (let i = 0; i < 20; i += 1) detector.push(0.3 + 0.02 * sign(i));
  detector.restart();
  const first = detector.push(0.3);
  expect(first).toMatchObject({ firing: true, fired: false, best: null });
});

test('a plain gap fires as soon as five values show it twice, only where asked for', () => {
  const plain = (i: number): number => 0.3 + 0.01 * sign(i);
  expect(fires(plain, 60, { quick: true })).toBe(5);
  expect(fires(plain, 60)).toBe(8);
});

test('twelve values in a row above the margin, seen twice, are a gap however they jump', () => {
  const jumping = (n: number) => (i: number) => (i < n ? (i % 3 === 0 ? 1.5 : 0.055) : -0.4);
  expect(fires(jumping(13), 13)).toBe(-1);
  expect(fires(jumping(13), 40, { quick: true })).toBe(12);
  expect(fires(jumping(12), 40, { quick: true })).toBe(-1);
});

test('white noise around zero fires in fewer than one in a hundred runs', () => {
  let alarms = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const next = normal(seed);
    if (fires(() => 0.04 * next(), 120, { quick: true }) >= 0) alarms += 1;
  }
  expect(alarms).toBeLessThanOrEqual(3);
});

test('very long histories are thinned and still decide', () => {
  const next = normal(7);
  const detector = createDetector();
  let firing = false;
  for (let i = 0; i < 3000; i += 1) firing = detector.push((i < 2500 ? 0 : 0.2) + 0.03 * next()).firing;
  expect(firing).toBe(true);
});

test('the interval is symmetric about the mean of its window', () => {
  const { mean, low, high } = intervalFrom([9, 0.1, 0.2, 0.15, 0.12, 0.18, 0.11, 0.2, 0.13], 1, 0.005);
  expect(mean).toBeCloseTo(0.14875, 5);
  expect(high - mean).toBeCloseTo(mean - low, 10);
});
