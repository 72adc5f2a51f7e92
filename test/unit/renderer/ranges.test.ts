import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clamped, following, panned, union, yRange, zoomed } from '../../../renderer/charts/ranges.ts';
import { logPlaces, mostLabels, places, stepFor, xLabel, xWords } from '../../../renderer/charts/ticks.ts';

const whole = { from: 0, to: 100 };

describe('zoom', () => {
  test('keeps the place under the pointer where it is', () => {
    fc.assert(
      fc.property(fc.double({ min: 10, max: 90, noNaN: true }), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (at, factor) => {
        const range = zoomed(whole, whole, at, factor);
        if (!range) return;
        expect((at - range.from) / (range.to - range.from)).toBeCloseTo(at / 100, 6);
      }),
    );
  });

  test('ends at the whole, never inside out and never empty', () => {
    expect(zoomed({ from: 20, to: 40 }, whole, 30, 100)).toBeNull();
    expect(clamped({ from: -5, to: 50 }, whole)).toEqual({ from: 0, to: 50 });
    expect(clamped({ from: 60, to: 60 }, whole)).toBeNull();
    expect(clamped({ from: 0, to: 100 }, whole)).toBeNull();
    let range = zoomed(whole, whole, 50, 0.5);
    for (let i = 0; i < 200 && range; i++) range = zoomed(range, whole, 50, 0.5);
    expect(range && range.to > range.from).toBe(true);
  });

  test('stops at the ends when moved, and keeps its width', () => {
    expect(panned({ from: 10, to: 30 }, whole, -2)).toEqual({ from: 0, to: 20 });
    expect(panned({ from: 70, to: 90 }, whole, 5)).toEqual({ from: 80, to: 100 });
  });

  test('follows the newest point without changing its width, and never backwards', () => {
    expect(following({ from: 80, to: 100 }, { from: 0, to: 120 })).toEqual({ from: 100, to: 120 });
    expect(following({ from: 80, to: 100 }, { from: 0, to: 90 })).toEqual({ from: 80, to: 100 });
  });

  test('of two ranges is their hull', () => {
    expect(union({ from: 1, to: 2 }, { from: 5, to: 6 })).toEqual({ from: 1, to: 6 });
    expect(union(null, null)).toBeNull();
  });
});

describe('the y range', () => {
  test('holds the data and what must be in it, with a little room, and shows no negative ground below a loss near zero', () => {
    const [low, high] = yRange(0.02, 2, false);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(2);
    expect(yRange(0.3, 0.4, false, [0])[0]).toBeLessThanOrEqual(0);
  });

  test('of a constant is not its rounding noise', () => {
    const [low, high] = yRange(0.001, 0.001 + 1e-18, false);
    expect(high - low).toBeGreaterThan(1e-4);
  });

  test('is never NaN, empty or endless', () => {
    for (const log of [false, true]) {
      for (const pair of [[null, null], [NaN, NaN], [0, 0], [-3, -3], [1e-300, 1e-300]] as const) {
        const [low, high] = yRange(pair[0], pair[1], log);
        expect(Number.isFinite(low) && Number.isFinite(high) && high > low).toBe(true);
        if (log) expect(low).toBeGreaterThan(0);
      }
    }
  });
});

describe('labels', () => {
  test('stand at round places inside the range, not more than there is room for', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 12 }), (from, span, most) => {
        const found = places(from, from + span, most, 'y');
        expect(found.length).toBeLessThanOrEqual(most + 1);
        for (const place of found) expect(place >= from - span * 1e-6 && place <= from + span * (1 + 1e-6)).toBe(true);
      }),
    );
  });

  test('are more than an end and a middle, in the lowest chart of losses too', () => {
    expect(places(0, 9.4, mostLabels(170), 'y')).toEqual([0, 2, 4, 6, 8]);
    expect(mostLabels(20)).toBe(2);
  });

  test('of steps are whole numbers, of times round ones', () => {
    expect(stepFor(3, 10, 'step')).toBe(1);
    expect(stepFor(4000, 6, 'elapsed')).toBe(900);
    expect(stepFor(86_400 * 20, 5, 'wall')).toBe(86_400 * 7);
    expect(xLabel(18_240, 'step', 1000)).toBe('18,240');
    expect(xLabel(90, 'elapsed', 30)).toBe('1:30');
    expect(xWords(5.2345, 'epoch')).toBe('epoch 5.234');
  });

  test('of a log axis are powers of ten, or round places inside one', () => {
    expect(logPlaces(0.001, 100, 6)).toEqual(expect.arrayContaining([0.001, 1, 100]));
    expect(logPlaces(2, 5, 4).every((place) => place >= 2 && place <= 5)).toBe(true);
    expect(logPlaces(1e-9, 1e9, 5).length).toBeLessThan(12);
  });
});
