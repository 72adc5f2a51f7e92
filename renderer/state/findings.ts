/** Findings of a run as places on an axis. */
import type { Axis, RunDetail } from '../../preload/contract.ts';
import type { Vertical } from '../charts/spec.ts';
import { words } from '../messages/run.ts';
import type { Axes } from './axes.ts';

const TONES = { bug: 'bad', data: 'warn', unclear: 'warn', expected: 'info' } as const;

/** Where the gap fired and where health rules found something, from left to right. Findings without a place are left out. */
export function findingMarks(detail: RunDetail, axes: Axes, axis: Axis): Vertical[] {
  const { gap, faults, verdict } = detail.diagnosis;
  const marks: Vertical[] = [];
  const add = (x: number | null, label: string, colour: string) => {
    if (x !== null && Number.isFinite(x)) marks.push({ x, label, colour });
  };
  if (gap.firedAt) {
    const tone = verdict ? TONES[verdict.kind] : 'ink-2';
    const label = verdict ? words.charts.fired(gap.firedAt.eval + 1) : words.charts.above;
    add(placeOf(gap.firedAt, detail, axes, axis), label, tone);
  }
  for (const fault of faults) {
    add(placeOf(fault.at, detail, axes, axis), fault.name, fault.severity === 'critical' ? 'bad' : fault.severity === 'warning' ? 'warn' : 'info');
  }
  return marks.sort((a, b) => a.x - b.x);
}

type At = { eval?: number | null; step?: number | null; epoch?: number | null; time?: number | null };

function placeOf(at: At, detail: RunDetail, axes: Axes, axis: Axis): number | null {
  const { curve } = detail.diagnosis.gap;
  const direct = axis === 'step' ? at.step : axis === 'epoch' ? at.epoch : axis === 'wall' ? at.time : null;
  if (direct != null) return direct;
  for (const [own, x] of [['step', at.step], ['epoch', at.epoch], ['wall', at.time]] as const) {
    const place = x == null ? null : axes.convert(x, own, axis);
    if (place !== null) return place;
  }
  if (at.eval == null) return null;
  for (const [own, column] of [['step', curve.step], ['epoch', curve.epoch], ['wall', curve.time]] as const) {
    const x = column[at.eval];
    const place = x == null ? null : axes.convert(x, own, axis);
    if (place !== null) return place;
  }
  return null;
}

/** The gap's evals on an axis: x for each, NaN where it has none there. */
export function gapPlaces(detail: RunDetail, axes: Axes, axis: Axis): Float64Array {
  const { curve } = detail.diagnosis.gap;
  return Float64Array.from(curve.d, (_d, i) => placeOf({ eval: i }, detail, axes, axis) ?? NaN);
}

/**
 * From where to where on an axis the mean of the gap was taken; null where there is none. `x` are the places of the evals. It ends with the
 * last eval that counts: not the provisional one, and none after the losses became NaN.
 */
export function meanWindow({ since, until, curve }: RunDetail['diagnosis']['gap'], x: ArrayLike<number>): [number, number] | null {
  if (!since) return null;
  const last = until?.eval ?? curve.d.findLastIndex((d, i) => Number.isFinite(d) && !(curve.provisional && i === curve.d.length - 1));
  const [from, to] = [x[since.eval], x[last]];
  return from !== undefined && to !== undefined && to > from ? [from, to] : null;
}
