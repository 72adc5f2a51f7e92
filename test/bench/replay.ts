/** A run as it stood when it had come to a place. */
import type { RunInput } from '../../main/service/diagnose/input.ts';

/** The points up to and with position `end` on an axis, in order of arrival; series that had not begun are left out. */
export function upTo(run: RunInput, axis: 'step' | 'epoch' | 'index', end: number): RunInput {
  const series = run.series.map((one) => {
    const stepped = one.step.some((x) => Number.isFinite(x));
    const at = axis === 'index' ? one.step.map((_, i) => i) : axis === 'step' && stepped ? one.step : one.epoch;
    const after = at.findIndex((x) => x > end);
    const n = after < 0 ? at.length : after;
    const cut = (column: Float64Array): Float64Array => column.subarray(0, n);
    return { ...one, step: cut(one.step), epoch: cut(one.epoch), time: cut(one.time), value: cut(one.value) };
  });
  return { ...run, series: series.filter((one) => one.value.length > 0) };
}
