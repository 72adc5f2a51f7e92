import { expect, test } from 'vitest';
import type { RunSeries } from '../../../main/service/runs/assemble.ts';
import { newestFrom } from '../../../main/service/runs/newestPoints.ts';

let ids = 0;
/** A series of files with so many points each, written from one time to another. */
function series(name: string, metric: string, ...files: [count: number, from?: number, to?: number][]): RunSeries {
  const parts = files.map(([count, from = null, to = null]) => ({ id: (ids += 1), count, first: { time: from }, last: { time: to } }));
  return { name, metric, parts } as unknown as RunSeries;
}
const idOf = (each: RunSeries, at = 0): number => each.parts[at]!.id;

test('every point of a usual run is read', () => {
  expect(newestFrom([series('loss', 'loss', [400_000]), series('norm', 'grad_norm', [10_000], [5])])).toEqual(new Map());
});

test('of a long series the newest points are read, of its newest files first', () => {
  const long = series('loss', 'loss', [1_000_000, 0, 9], [300_000, 10, 20]);
  expect(newestFrom([long])).toEqual(new Map([[idOf(long), 900_000]]));
});

test('files that were written at the same time give the same share', () => {
  const ranks = series('loss', 'loss', [600_000, 0, 20], [200_000, 10, 20]);
  expect(newestFrom([ranks])).toEqual(new Map([[idOf(ranks), 300_000], [idOf(ranks, 1), 100_000]]));
});

test('two hundred gradient norms take nothing from the losses, and no more than a bound together', () => {
  const losses = [series('train', 'loss', [10_000_000]), series('val', 'loss', [400_000])];
  const norms = Array.from({ length: 200 }, (_, i) => series(`norm ${i}`, 'grad_norm', [10_000_000]));
  const from = newestFrom([...norms, ...losses]);
  expect(from.get(idOf(losses[0]!))).toBe(9_600_000);
  expect(from.has(idOf(losses[1]!))).toBe(false);
  expect(from.get(idOf(norms[0]!))).toBe(9_600_000);
  const read = [...losses, ...norms].reduce((sum, each) => sum + each.parts[0]!.count - (from.get(idOf(each)) ?? 0), 0);
  expect(read).toBeLessThanOrEqual(4_000_000);
  expect(read).toBeGreaterThan(3_900_000);
});
