/** Order and groups of the runs list. */
import { byName } from '../format/names.ts';
import { startOfDay } from '../format/times.ts';
import type { RunRow } from '../../preload/contract.ts';

export type GroupName = 'pinned' | 'running' | 'today' | 'week' | 'older' | 'all';
export type Sort = 'recent' | 'name' | 'verdict' | 'gap' | 'loss';

export interface Group {
  name: GroupName;
  rows: RunRow[];
}

const DAY = 86_400_000;
const ORDER: GroupName[] = ['pinned', 'running', 'today', 'week', 'older'];
const WEIGHT: Record<RunRow['chip']['tone'], number> = { bug: 0, data: 1, warning: 2, unclear: 3, expected: 4, healthy: 5, none: 6 };

/**
 * Groups rows by state and age, or, when sorted by anything but age, into one list below the pinned runs. Inside "running" the order
 * is by name, so that rows do not change places with every line that is written.
 */
export function groupRows(rows: Iterable<RunRow>, sort: Sort, nowMs: number): Group[] {
  const today = startOfDay(nowMs);
  const groups = new Map<GroupName, RunRow[]>();
  for (const row of rows) {
    const name = sort === 'recent' ? groupOf(row, today) : row.pinned ? 'pinned' : 'all';
    const list = groups.get(name);
    if (list) list.push(row);
    else groups.set(name, [row]);
  }
  const named: GroupName[] = sort === 'recent' ? ORDER : ['pinned', 'all'];
  return named.flatMap((name) => {
    const list = groups.get(name);
    return list ? [{ name, rows: list.sort(comparison(sort, name)) }] : [];
  });
}

function groupOf(row: RunRow, today: number): GroupName {
  if (row.pinned) return 'pinned';
  if (row.state === 'running') return 'running';
  return ageGroup(row.lastByteAtMs ?? 0, today);
}

/** Where something stands by its age; `today` is the local midnight before now. */
export function ageGroup(atMs: number, today: number): 'today' | 'week' | 'older' {
  if (atMs >= today) return 'today';
  return atMs >= today - 6 * DAY ? 'week' : 'older';
}

function comparison(sort: Sort, group: GroupName): (a: RunRow, b: RunRow) => number {
  const name = (a: RunRow, b: RunRow) => byName(a.name, b.name) || (a.key < b.key ? -1 : 1);
  if (sort === 'verdict') return (a, b) => WEIGHT[a.chip.tone] - WEIGHT[b.chip.tone] || name(a, b);
  if (sort === 'gap') return (a, b) => (b.spark.at(-1) ?? -Infinity) - (a.spark.at(-1) ?? -Infinity) || name(a, b);
  if (sort === 'loss') return (a, b) => order(lossOf(a), lossOf(b)) || name(a, b);
  if (sort === 'name' || group === 'running' || group === 'pinned') return name;
  return (a, b) => (b.lastByteAtMs ?? 0) - (a.lastByteAtMs ?? 0) || name(a, b);
}

/** Where a run stands by its loss: one without a number at the end. */
function lossOf({ last }: RunRow): number {
  return last?.value == null || Number.isNaN(last.value) ? Infinity : last.value;
}

/** Infinities, whose difference is NaN, are equal to themselves. */
function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
