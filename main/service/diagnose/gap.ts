/** The gap d = ln(train / val) at each eval (reference section 2): positive means validation is lower. */
import { correctLag, type Lagged } from './lag.ts';
import { medianDeviation } from './statistics.ts';
import type { View } from './view.ts';

export interface GapSeries {
  lag: Lagged;
  /** Validation loss, never below the floor. */
  val: Float64Array;
  /** Lag-corrected gap; NaN where it is not known. */
  d: Float64Array;
  /** The same with the train loss as logged. */
  raw: Float64Array;
  /** Guess at the newest eval, not tested. */
  provisional: number;
}

/** Gap of every eval. Signed losses use the difference over their range instead of the ratio. */
export function gapSeries(view: View): GapSeries {
  const lag = correctLag(view);
  const val = view.signed ? view.evals.val : view.evals.val.map((value) => (value < lag.floor ? lag.floor : value));
  const range = view.signed ? signedRange(val) : 1;
  const ratio = (train: number, at: number): number => {
    const value = view.signed ? (train - at) / range : Math.log(train / at);
    return Number.isFinite(value) ? value : NaN;
  };
  const d = lag.corrected.map((train, i) => ratio(train, val[i] as number));
  const raw = lag.raw.map((train, i) => ratio(train, val[i] as number));
  return { lag, val, d, raw, provisional: ratio(lag.provisional, val.at(-1) ?? NaN) };
}

/** R = max(|V_1 - min V|, median absolute deviation of V): the scale of a loss that may be negative. */
function signedRange(val: Float64Array): number {
  const finite = val.filter((value) => Number.isFinite(value));
  const first = finite[0] ?? 0;
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity);
  return Math.max(Math.abs(first - low), medianDeviation(finite), 1e-12);
}
