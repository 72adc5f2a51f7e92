/** A snapshot was read anew: its series take the place of those that are there. */
import type { Batch, BatchSeries } from '../formats/batch.ts';
import { Points } from '../points.ts';
import { type CommitTables, type SourceState, seriesOf } from './commit.ts';
import { type SeriesState, keyOf } from './series.ts';

const COLUMNS = ['value', 'step', 'epoch', 'time'] as const;

/** Series that only grew are appended to, others rewritten, and those that are no longer named go. */
export function replaceSeries(tables: CommitTables, source: SourceState, batch: Batch): void {
  const named = new Set<string>();
  for (const found of batch.list) {
    if (found.points.length === 0) continue;
    named.add(keyOf(found));
    replaceOne(tables, seriesOf(tables, source, found), found);
  }
  for (const [key, state] of source.series) {
    if (named.has(key)) continue;
    tables.series.delete(state);
    tables.changed(state.id);
    source.series.delete(key);
  }
}

function replaceOne({ series, changed }: CommitTables, state: SeriesState, { points, restarts }: BatchSeries): void {
  const known = state.summary.count;
  const fresh = restarts.filter((at) => at >= known).map((at) => at - known);
  const onlyGrew = known <= points.length && fresh.length === restarts.length && beginsWith(points, series.points(state), known);
  if (onlyGrew) {
    if (points.length > known) series.append(state, rest(points, known), fresh);
    return;
  }
  series.empty(state);
  changed(state.id);
  series.append(state, points, restarts);
}

function beginsWith(points: Points, old: Points, count: number): boolean {
  for (const column of COLUMNS) {
    const [a, b] = [old[column], points[column]];
    for (let i = 0; i < count; i += 1) if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  }
  return true;
}

function rest(points: Points, from: number): Points {
  const more = new Points(0);
  for (const column of COLUMNS) more[column] = points[column].subarray(from, points.length);
  more.length = points.length - from;
  return more;
}
