/** What tells one training from another in the series of a source. Pure. */
import type { Split } from '../formats/format.ts';
import type { SeriesRow } from '../store/store.ts';
import { likeness, type Likeness, type ValueAt } from './copies.ts';
import type { Grouped } from './group.ts';
import { readName } from './names.ts';

/** Metrics whose values are a training's own. Rates and speeds of different runs may well be the same. */
const TELLING = /^(loss(\..+)?|accuracy(\..+)?|ppl|bpb|bpc|map(50)?|logloss|f1|error|err|auc|mse|mae|rmse|nll|dice|m?iou|reward|return)$/;

export interface Telling {
  source: Grouped;
  row: SeriesRow;
  /** Name and split as written: the same in two files of one format means the same line of a script. */
  written: string;
  /** Metric, split and probe: the same in files of two formats. */
  meant: string;
}

/** The series of a source that can tell, with at least one finite point. `split` is what its folder or file stands for. */
export function tellingOf(source: Grouped, split: Split | null = null): Telling[] {
  return source.series.flatMap((row) => {
    if (!row.first) return [];
    const said = row.hints.split ?? split;
    const { metric, split: read, probe } = readName(row.name, { ...(said ? { split: said } : {}), ...(row.hints.metric !== undefined ? { metric: row.hints.metric } : {}) });
    if (!TELLING.test(metric)) return [];
    return [{ source, row, written: `${read ?? ''}:${row.name}`, meant: `${metric}:${read ?? ''}:${probe}` }];
  });
}

/** How two series that mean the same compare. */
export function alike(a: Telling, b: Telling, valueAt: ValueAt): Likeness {
  return likeness({ row: a.row, format: a.source.format }, { row: b.row, format: b.source.format }, valueAt);
}

/** How many measurements of `a` are copies of one of `b`, and whether a value of the validation says that they are another training's. */
export function agreement(a: readonly Telling[], b: readonly Telling[], valueAt: ValueAt): { copies: number; contradicts: boolean } {
  let copies = 0;
  let contradicts = false;
  for (const one of a) {
    const verdicts = b.filter(({ meant }) => meant === one.meant).map((other) => alike(one, other, valueAt));
    if (verdicts.includes('copy')) copies += 1;
    // Means over other windows differ within one training; a validation is measured once.
    else if (verdicts.length > 0 && /:(val|test):/.test(one.meant) && verdicts.every((verdict) => verdict === 'other')) contradicts = true;
  }
  return { copies, contradicts };
}

/** Where a series begins and ends on its own axis (step, else epoch) and the usual distance between two points; null without an axis. */
export function reachOf(row: SeriesRow): { from: number; to: number; spacing: number | null } | null {
  const axis = row.hasStep ? 'step' : row.hasEpoch ? 'epoch' : null;
  const from = axis && row.first?.[axis];
  const to = axis && row.last?.[axis];
  if (from == null || to == null || !row.first || !row.last) return null;
  const spacing = (to - from) / (row.last.index - row.first.index);
  return { from, to, spacing: Number.isFinite(spacing) && spacing > 0 ? spacing : null };
}
