import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentialMean, lowestSoFar, slidingWindow, trailingMedian } from '../../../../main/service/diagnose/health/trail.ts';
import { median } from '../../../../main/service/diagnose/statistics.ts';

/** Without negative zero, which has no place of its own among zeros. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((x) => x + 0);
const values = fc.array(fc.oneof(finite, fc.constantFrom(0, 1, 1, 2)), { maxLength: 60 });

describe('trailing summaries', () => {
  it('a sliding window holds exactly the last values, in order', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 9 }), (list, width) => {
        const window = slidingWindow(width);
        list.forEach((value, i) => {
          window.push(value);
          const last = list.slice(Math.max(0, i + 1 - width), i + 1).sort((a, b) => a - b);
          expect(Array.from(window.values())).toEqual(last);
          expect(window.median()).toBeCloseTo(median(last), 6);
          expect(window.highest()).toBe(last.at(-1));
        });
      }),
    );
  });

  it('a window starts anew after clear', () => {
    const window = slidingWindow(3);
    [5, 1, 4, 2].forEach((value) => window.push(value));
    window.clear();
    expect(window.median()).toBeNaN();
    [9, 7].forEach((value) => window.push(value));
    expect(Array.from(window.values())).toEqual([7, 9]);
  });

  it('medians pass over what is not finite, and read nothing of the future', () => {
    const list = Float64Array.from([NaN, 3, 1, Infinity, 2, 9]);
    expect(Array.from(trailingMedian(list, 3))).toEqual([NaN, 3, 2, 2, 2, 2]);
    expect(Array.from(trailingMedian(list.subarray(0, 3), 3))).toEqual([NaN, 3, 2]);
  });

  it('an exponential mean is right from its first value on', () => {
    expect(Array.from(exponentialMean([4, 4, NaN, 4], 0.9))).toEqual([4, 4, 4, 4].map((value) => expect.closeTo(value, 10)));
  });

  it('the lowest so far keeps its place', () => {
    const { value, at } = lowestSoFar(Float64Array.from([NaN, 3, 5, 2, 2]));
    expect(Array.from(at)).toEqual([-1, 1, 1, 3, 3]);
    expect(Array.from(value)).toEqual([NaN, 3, 3, 2, 2]);
  });
});
