/** Single values of stored series: comparing a copy with its original reads one or a few, and a value that is there never changes. */
import type { Points } from '../points.ts';
import type { SeriesRow, Store } from '../store/store.ts';
import type { ValueAt } from './copies.ts';

/** So many values are remembered. */
const MOST = 20_000;

/** The value of a series at the place of a point, by the point's index, step or epoch; null if it has none there. */
export function storedValues(store: Pick<Store, 'points'>): ValueAt {
  const known = new Map<string, number>();
  /** What a series did not have while it had so many points. */
  const missing = new Map<string, number>();
  let read: { id: number; generation: number; count: number; points: Points } | null = null;

  /** Several values of one series are asked for in a row. */
  function pointsOf({ id, generation, count }: SeriesRow): Points {
    if (read?.id !== id || read.generation !== generation || read.count !== count) read = { id, generation, count, points: store.points(id) };
    return read.points;
  }

  return (series, point, by) => {
    const at = point[by];
    const key = `${series.id}:${series.generation}:${by}:${at}`;
    const held = known.get(key);
    if (held !== undefined) return held;
    if (missing.get(key) === series.count) return null;
    const points = pointsOf(series);
    const index = by === 'index' ? point.index : points[by].subarray(0, points.length).indexOf(at ?? NaN);
    const value = index >= 0 && index < points.length ? (points.value[index] ?? null) : null;
    if (known.size + missing.size > MOST) {
      known.clear();
      missing.clear();
    }
    if (value === null) missing.set(key, series.count);
    else known.set(key, value);
    return value;
  };
}
