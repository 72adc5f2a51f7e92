import type { Extreme, SeriesRow } from '../../../main/service/store/store.ts';
import type { ValueAt } from '../../../main/service/runs/copies.ts';

let ids = 0;
const held = new Map<number, Extreme[]>();

/** A stored series with these points ([step or null, value]), counted by step, or by epoch where `axis` says so. */
export function seriesRow(name: string, points: readonly (readonly [number | null, number])[] = [], more: Partial<SeriesRow> & { axis?: 'step' | 'epoch' } = {}): SeriesRow {
  const { axis = 'step', ...rest } = more;
  const all = points.map(([x, value], index): Extreme => ({ index, step: axis === 'step' ? x : null, epoch: axis === 'epoch' ? x : null, time: null, value }));
  const byValue = [...all].sort((a, b) => a.value - b.value);
  const hasAxis = points.length > 0 && points.every(([x]) => x !== null);
  ids += 1;
  held.set(ids, all);
  return {
    id: ids,
    sourceId: 0,
    generation: 0,
    name,
    hints: {},
    count: points.length,
    nonFinite: 0,
    segments: [0],
    first: all[0] ?? null,
    last: all.at(-1) ?? null,
    end: all.at(-1) ?? null,
    min: byValue[0] ?? null,
    max: byValue.at(-1) ?? null,
    hasStep: hasAxis && axis === 'step',
    hasEpoch: hasAxis && axis === 'epoch',
    hasTime: false,
    ...rest,
  };
}

/** Reads the points of the rows above, as the store would. */
export const valueAt: ValueAt = (series, point, by) => held.get(series.id)?.find((one) => one[by] === point[by])?.value ?? null;
