/** What the probe C (training data measured as validation is) says: shares of the gap, and how T and V relate to C. */
import type { GapSeries } from './gap.ts';
import { clip, fitLine, mean, variance } from './statistics.ts';
import type { View } from './view.ts';

export interface ProbeFindings {
  /** (C - V) / (T - V): the share of the gap that is in the data (or in how validation is averaged). */
  dataShare: number;
  /** ln(C0 / V0) before training; null if not measured there. */
  initial: number | null;
  /** ln(T_first / C0) before training; null if either was not measured there. */
  trainInitial: number | null;
  /** Mean of ln(T / C) and of ln(C / V) over the evals `at`: what training adds, and what the data (or the averaging of validation) does. */
  trainShare: number;
  valShare: number;
  /** ln(C / V) at the first eval; null if it is not known there. */
  firstValShare: number | null;
  /** Mean and standard deviation of ln(T / C) over the first third of the evals: a constant factor has hardly any deviation. */
  trainFactor: { mean: number; deviation: number } | null;
  /** The same for ln(C / V). */
  valFactor: { mean: number; deviation: number } | null;
  /** T = additive + factor * C over all evals. */
  additive: number | null;
  factor: number | null;
}

/** Findings over the evals `at`; null when no probe was logged there. */
export function probeFindings(view: View, gap: GapSeries, at: readonly number[]): ProbeFindings | null {
  const probed = at.filter((i) => Number.isFinite(view.evals.cleanTrain[i]) && Number.isFinite(gap.lag.corrected[i]));
  if (probed.length === 0) return null;
  const clean = (i: number): number => Math.max(view.evals.cleanTrain[i] as number, gap.lag.floor);
  const train = (i: number): number => gap.lag.corrected[i] as number;
  const val = (i: number): number => gap.val[i] as number;
  const total = mean(probed.map((i) => train(i) - val(i)));
  const data = mean(probed.map((i) => clean(i) - val(i)));
  if (!(total > 0)) return null;
  const everywhere = Array.from(gap.d.keys()).filter((i) => Number.isFinite(gap.d[i]) && Number.isFinite(view.evals.cleanTrain[i]));
  const early = everywhere.slice(0, Math.max(3, Math.ceil(everywhere.length / 3)));
  const line = everywhere.length >= 3 ? fitLine(everywhere.map(clean), everywhere.map(train)) : null;
  const { initialClean, initialVal, firstTrain } = view;
  return {
    dataShare: clip(data / total, -0.5, 1.5),
    initial:
      initialClean !== null && initialVal !== null && initialClean > 0 && initialVal > 0 ? Math.log(initialClean / initialVal) : null,
    trainInitial:
      initialClean !== null && view.firstIsInstant && firstTrain !== null && initialClean > 0 && firstTrain > 0
        ? Math.log(firstTrain / initialClean)
        : null,
    trainShare: mean(probed.map((i) => Math.log(train(i) / clean(i)))),
    valShare: mean(probed.map((i) => Math.log(clean(i) / val(i)))),
    firstValShare: everywhere[0] === undefined ? null : Math.log(clean(everywhere[0]) / val(everywhere[0])),
    trainFactor: spread(early.map((i) => Math.log(train(i) / clean(i)))),
    valFactor: spread(early.map((i) => Math.log(clean(i) / val(i)))),
    additive: line?.intercept ?? null,
    factor: line?.slope ?? null,
  };
}

function spread(values: number[]): { mean: number; deviation: number } | null {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length >= 2 ? { mean: mean(finite), deviation: Math.sqrt(variance(finite)) } : null;
}
