import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inSight, offsetsOf, scrollFor } from '../../../renderer/state/virtual.ts';

const heights = fc.array(fc.constantFrom(32, 50), { maxLength: 300 });

test('every row that touches the window is in the slice, and few others', () => {
  fc.assert(
    fc.property(heights, fc.nat(20_000), fc.integer({ min: 1, max: 900 }), (rows, top, height) => {
      const offsets = offsetsOf(rows);
      const [from, to] = inSight(offsets, top, top + height, 0);
      rows.forEach((_, i) => {
        const touches = (offsets[i] as number) < top + height && (offsets[i + 1] as number) > top;
        if (touches) expect(i >= from && i < to).toBe(true);
      });
      expect(to - from).toBeLessThanOrEqual(Math.ceil(height / 32) + 2);
    }),
  );
});

test('scrolling brings a row wholly into sight, below a sticky header, and does nothing where it is already', () => {
  const offsets = offsetsOf(Array.from({ length: 100 }, () => 50));
  expect(scrollFor(offsets, 50, 0, 500)).toBe(2050);
  expect(scrollFor(offsets, 3, 1000, 500, 32)).toBe(118);
  expect(scrollFor(offsets, 22, 1000, 500)).toBe(1000);
  expect(scrollFor(offsets, 0, 10, 500, 32)).toBe(0);
});
