/** Everything that the signatures of causes are made of, computed once for a run. Only data up to now; null where it cannot be known. */
import { accuracyGap } from './accuracy-gap.ts';
import type { GapSeries } from './gap.ts';
import { initialGap, sampleDeviation, type InitialGap } from './init.ts';
import { recentVonNeumann } from './neumann.ts';
import { probeFindings, type ProbeFindings } from './probe.ts';
import { shapeOf, type Shape } from './shape.ts';
import { clip, fitLine, mean, ramp } from './statistics.ts';
import type { View } from './view.ts';

/** A gap below this says nothing about its cause. */
const TELLING = 0.02;
const FEWEST_TELLING = 4;

export interface Evidence extends Shape {
  view: View;
  gap: GapSeries;
  /** Indexes of evals with d > 0.02 after burn-in: what the gap's features are taken from. */
  tellingEvals: number[];
  init: InitialGap;
  /** Accuracy gap (train - val) over the telling evals in shares, and in standard errors; null without both accuracies. */
  accuracyGap: number | null;
  zAccuracy: number | null;
  /** 0..1: validation accuracy is clearly higher / accuracies agree or train is higher. Both 0 without accuracy. */
  accuracyLower: number;
  accuracyAgrees: number;
  /** Tc = additive + factor * V over the telling evals. */
  additive: number | null;
  factor: number | null;
  vonNeumann: number | null;
  /** Share of the raw gap that vanishes with the lag correction. */
  lagShare: number | null;
  /** Mean of Tc - V in standard errors of a finite validation set. */
  zVal: number | null;
  /** What the probe says; null without one. `dataShare` is 1 when the train loss is itself measured in evaluation mode. */
  probe: ProbeFindings | null;
  dataShare: number | null;
}

/** Derives the evidence from the gap of a view; `burnIn` evals at the start are left out. */
export function evidenceOf(view: View, gap: GapSeries, burnIn: number): Evidence {
  const known = Array.from(gap.d.keys()).filter((i) => i >= burnIn && Number.isFinite(gap.d[i]));
  const positive = known.filter((i) => (gap.d[i] as number) > TELLING);
  const telling = positive.length >= FEWEST_TELLING ? positive : known;
  const accuracy = accuracyGap(view, telling);
  const line = affine(gap, telling);
  const evaluated = view.trainMeaning === 'evaluation';
  const probe = evaluated ? null : probeFindings(view, gap, telling);
  return {
    ...shapeOf(view, gap, known, telling),
    view,
    gap,
    tellingEvals: telling,
    init: initialGap(view, gap),
    accuracyGap: accuracy?.gap ?? null,
    zAccuracy: accuracy?.z ?? null,
    accuracyLower: accuracy ? ramp(-accuracy.z, 1.5, 3) : 0,
    accuracyAgrees: accuracy ? ramp(accuracy.z, -1.5, 0) : 0,
    additive: line?.intercept ?? null,
    factor: line?.slope ?? null,
    vonNeumann: view.pointsPerEval >= 1.5 && !evaluated ? recentVonNeumann(view.steps.value, view.pointsPerEval) : null,
    lagShare: evaluated ? 0 : lagShare(gap, telling),
    zVal: zVal(view, gap, telling),
    probe,
    dataShare: evaluated ? 1 : (probe?.dataShare ?? null),
  };
}

/** Least squares of Tc on V (reference section 2, "Affine fit"). */
function affine(gap: GapSeries, at: readonly number[]): { intercept: number; slope: number } | null {
  if (at.length < 3) return null;
  const line = fitLine(at.map((i) => gap.val[i] as number), at.map((i) => gap.lag.corrected[i] as number));
  return Number.isFinite(line.intercept) ? line : null;
}

/** 1 - corrected gap / raw gap, positive parts only (reference section 2, "Lag share"). */
function lagShare(gap: GapSeries, at: readonly number[]): number | null {
  let raw = 0;
  let corrected = 0;
  for (const i of at) {
    const val = gap.val[i] as number;
    const rawTrain = gap.lag.raw[i] as number;
    if (!Number.isFinite(rawTrain)) continue;
    raw += Math.max(rawTrain - val, 0);
    corrected += Math.max((gap.lag.corrected[i] as number) - val, 0);
  }
  return raw > 0 ? clip(1 - corrected / raw, -1, 1) : null;
}

/** Mean of Tc - V in standard errors of a finite validation set (reference section 2, "Per-sample loss sd"). */
function zVal(view: View, gap: GapSeries, at: readonly number[]): number | null {
  if (at.length === 0 || view.valSize === null || view.pointsPerEval < 1.5 || view.batch === null) return null;
  const recent = view.steps.value.subarray(Math.max(0, view.steps.value.length - Math.ceil(5 * view.pointsPerEval)));
  const deviation = sampleDeviation(recent, view.batch);
  if (!(deviation > 0)) return null;
  const error = deviation * Math.sqrt(1 / view.valSize + (view.trainSize ? 1 / view.trainSize : 0));
  return mean(at.map((i) => (gap.lag.corrected[i] as number) - (gap.val[i] as number))) / error;
}
