/** The points of a run's series as one sequence: what a resume superseded is left out, nothing is invented. */
import { Points } from '../points.ts';
import type { RunSeries } from './assemble.ts';

/** The points of a stored series; or only so many of them, the newest. */
export type ReadPoints = (seriesId: number) => Points;

interface Stretch {
  points: Points;
  from: number;
  to: number;
  part: number;
}

/** Every stored point of the series, superseded ones included, in order of file and arrival. */
export function allPoints(series: RunSeries, read: ReadPoints): Points[] {
  return series.parts.map((part) => read(part.id));
}

/**
 * The points that count: when a writer went back to step s, earlier points with a step of s or more are superseded and left out.
 * Two writers at the same time (their wall times overlap) supersede nothing of each other; their points are merged by step.
 */
export function currentPoints(series: RunSeries, read: ReadPoints): Points {
  const [only] = series.parts;
  if (only && series.parts.length === 1 && only.segments.length <= 1) return read(only.id);
  return divided(series, read).current;
}

/** The points that count, and those that a resume superseded: one stretch for each time the writer went back, oldest first. */
export function divided(series: RunSeries, read: ReadPoints): { current: Points; superseded: Points[] } {
  const stretches = stretchesOf(series, read);
  const [only] = stretches;
  if (stretches.length === 1 && only && only.from === 0 && only.to === only.points.length) return { current: only.points, superseded: [] };
  const concurrent = areConcurrent(stretches);
  const order: [Points, number][] = [];
  const superseded: Points[] = [];
  let limit = Infinity;
  for (const stretch of stretches.toReversed()) {
    const left: [Points, number][] = [];
    for (let i = stretch.to - 1; i >= stretch.from; i -= 1) {
      const x = position(stretch.points, i);
      (concurrent || Number.isNaN(x) || x < limit ? order : left).push([stretch.points, i]);
    }
    if (left.length > 0) superseded.push(gathered(left.reverse()));
    const first = position(stretch.points, stretch.from);
    if (!concurrent && !Number.isNaN(first)) limit = Math.min(limit, first);
  }
  order.reverse();
  if (concurrent) order.sort(([a, i], [b, j]) => position(a, i) - position(b, j));
  return { current: gathered(order), superseded: superseded.reverse() };
}

function gathered(order: readonly [Points, number][]): Points {
  const result = new Points(Math.max(1, order.length));
  for (const [points, i] of order) push(result, points, i);
  return result;
}

function stretchesOf(series: RunSeries, read: ReadPoints): Stretch[] {
  const stretches: Stretch[] = [];
  series.parts.forEach((row, part) => {
    const points = read(row.id);
    const skipped = Math.max(0, row.count - points.length);
    const starts = row.segments.map((start) => start - skipped).filter((start) => start >= 0 && start < points.length);
    if (starts[0] !== 0 && points.length > 0) starts.unshift(0);
    starts.forEach((from, at) => stretches.push({ points, from, to: starts[at + 1] ?? points.length, part }));
  });
  return stretches;
}

function areConcurrent(stretches: readonly Stretch[]): boolean {
  for (let at = 1; at < stretches.length; at += 1) {
    const before = stretches[at - 1];
    const here = stretches[at];
    if (!before || !here || before.part === here.part) continue;
    const end = before.points.time[before.to - 1];
    const start = here.points.time[here.from];
    if (end !== undefined && start !== undefined && start < end) return true;
  }
  return false;
}

/** Step, else epoch; NaN where neither is logged. */
function position(points: Points, index: number): number {
  const step = points.step[index] ?? NaN;
  return Number.isNaN(step) ? (points.epoch[index] ?? NaN) : step;
}

function push(result: Points, points: Points, i: number): void {
  result.push(points.step[i] ?? NaN, points.epoch[i] ?? NaN, points.time[i] ?? NaN, points.value[i] ?? NaN);
}
