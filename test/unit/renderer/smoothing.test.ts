import { describe, expect, test } from 'vitest';
import { LEVELS, roundNumber, smooth, widthOf } from '../../../renderer/charts/smoothing.ts';

const line = (n: number, f: (i: number) => number) => ({ x: Float64Array.from({ length: n }, (_, i) => i), y: Float64Array.from({ length: n }, (_, i) => f(i)) });

describe('smoothing', () => {
  test('does not lag a falling curve, neither inside nor at its newest end', () => {
    const straight = line(2000, (i) => 10 - i * 0.004);
    for (const y of smooth(straight, 400).map((value, i) => value - (straight.y[i] as number))) expect(Math.abs(y)).toBeLessThan(1e-9);
    const falling = line(2000, (i) => 8 * Math.exp(-i / 400) + 0.5);
    const smoothed = smooth(falling, 100);
    expect(Math.abs((smoothed[1999] as number) - (falling.y[1999] as number))).toBeLessThan(0.002);
    expect(Math.abs((smoothed[200] as number) - (falling.y[200] as number))).toBeLessThan(0.02);
  });

  test('takes most of the noise away', () => {
    let state = 7;
    const noise = () => ((state = (state * 16807) % 2147483647) / 2147483647 - 0.5) * 2;
    const noisy = line(3000, () => 1 + noise());
    const smoothed = smooth(noisy, 200);
    const spread = (values: Float64Array) => Math.sqrt(values.reduce((sum, v) => sum + (v - 1) ** 2, 0) / values.length);
    expect(spread(smoothed)).toBeLessThan(spread(noisy.y) / 5);
  });

  test('goes round a break: NaN stays, and nothing leaks across', () => {
    const broken = line(300, (i) => (i === 150 ? NaN : i < 150 ? 1 : 100));
    const smoothed = smooth(broken, 50);
    expect(smoothed[150]).toBeNaN();
    expect(smoothed[149]).toBeCloseTo(1, 9);
    expect(smoothed[151]).toBeCloseTo(100, 9);
  });

  test('leaves the raw values where the window holds fewer than three points, and where it is off', () => {
    const sparse = { x: Float64Array.of(0, 100, 200, 300), y: Float64Array.of(4, 1, 3, 2) };
    expect(Array.from(smooth(sparse, 50))).toEqual([4, 1, 3, 2]);
    expect(Array.from(smooth(sparse, 0))).toEqual([4, 1, 3, 2]);
  });

  test('survives several points at one place', () => {
    const same = { x: Float64Array.of(1, 1, 1, 1), y: Float64Array.of(1, 2, 3, 4) };
    expect(smooth(same, 10).every(Number.isFinite)).toBe(true);
  });
});

describe('the width', () => {
  test('is a round number that grows with the level', () => {
    expect(widthOf(0, 18_240)).toBe(0);
    const widths = Array.from({ length: LEVELS }, (_, i) => widthOf(i + 1, 18_240));
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    for (const width of widths) expect([1, 2, 5]).toContain(width / 10 ** Math.floor(Math.log10(width)));
    expect(widthOf(3, 0)).toBe(0);
  });

  test('rounds to 1, 2 or 5 times a power of ten', () => {
    expect([0.0123, 0.3, 4.2, 73].map(roundNumber)).toEqual([0.01, 0.2, 5, 100]);
  });
});
