import { expect, test } from 'vitest';
import { recentMedian } from '../../../renderer/state/recent-median.ts';

test('the figure appears with the third value, and one slow moment does not move it', () => {
  const take = recentMedian();
  expect([40, 900, 42].map(take)).toEqual([null, null, 42]);
  for (let i = 0; i < 10; i++) take(41);
  expect(take(100_000)).toBe(41);
});

test('what is long past does not count', () => {
  const take = recentMedian();
  for (let i = 0; i < 50; i++) take(1000);
  for (let i = 0; i < 10; i++) expect(take(30)).toBe(1000);
  expect(take(30)).toBe(30);
});
