/** Everything that the signatures of causes are made of, computed once for a run. Only data up to now; null where it cannot be known. */
import { accuracyGap } from './accuracy-gap.ts';
import { doubleSoftmax, type DoubleSoftmax } from './double-softmax.ts';
import type { GapSeries } from './gap.ts';
import { initialGap, sampleDeviation, type InitialGap } from './init.ts';
import { recentVonNeumann } from './neumann.ts';
import { probeFindings, type ProbeFindings } from './probe.ts';
import type { SeedSpread } from './seeds.ts';
import { shapeOf, type Shape } from './shape.ts';
import { smoothingShare } from './smoothing.ts';
import { clip, fitLine, mean, ramp, variance } from './statistics.ts';
import type { View } from './view.ts';

/** Accuracies that are closer than this (in shares) tell nothing of what one wrong sample costs. */
const LEAST_ACCURACY_GAP = 0.01;
/** A gap below this says nothing about its cause. */
const TELLING = 0.02;
const FEWEST_TELLING = 4;
/** Standard deviation of a sample's loss relative to the mean loss, as it usually is for cross-entropy. */
const LOSS_SPREAD = 1.2;
/** Step losses with a lower von Neumann ratio are taken for averages. */
const SMOOTHED = 0.35;

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
  /** Mean of Tc - V for one unit of accuracy that training is behind: what one more wrong sample costs. null unless accuracy is lower. */
  lossPerAccuracy: number | null;
  /** Tc = additive + factor * V over the telling evals, and the correlation of the two (1: on a rising line). */
  additive: number | null;
  factor: number | null;
  aligned: number | null;
  /** The side on which softmax seems to be applied twice; null if none. */
  doubled: DoubleSoftmax | null;
  vonNeumann: number | null;
  /** Share of the corrected gap that the delay of a smoothed train curve explains; null unless the curve is smoothed. */
  smoothingShare: number | null;
  /** Share of the raw gap that vanishes with the lag correction. */
  lagShare: number | null;
  /** Mean of Tc - V in standard errors of a finite validation set. */
  zVal: number | null;
  /** Size of the gap in rough standard errors of the validation loss (1.2 / sqrt(n) in nats of its logarithm); null if n is unknown. */
  gapInErrors: number | null;
  /** What the probe says; null without one. `dataShare` is 1 when the train loss is itself measured in evaluation mode. */
  probe: ProbeFindings | null;
  dataShare: number | null;
  /** The gap over runs of other seeds and this one; null with fewer than three. */
  seeds: SeedSpread | null;
}

/** Derives the evidence from the gap of a view; `burnIn` evals at the start are left out. */
export function evidenceOf(view: View, gap: GapSeries, burnIn: number, seeds: SeedSpread | null = null): Evidence {
  const known = Array.from(gap.d.keys()).filter((i) => i >= burnIn && Number.isFinite(gap.d[i]));
  const positive = known.filter((i) => (gap.d[i] as number) > TELLING);
  const telling = positive.length >= FEWEST_TELLING ? positive : known;
  const accuracy = accuracyGap(view, telling);
  const line = affine(gap, telling);
  const evaluated = view.trainMeaning === 'evaluation';
  const vonNeumann =
    view.pointsPerEval >= 1.5 && !evaluated && view.steps.meaning !== 'window-mean'
      ? recentVonNeumann(view.steps.value, view.pointsPerEval)
      : null;
  const probe = evaluated ? null : probeFindings(view, gap, telling);
  const init = initialGap(view, gap);
  const shape = shapeOf(view, gap, known, telling);
  return {
    ...shape,
    view,
    gap,
    tellingEvals: telling,
    init,
    doubled: doubleSoftmax(view, gap, view.fromScratch ? init.classes : view.classes),
    accuracyGap: accuracy?.gap ?? null,
    zAccuracy: accuracy?.z ?? null,
    lossPerAccuracy: accuracy && accuracy.gap < -LEAST_ACCURACY_GAP ? meanDifference(gap, telling) / -accuracy.gap : null,
    accuracyLower: accuracy ? ramp(-accuracy.z, 1.5, 3) : 0,
    accuracyAgrees: accuracy ? ramp(accuracy.z, -1.5, 0) : 0,
    additive: line?.intercept ?? null,
    factor: line?.slope ?? null,
    aligned: line?.correlation ?? null,
    vonNeumann,
    smoothingShare: vonNeumann !== null && vonNeumann < SMOOTHED ? smoothingShare(view, gap, telling, vonNeumann) : null,
    lagShare: evaluated ? 0 : lagShare(gap, telling),
    zVal: zVal(view, gap, telling),
    gapInErrors: view.valSize === null || shape.telling === null ? null : (Math.abs(shape.telling) * Math.sqrt(view.valSize)) / LOSS_SPREAD,
    probe,
    dataShare: evaluated ? 1 : (probe?.dataShare ?? null),
    seeds,
  };
}

/** Least squares of Tc on V (reference section 2, "Affine fit"). */
function affine(gap: GapSeries, at: readonly number[]): { intercept: number; slope: number; correlation: number } | null {
  if (at.length < 3) return null;
  const val = at.map((i) => gap.val[i] as number);
  const train = at.map((i) => gap.lag.corrected[i] as number);
  const line = fitLine(val, train);
  if (!Number.isFinite(line.intercept)) return null;
  const spread = Math.sqrt(variance(val) / variance(train));
  return { ...line, correlation: Number.isFinite(spread) ? clip(line.slope * spread, -1, 1) : 0 };
}

/** Mean of Tc - V. */
function meanDifference(gap: GapSeries, at: readonly number[]): number {
  return mean(at.map((i) => (gap.lag.corrected[i] as number) - (gap.val[i] as number)));
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
  return meanDifference(gap, at) / error;
}
