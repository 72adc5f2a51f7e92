import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf } from '../../../renderer/ui/rows.ts';

test('cards fill every row, and rows differ by one card at most', () => {
  expect(rowsOf(5, 3)).toEqual([3, 2]);
  expect(rowsOf(4, 3)).toEqual([2, 2]);
  expect(rowsOf(7, 3)).toEqual([3, 2, 2]);
  expect(rowsOf(0, 3)).toEqual([]);
  fc.assert(
    fc.property(fc.nat(200), fc.nat(12), (cards, most) => {
      const rows = rowsOf(cards, most);
      expect(rows.reduce((sum, row) => sum + row, 0)).toBe(cards);
      expect(Math.max(0, ...rows)).toBeLessThanOrEqual(Math.max(1, most));
      if (rows.length > 0) expect(Math.max(...rows) - Math.min(...rows)).toBeLessThanOrEqual(1);
    }),
  );
});
