import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import { numbers } from './places.ts';
import { check, inkOf, pointsOf, random, shapes, stored } from './everyPoint.ts';

describe('curve', () => {
  test.each(['step', 'epoch', 'time', 'index'] as const)('by %s: no extreme is lost and nothing is invented at any zoom', (axis) => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 1e9), fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (shape, pixels, near, a, b, draft) => {
        const points = pointsOf(shape);
        const { kept, row } = stored(points, near);
        const xs = axis === 'index' ? [0, points.length - 1] : numbers(points[axis], points.length).filter((x) => !Number.isNaN(x));
        if (xs.length === 0) return;
        const [low, high] = [xs.reduce((m, x) => Math.min(m, x)), xs.reduce((m, x) => Math.max(m, x))];
        const range = { from: low + (high - low) * Math.min(a, b), to: low + (high - low) * Math.max(a, b) };
        if (range.from === range.to) return;
        const curve = kept.curve(row.id, { axis, pixels, draft, ...range });
        const isTrue = near > 0 || curve.exact || axis === 'index' || (axis === 'step' && shape.steps === 'even');
        check(points, row.segments, axis, range, pixels, curve, isTrue ? 0 : ((range.to - range.from) / pixels) * (1 + 1 / 16), draft && near === 0);
        kept.close();
      }),
      { numRuns: Number(process.env['GAPWATCH_CURVES'] ?? 25) },
    );
  }, 60_000);

  test('spikes at the very borders of pixel columns stick out of them as far as they do in the line of all points', () => {
    const count = 50_000;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 60 }), fc.constantFrom(0, 1, 40), (seed, pixels, level) => {
        const next = random(seed);
        const points = new Points(count);
        // Noise about a level that may change more from column to column than the noise is wide.
        for (let i = 0; i < count; i += 1) points.push(i, NaN, NaN, Math.fround(next() + level * Math.sin(i / 3000)));
        for (let column = 0; column < pixels; column += 1) {
          const border = Math.ceil(((column + 0.5) * (count - 1)) / pixels);
          const at = border - 1 + Math.floor(next() * 2) + (next() < 0.3 ? Math.floor(next() * 40 - 20) : 0);
          if (at < count) points.value[at] = Math.fround((next() - 0.5) * 50);
        }
        const { kept, row } = stored(points, 0);
        const curve = kept.curve(row.id, { axis: 'step', pixels });
        const all = numbers(points.step, count).map((x, i) => ({ x, y: points.value[i]! }));
        const range = { from: 0, to: count - 1 };
        expect(inkOf(numbers(curve.x).map((x, i) => ({ x, y: curve.y[i]! })), range, pixels)).toEqual(inkOf(all, range, pixels));
        kept.close();
      }),
      { numRuns: Number(process.env['GAPWATCH_CURVES'] ?? 25) },
    );
  }, 60_000);

  const few = pointsOf({ seed: 1, count: 10, steps: 'even', time: 'jitter', values: 'float', restarts: 0 });

  test('all points where they are few, each in its place', () => {
    const { kept, row } = stored(few, 1e9);
    const curve = kept.curve(row.id, { axis: 'step', pixels: 100 });
    expect(curve).toMatchObject({ exact: true, points: 10, segments: [0], nonFinite: [] });
    expect(numbers(curve.x)).toEqual(numbers(few.step, 10));
    expect(numbers(curve.y)).toEqual(numbers(few.value, 10));
    expect(kept.curve(row.id, { axis: 'step', from: 25, to: 25.5, pixels: 100 })).toMatchObject({ points: 0, segments: [] });
  });

  test.each([0, 1e9])('with its neighbours the line runs to the edges (near %d)', (near) => {
    const long = pointsOf({ seed: 1, count: 9000, steps: 'even', time: 'jitter', values: 'float', restarts: 0 });
    const { kept, row } = stored(long, near);
    for (const [from, to] of [[25, 55], [25, 25.5], [1005, 80_005]] as const) {
      const curve = kept.curve(row.id, { axis: 'step', from, to, pixels: 20, around: true });
      expect([curve.x[0], curve.x.at(-1)]).toEqual([Math.floor(from / 10) * 10, Math.ceil(to / 10) * 10]);
      expect([curve.y[0], curve.y.at(-1)]).toEqual([curve.x[0], curve.x.at(-1)].map((x) => long.value[x! / 10 - 1]));
      expect(curve.points).toBe(Math.floor(to / 10) - Math.floor(from / 10));
    }
  });

  test.each([0, 1e9])('a run that went to NaN is a break, listed up to a limit (near %d)', (near) => {
    const points = new Points();
    for (let i = 0; i < 20_000; i += 1) points.push(i, NaN, NaN, i < 5000 ? 1 : i === 5000 ? Infinity : NaN);
    const { kept, row } = stored(points, near);
    const curve = kept.curve(row.id, { axis: 'step', pixels: 50 });
    expect(curve.nonFinite.length).toBe(1000);
    expect(curve.nonFinite.slice(0, 2)).toEqual([{ x: 5000, value: 'Infinity' }, { x: 5001, value: 'NaN' }]);
    expect(curve.y.every((y, i) => (curve.x[i]! < 5000 ? y === 1 : Number.isNaN(y)))).toBe(true);
    expect(kept.curve(row.id, { axis: 'time', pixels: 50 })).toMatchObject({ points: 0, exact: true, segments: [] });
  });

  test('a cache of a few kilobytes gives the same curve', () => {
    const long = pointsOf({ seed: 7, count: 20_000, steps: 'uneven', time: 'pauses', values: 'decimal', restarts: 0 });
    const large = stored(long, 0);
    const small = stored(long, 0, 5000);
    for (const axis of ['step', 'time', 'epoch'] as const) {
      expect(small.kept.curve(small.row.id, { axis, pixels: 100 })).toEqual(large.kept.curve(large.row.id, { axis, pixels: 100 }));
    }
  });
});
