import type { RunSeries } from './assemble.ts';
import { currentPoints, type ReadPoints } from './columns.ts';

export interface Places {
  step: (number | null)[];
  epoch: (number | null)[];
  time: (number | null)[];
}

const MOST = 200;
/** A series with more points is not read for this alone. */
const LONGEST = 50_000;

/** Up to 200 places where step, epoch and time are known together: of the series that knows most axes, then most points. */
export function placesOf(series: readonly RunSeries[], read: ReadPoints): Places | null {
  const best = series
    .map((each) => ({ each, axes: axesOf(each), points: each.parts.reduce((sum, part) => sum + part.count, 0) }))
    .filter(({ axes, points }) => axes >= 2 && points <= LONGEST)
    .sort((a, b) => b.axes - a.axes || b.points - a.points)[0];
  if (!best) return null;
  const points = currentPoints(best.each, read);
  const places: Places = { step: [], epoch: [], time: [] };
  const count = Math.min(MOST, points.length);
  for (let i = 0; i < count; i += 1) {
    const at = count === 1 ? 0 : Math.round((i * (points.length - 1)) / (count - 1));
    for (const axis of ['step', 'epoch', 'time'] as const) places[axis].push(known(points[axis][at]));
  }
  return places;
}

function axesOf({ parts }: RunSeries): number {
  return ['hasStep', 'hasEpoch', 'hasTime'].filter((axis) => parts.every((part) => part[axis as 'hasStep'])).length;
}

function known(x: number | undefined): number | null {
  return x === undefined || Number.isNaN(x) ? null : x;
}
