import { describe, expect, it } from 'vitest';
import { divided } from '../../../main/service/runs/columns.ts';
import type { RunSeries } from '../../../main/service/runs/assemble.ts';
import { Points } from '../../../main/service/points.ts';

/** A series of files, each a list of [step, value, time]; segments begin where the step goes back. */
function series(files: [number, number, number?][][]): { series: RunSeries; read: (id: number) => Points } {
  const stored = files.map((rows) => {
    const points = new Points();
    for (const [step, value, time = NaN] of rows) points.push(step, NaN, time, value);
    return points;
  });
  const parts = files.map((rows, id) => ({ id, count: rows.length, segments: rows.flatMap(([step], at) => (at === 0 || step <= (rows[at - 1]?.[0] ?? -1) ? [at] : [])) }));
  return { series: { parts } as unknown as RunSeries, read: (id) => stored[id] ?? new Points() };
}

const values = (points: Points): number[] => [...points.value.subarray(0, points.length)];

describe('a resumed series', () => {
  it('counts what came last and keeps what it superseded, a stretch for each time', () => {
    const { series: one, read } = series([[[0, 1], [1, 2], [2, 3], [1, 20], [2, 30], [3, 40], [2, 300]]]);
    const { current, superseded } = divided(one, read);
    expect(values(current)).toEqual([1, 20, 300]);
    expect(superseded.map(values)).toEqual([[2, 3], [30, 40]]);
  });

  it('over two files is the same', () => {
    const { series: one, read } = series([[[0, 1], [1, 2], [2, 3]], [[1, 20], [2, 30]]]);
    const { current, superseded } = divided(one, read);
    expect(values(current)).toEqual([1, 20, 30]);
    expect(superseded.map(values)).toEqual([[2, 3]]);
  });

  it('supersedes nothing where two files were written at the same time, or nothing went back', () => {
    expect(divided(...args([[[0, 1, 10], [2, 3, 30]], [[1, 2, 20]]]))).toMatchObject({ superseded: [] });
    expect(divided(...args([[[0, 1], [1, 2]]]))).toMatchObject({ superseded: [] });
  });
});

function args(files: [number, number, number?][][]): [RunSeries, (id: number) => Points] {
  const made = series(files);
  return [made.series, made.read];
}
