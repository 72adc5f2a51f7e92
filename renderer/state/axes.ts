/** One place on several axes: translates steps, epochs and times of a run into each other where the run says how. */
import type { Axis, RunDetail, SeriesView } from '../../preload/contract.ts';
import type { Range } from '../charts/ranges.ts';

type Column = readonly (number | null)[];
type Pairs = readonly (readonly [number, number])[];

export interface Axes {
  /** x on axis `to` of a place given on axis `from`; null where the run does not tell. Linear between and beyond known places. */
  convert(x: number, from: Axis, to: Axis): number | null;
}

/** Builds the translation from the places at which several axes are known, and the run's start (seconds since 1970). */
export function axesOf(detail: RunDetail): Axes {
  const places = detail.places ?? detail.diagnosis.gap.curve;
  const start = detail.startedAt;
  const elapsed: Column = places.time.map((time) => (time === null || start === null ? null : time - start));
  const columns: Record<Axis, Column> = { step: places.step, epoch: places.epoch, wall: places.time, elapsed };
  const known = new Map<string, Pairs>();
  return {
    convert(x, from, to) {
      if (from === to) return x;
      if (start !== null && from === 'wall' && to === 'elapsed') return x - start;
      if (start !== null && from === 'elapsed' && to === 'wall') return x + start;
      const name = `${from} ${to}`;
      let pairs = known.get(name);
      if (!pairs) known.set(name, (pairs = pairsOf(columns[from], columns[to])));
      return translate(x, pairs);
    },
  };
}

/** A range on another axis; null where the run does not tell, or both ends are one place there. */
export function rangeOn(axes: Axes, { from, to }: Range, own: Axis, axis: Axis): Range | null {
  const [left, right] = [axes.convert(from, own, axis), axes.convert(to, own, axis)];
  return left !== null && right !== null && right > left ? { from: left, to: right } : null;
}

/** Half the logging window of a series in units of an axis; 0 where there is none, or the run does not tell. */
export function halfWindowOn(axes: Axes, { halfWindow, hasStep }: SeriesView, axis: Axis): number {
  const own = hasStep ? 'step' : 'epoch';
  const [zero, half] = [axes.convert(0, own, axis), halfWindow === null ? null : axes.convert(halfWindow, own, axis)];
  return zero !== null && half !== null ? Math.max(0, half - zero) : 0;
}

/** Places where both columns are known and the first ascends. */
export function pairsOf(from: Column, to: Column): Pairs {
  const pairs: [number, number][] = [];
  for (let i = 0; i < from.length; i++) {
    const a = from[i] ?? null;
    const b = to[i] ?? null;
    const last = pairs.at(-1);
    if (a !== null && b !== null && Number.isFinite(a) && Number.isFinite(b) && (!last || a > last[0])) pairs.push([a, b]);
  }
  return pairs;
}

/** Linear interpolation through pairs, along the outermost two beyond the ends; null with fewer than two pairs. */
export function translate(x: number, pairs: Pairs): number | null {
  if (pairs.length < 2) return null;
  let low = 0;
  let high = pairs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((pairs[middle] as readonly [number, number])[0] <= x) low = middle;
    else high = middle;
  }
  const [x0, y0] = pairs[low] as readonly [number, number];
  const [x1, y1] = pairs[high] as readonly [number, number];
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}

/** Axes that a run has, in the order of the switch. */
export function axesAvailable(detail: RunDetail): Axis[] {
  const any = (has: (series: RunDetail['series'][number]) => boolean) => detail.series.some(has);
  const axes: Axis[] = [];
  if (any((series) => series.hasStep)) axes.push('step');
  if (any((series) => series.hasEpoch)) axes.push('epoch');
  if (any((series) => series.hasTime)) axes.push('elapsed', 'wall');
  return axes.length > 0 ? axes : ['step'];
}

/** The axis to begin with: the wanted one if the run has it, else epochs where evaluations carry them, else the first there is. */
export function startingAxis(detail: RunDetail, wanted: Axis | null): Axis {
  const available = axesAvailable(detail);
  if (wanted && available.includes(wanted)) return wanted;
  const evaluated = detail.series.some((series) => series.split === 'val' && series.hasEpoch && series.points > 1);
  return evaluated ? 'epoch' : (available[0] as Axis);
}
