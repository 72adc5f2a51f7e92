import { expect, test } from 'vitest';
import { byteCache } from '../../../main/service/store/cache.ts';

test('a cache keeps to its bytes and forgets what was used longest ago', () => {
  const cache = byteCache<number>(1000);
  for (let i = 0; i < 10; i += 1) cache.set(1, i, i, 100);
  expect(cache.bytes).toBe(1000);
  cache.get(1, 0);
  cache.set(2, 0, 10, 100);
  expect(cache.bytes).toBeLessThanOrEqual(1000);
  expect([cache.get(1, 0), cache.get(1, 1), cache.get(2, 0)]).toEqual([0, undefined, 10]);
  cache.set(2, 0, 11, 50);
  cache.drop(1);
  expect([cache.get(1, 0), cache.get(2, 0), cache.bytes]).toEqual([undefined, 11, 50]);
  cache.set(3, 7, 1, 5000);
  expect(cache.bytes).toBe(0);
});
