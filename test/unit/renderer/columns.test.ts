import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascending, lastFinite, nearest, toColumns, type Curve } from '../../../renderer/charts/columns.ts';

const curve = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN), fc.constant(Infinity))), { maxLength: 40 })
  .map((points) => points.sort((a, b) => a[0] - b[0]))
  .map((points): Curve => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }))
  // As from the service, and as made in the page.
  .chain((made) => fc.constantFrom(made, { x: Float64Array.from(made.x), y: Float64Array.from(made.y) }));

/** The obvious way: every point of a curve, in order, as its column must hold them. */
function pointsOf(xs: number[], column: ArrayLike<number | null | undefined>): [number, number | null][] {
  return xs.flatMap((x, i): [number, number | null][] => (column[i] === undefined ? [] : [[x, column[i] as number | null]]));
}

describe('columns for uPlot', () => {
  test('keep every point of every curve in order, on an x that never falls', () => {
    fc.assert(
      fc.property(fc.array(curve, { maxLength: 5 }), (curves) => {
        const [x, ...columns] = toColumns(curves);
        const xs = Array.from(x);
        expect([...xs].sort((a, b) => a - b)).toEqual(xs);
        expect(columns).toHaveLength(curves.length);
        curves.forEach((one, c) => {
          const wanted = Array.from(one.x, (x, i) => [x, Number.isFinite(one.y[i]) ? one.y[i] : null]);
          expect(pointsOf(xs, columns[c] ?? [])).toEqual(wanted);
        });
      }),
    );
  });

  test('are no longer than the sum of the curves, and exactly as long as one where all share their x', () => {
    const x = Float64Array.from({ length: 1000 }, (_, i) => i);
    const columns = toColumns(Array.from({ length: 10 }, (_, k) => ({ x: Float64Array.from(x), y: x.map((v) => v * k) })));
    expect(columns.map((column) => column.length)).toEqual(Array.from({ length: 11 }, () => 1000));
  });

  test('have a break for every value that cannot be drawn, and else are the curve itself', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0)), { maxLength: 20 });
    fc.assert(
      fc.property(values, fc.boolean(), (values, log) => {
        const y = Float64Array.from(values);
        const [, column] = toColumns([{ x: y.map((_, at) => at), y }], log);
        const obvious = values.map((value) => (Number.isFinite(value) && (!log || value > 0) ? value : null));
        expect(Array.from(column ?? [])).toEqual(obvious);
        if (!obvious.includes(null)) expect(column).toBe(y);
      }),
    );
  });

  test('on a log scale have breaks at zero and below', () => {
    expect(toColumns([{ x: [1, 2, 3], y: [0.5, 0, -1] }], true)).toEqual([[1, 2, 3], [0.5, null, null]]);
    expect(toColumns([])).toEqual([[]]);
  });
});

describe('ascending', () => {
  test('leaves an ascending curve alone and sorts another, without points that have no place', () => {
    const fine = { x: Float64Array.of(1, 1, 2), y: Float64Array.of(5, 6, 7) };
    expect(ascending(fine)).toBe(fine);
    const sorted = ascending({ x: Float64Array.of(3, NaN, 1, 3), y: Float64Array.of(30, 99, 10, 31) });
    expect(Array.from(sorted.x)).toEqual([1, 3, 3]);
    expect(Array.from(sorted.y)).toEqual([10, 30, 31]);
  });
});

test('nearest finds what a scan finds', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 30 }), fc.double({ min: -60, max: 60, noNaN: true }), (places, at) => {
      const x = places.sort((a, b) => a - b);
      const found = nearest(x, at);
      const least = Math.min(...x.map((place) => Math.abs(place - at)));
      expect(Math.abs((x[found] as number) - at)).toBeCloseTo(least, 9);
    }),
  );
  expect(nearest([], 1)).toBe(-1);
});

test('the last finite value is found behind NaN', () => {
  expect(lastFinite({ x: [1, 2, 3], y: [4, 5, NaN] })).toEqual({ x: 2, y: 5 });
  expect(lastFinite({ x: [1], y: [NaN] })).toBeNull();
});
