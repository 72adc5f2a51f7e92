/** The course of the gap and of both losses: what starts flat, grows, shrinks, has a floor or turns up. */
import type { GapSeries } from './gap.ts';
import { sampleDeviation } from './init.ts';
import { fitLine, mean } from './statistics.ts';
import type { View } from './view.ts';

export interface Shape {
  /** d at the second eval; mean d of the first and last third; mean over the telling evals. */
  second: number | null;
  early: number | null;
  late: number | null;
  telling: number | null;
  /** d before the first eval by a line through the first evals, and how much it moves there per eval. */
  origin: number | null;
  slope: number | null;
  /** Smallest train loss (corrected) and validation loss; the train one also relative to the first train loss. */
  trainMin: number | null;
  trainMinToFirst: number | null;
  /** First mean train loss at an eval. */
  trainFirst: number | null;
  valFirst: number | null;
  valMin: number | null;
  /** ln(last V / lowest V): above 0 when validation has turned up. */
  valRise: number | null;
  /** Standard deviation of one sample's loss relative to the mean loss, over the last evals: low with a floor, high with wrong labels. */
  sampleSpread: number | null;
}

const FIRST_EVALS = 4;
const RECENT_EVALS = 5;

export function shapeOf(view: View, gap: GapSeries, known: readonly number[], telling: readonly number[]): Shape {
  const third = Math.max(1, Math.floor(known.length / 3));
  const average = (at: readonly number[]): number | null => (at.length > 0 ? mean(at.map((i) => gap.d[i] as number)) : null);
  const all = Array.from(gap.d.keys()).filter((i) => Number.isFinite(gap.d[i]));
  const start = originOf(gap, all.slice(0, FIRST_EVALS));
  const trainMin = least(gap.lag.corrected);
  const valMin = least(smoothed(gap.val));
  const first = view.firstTrain;
  const lastVal = mean(Array.from(gap.val.subarray(-3)).filter((value) => Number.isFinite(value)));
  return {
    second: all.length > 1 ? (gap.d[all[1] as number] as number) : null,
    early: average(known.slice(0, third)),
    late: average(known.slice(-third)),
    telling: average(telling),
    origin: start?.intercept ?? null,
    slope: start?.slope ?? null,
    trainMin,
    trainMinToFirst: trainMin !== null && first !== null && first > 0 ? trainMin / first : null,
    trainFirst: finiteOr(gap.lag.raw[0]),
    valFirst: finiteOr(gap.val[0]),
    valMin: least(gap.val),
    valRise: valMin !== null && valMin > 0 && lastVal > 0 ? Math.log(lastVal / valMin) : null,
    sampleSpread: sampleSpread(view),
  };
}

function originOf(gap: GapSeries, at: readonly number[]): { intercept: number; slope: number } | null {
  if (at.length < 3) return null;
  return fitLine(
    at.map((i) => i + 1),
    at.map((i) => gap.d[i] as number),
  );
}

/** Means of three neighbours, so that one lucky eval is not "the lowest". */
function smoothed(values: Float64Array): Float64Array {
  return values.map((value, i) =>
    i > 0 && i + 1 < values.length ? ((values[i - 1] as number) + value + (values[i + 1] as number)) / 3 : value,
  );
}

function sampleSpread(view: View): number | null {
  const { steps, pointsPerEval } = view;
  if (view.trainMeaning === 'evaluation' || pointsPerEval < 1.5 || steps.meaning === 'smoothed') return null;
  const window = Math.max(16, Math.ceil(RECENT_EVALS * pointsPerEval));
  const recent = steps.value.subarray(Math.max(0, steps.value.length - window)).filter((value) => Number.isFinite(value));
  const level = mean(recent);
  if (recent.length < 8 || !(level > 0)) return null;
  const perPoint = steps.meaning === 'window-mean' ? (view.stepsPerEval ?? pointsPerEval) / pointsPerEval : 1;
  return sampleDeviation(recent, (view.batch ?? 32) * perPoint) / level;
}

function finiteOr(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function least(values: Float64Array): number | null {
  let low = Infinity;
  for (const value of values) if (value < low) low = value;
  return Number.isFinite(low) ? low : null;
}
