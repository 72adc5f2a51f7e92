import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import { ONWARD, OF_16, UP_TO, bytesOfFine, decodeFine, numbersOf, placesOf, prepare } from '../../../main/service/store/fine.ts';
import { CHUNK, COARSE, FINE, FINE_PER_CHUNK } from '../../../main/service/store/layout.ts';
import { encodePyramid } from '../../../main/service/store/pyramid.ts';

/** No -0, which is as little as 0. */
const value = fc.oneof(fc.constantFrom(NaN, Infinity, -Infinity, 0, 1, 1, 2), fc.double({ noNaN: true, noDefaultInfinity: true }).map(Math.fround), fc.double({ noNaN: true })).map((y) => y + 0);

/** Least and greatest finite value of the points `from` to `to`; the empty ends without one. */
function ends(values: readonly number[], from: number, to: number): { min: number; max: number } {
  const finite = values.slice(from, to).filter(Number.isFinite);
  return { min: Math.min(...finite), max: Math.max(...finite) };
}

test('whatever stretch is asked for first, its numbers are those of its points, and each place holds its number', () => {
  const order = fc.shuffledSubarray(Array.from({ length: FINE_PER_CHUNK }, (_, b) => b), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), order, (pattern, stretches) => {
      const values = Array.from({ length: CHUNK }, (_, i) => pattern[i % pattern.length]!);
      const points = new Points(CHUNK);
      values.forEach((y, i) => points.push(i, NaN, NaN, y));
      const fine = decodeFine(encodePyramid(points, 0, [1, 0, 0]).fine);
      for (const b of stretches) {
        prepare(fine, b);
        const start = Math.floor(b / (COARSE / FINE)) * COARSE;
        const ranges = [[OF_16, b * FINE, (b + 1) * FINE, b * FINE], [ONWARD, b * FINE, start + COARSE, start], [UP_TO, start, (b + 1) * FINE, start]] as const;
        for (const [of, from, to, origin] of ranges) {
          const { min, max } = ends(values, from, to);
          expect([fine.values[numbersOf(b) + of], fine.values[numbersOf(b) + of + 1]]).toEqual([min, max]);
          const place = placesOf(fine, b) + of;
          if (min !== Infinity) expect(values[origin + fine.bytes[place]!]).toBe(min);
          if (max !== -Infinity) expect(values[origin + fine.bytes[place + 1]!]).toBe(max);
        }
      }
      expect(bytesOfFine(fine)).toBe((FINE_PER_CHUNK * 8 + 2 * FINE_PER_CHUNK) * fine.width + FINE_PER_CHUNK);
    }),
    { numRuns: 60 },
  );
});
