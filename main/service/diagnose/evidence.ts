/** Everything that the signatures of causes are made of, computed once for a run. Only data up to now; null where it cannot be known. */
import { initialGap, sampleDeviation, type InitialGap } from './init.ts';
import type { GapSeries } from './gap.ts';
import { recentVonNeumann } from './neumann.ts';
import { clip, fitLine, mean, ramp } from './statistics.ts';
import type { View } from './view.ts';

/** A gap below this says nothing about its cause. */
const TELLING = 0.02;
const FEWEST_TELLING = 4;

export interface Evidence {
  view: View;
  gap: GapSeries;
  /** Indexes of evals with d > 0.02 after burn-in: what the gap's features are taken from. */
  telling: number[];
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
  /** Data share of the gap by the probe, (C - V) / (T - V). */
  dataShare: number | null;
  /** d at the second eval, and the mean of early and late thirds. */
  second: number | null;
  early: number | null;
  late: number | null;
  /** Smallest corrected train loss, alone and relative to the first train and validation losses. */
  trainMin: number | null;
  trainMinToFirst: number | null;
  valFirst: number | null;
  valMin: number | null;
}

/** Derives the evidence from the gap of a view; `burnIn` evals at the start are left out. */
export function evidenceOf(view: View, gap: GapSeries, burnIn: number): Evidence {
  const known = indexes(gap.d, (i) => i >= burnIn);
  const positive = known.filter((i) => (gap.d[i] as number) > TELLING);
  const telling = positive.length >= FEWEST_TELLING ? positive : known;
  const accuracy = accuracyGap(view, telling);
  const line = affine(gap, telling);
  const init = initialGap(view, gap);
  const third = Math.max(1, Math.floor(known.length / 3));
  const average = (at: number[]): number | null => (at.length > 0 ? mean(at.map((i) => gap.d[i] as number)) : null);
  const all = indexes(gap.d, () => true);
  const trainMin = least(gap.lag.corrected);
  const firstTrain = view.firstTrain ?? null;
  return {
    view,
    gap,
    telling,
    init,
    accuracyGap: accuracy?.gap ?? null,
    zAccuracy: accuracy?.z ?? null,
    accuracyLower: accuracy ? ramp(-accuracy.z, 1.5, 3) : 0,
    accuracyAgrees: accuracy ? ramp(accuracy.z, -1.5, 0) : 0,
    additive: line?.intercept ?? null,
    factor: line?.slope ?? null,
    vonNeumann: view.pointsPerEval >= 1.5 && view.trainMeaning !== 'evaluation' ? recentVonNeumann(view.steps.value, view.pointsPerEval) : null,
    lagShare: lagShare(gap, positive.length >= FEWEST_TELLING ? positive : known),
    zVal: zVal(view, gap, telling),
    dataShare: view.trainMeaning === 'evaluation' ? 1 : dataShare(view, gap, telling),
    second: all.length > 1 ? (gap.d[all[1] as number] as number) : null,
    early: average(known.slice(0, third)),
    late: average(known.slice(-third)),
    trainMin,
    trainMinToFirst: trainMin !== null && firstTrain !== null && firstTrain > 0 ? trainMin / firstTrain : null,
    valFirst: finiteOr(gap.val[0]),
    valMin: least(gap.val),
  };
}

function finiteOr(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function indexes(values: Float64Array, keep: (i: number) => boolean): number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i += 1) if (Number.isFinite(values[i]) && keep(i)) found.push(i);
  return found;
}

function least(values: Float64Array): number | null {
  let low = Infinity;
  for (const value of values) if (value < low) low = value;
  return Number.isFinite(low) ? low : null;
}

/** Reference section 2, "Accuracy gap": train accuracy is averaged with its successor like the loss. */
function accuracyGap(view: View, at: number[]): { gap: number; z: number } | null {
  const { trainAccuracy, valAccuracy } = view.evals;
  const gaps: number[] = [];
  const shares: number[] = [];
  for (const i of at) {
    const now = trainAccuracy[i] as number;
    const next = trainAccuracy[i + 1] ?? now;
    const val = valAccuracy[i] as number;
    const train = Number.isFinite(next) ? (now + next) / 2 : now;
    if (!Number.isFinite(train) || !Number.isFinite(val)) continue;
    gaps.push(train - val);
    shares.push(val);
  }
  if (gaps.length === 0) return null;
  const n = view.valSize ?? 500;
  const p = mean(shares);
  const spread = Math.max(p * (1 - p), 0.25 / n);
  const gap = mean(gaps);
  return { gap, z: gap / Math.max(Math.sqrt(spread / n), 0.001) };
}

function affine(gap: GapSeries, at: number[]): { intercept: number; slope: number } | null {
  if (at.length < 3) return null;
  const line = fitLine(at.map((i) => gap.val[i] as number), at.map((i) => gap.lag.corrected[i] as number));
  return Number.isFinite(line.intercept) ? line : null;
}

function lagShare(gap: GapSeries, at: number[]): number | null {
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
function zVal(view: View, gap: GapSeries, at: number[]): number | null {
  if (at.length === 0 || view.valSize === null || view.pointsPerEval < 1.5 || view.batch === null) return null;
  const recent = view.steps.value.subarray(Math.max(0, view.steps.value.length - Math.ceil(5 * view.pointsPerEval)));
  const deviation = sampleDeviation(recent, view.batch);
  if (!(deviation > 0)) return null;
  const error = deviation * Math.sqrt(1 / view.valSize + (view.trainSize ? 1 / view.trainSize : 0));
  return mean(at.map((i) => (gap.lag.corrected[i] as number) - (gap.val[i] as number))) / error;
}

function dataShare(view: View, gap: GapSeries, at: number[]): number | null {
  let total = 0;
  let data = 0;
  for (const i of at) {
    const clean = view.evals.cleanTrain[i] as number;
    const val = gap.val[i] as number;
    if (!Number.isFinite(clean)) continue;
    total += (gap.lag.corrected[i] as number) - val;
    data += clean - val;
  }
  return total > 0 ? clip(data / total, -0.5, 1.5) : null;
}
