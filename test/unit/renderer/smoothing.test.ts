import { describe, expect, test } from 'vitest';
import type { Curve } from '../../../renderer/charts/columns.ts';
import { LEVELS, roundNumber, smooth, widthOf } from '../../../renderer/charts/smoothing.ts';

const line = (n: number, f: (i: number) => number) => ({ x: Float64Array.from({ length: n }, (_, i) => i), y: Float64Array.from({ length: n }, (_, i) => f(i)) });

/** The smoothed line at an x, as it is drawn: straight between its places. */
function at({ x, y }: Curve, place: number): number {
  let i = 0;
  while (i < x.length - 2 && (x[i + 1] as number) < place) i++;
  const [x0, x1, y0, y1] = [x[i], x[i + 1], y[i], y[i + 1]] as [number, number, number, number];
  return y0 + ((place - x0) / (x1 - x0)) * (y1 - y0);
}

describe('smoothing', () => {
  test('does not lag a falling curve, neither inside nor at its newest end', () => {
    const straight = line(2000, (i) => 10 - i * 0.004);
    const flat = smooth(straight, 400);
    for (let i = 0; i < 2000; i++) expect(Math.abs(at(flat, i) - (straight.y[i] as number))).toBeLessThan(1e-9);
    const falling = line(2000, (i) => 8 * Math.exp(-i / 400) + 0.5);
    const smoothed = smooth(falling, 100);
    expect(Math.abs(at(smoothed, 1999) - (falling.y[1999] as number))).toBeLessThan(0.002);
    expect(Math.abs(at(smoothed, 200) - (falling.y[200] as number))).toBeLessThan(0.02);
  });

  test('takes most of the noise away', () => {
    let state = 7;
    const noise = () => ((state = (state * 16807) % 2147483647) / 2147483647 - 0.5) * 2;
    const noisy = line(3000, () => 1 + noise());
    const smoothed = smooth(noisy, 200);
    const spread = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + (v - 1) ** 2, 0) / values.length);
    expect(spread(smoothed.y)).toBeLessThan(spread(noisy.y) / 5);
  });

  test('goes round a break: NaN stays, and nothing leaks across', () => {
    const broken = line(300, (i) => (i === 150 ? NaN : i < 150 ? 1 : 100));
    const smoothed = smooth(broken, 50);
    const place = Array.from(smoothed.x).indexOf(150);
    expect(Array.from(smoothed.x).slice(place - 1, place + 2)).toEqual([149, 150, 151]);
    expect(smoothed.y[place]).toBeNaN();
    expect(smoothed.y[place - 1]).toBeCloseTo(1, 9);
    expect(smoothed.y[place + 1]).toBeCloseTo(100, 9);
  });

  test('leaves the raw values where the window holds fewer than three points, and where it is off', () => {
    const sparse = { x: Float64Array.of(0, 100, 200, 300), y: Float64Array.of(4, 1, 3, 2) };
    expect(Array.from(smooth(sparse, 50).y)).toEqual([4, 1, 3, 2]);
    expect(Array.from(smooth(sparse, 0).y)).toEqual([4, 1, 3, 2]);
  });

  test('has few places, and looks there as it does with all of them', () => {
    let state = 3;
    const noise = () => (state = (state * 16807) % 2147483647) / 2147483647;
    // Dense at first, sparse later, as logs with growing intervals are.
    const x = Float64Array.from({ length: 4000 }, (_, i) => (i < 3000 ? i / 10 : 300 + (i - 3000) * 2));
    const curve = { x, y: x.map((place) => 5 * Math.exp(-place / 500) + noise()) };
    const width = 100;
    const few = smooth(curve, width);
    expect(few.x.length).toBeLessThan((8 * 2300) / width + 3);
    for (const place of [0, 37, 290, 310, 1555, 2298]) {
      // The same line, fitted at this very point.
      const there = smooth({ x: x.filter((one) => Math.abs(one - place) <= width / 2), y: curve.y.filter((_, i) => Math.abs((x[i] as number) - place) <= width / 2) }, width);
      if (place === 0 || place === 2298) expect(at(few, place)).toBeCloseTo(at(there, place), 9);
      else expect(Math.abs(at(few, place) - at(there, place))).toBeLessThan(0.1);
    }
  });

  test('survives several points at one place', () => {
    const same = { x: Float64Array.of(1, 1, 1, 1), y: Float64Array.of(1, 2, 3, 4) };
    expect(Array.from(smooth(same, 10).y).every(Number.isFinite)).toBe(true);
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
