/**
 * Softmax applied twice: loss = ln(sum_j exp p_j) - p_y. The sum hardly changes while the model learns, and the mean of p_y is about the
 * accuracy, so loss + accuracy stays at ln(e + K - 1), whatever the model does. Ordinary cross-entropy falls further than accuracy rises.
 */
import { doubleSoftmaxFloor } from './constants.ts';
import type { GapSeries } from './gap.ts';
import { fitLine, mean, median } from './statistics.ts';
import type { View } from './view.ts';

export type Side = 'Train' | 'Validation';

export interface DoubleSoftmax {
  side: Side;
  /** Lowest loss of that side, and the level F(K) that two softmaxes cannot pass. */
  at: number;
  floor: number;
  /** Mean distance of loss + accuracy from ln(e + K - 1) in nats; null where no accuracy is logged. */
  error: number | null;
  /** K that fits: configured, else the nearest whole number. */
  classes: number;
}

const NEAR_FLOOR = 0.97;
const LEAST_DROP = 0.15;
/** Loss + accuracy of ordinary cross-entropy moves by half a unit or more with the loss. */
const MOVES = 0.4;
/** Two softmaxes start at ln K; a first loss far above that is of more classes. */
const HIGHEST_START = 1.2;
/** With K unknown, loss + accuracy may wander by this share of the fall of the loss. */
const LEVEL_SHARE = 0.15;

/** The side whose loss stays at F(K) or above while the other goes below; null if neither does or K can neither be known nor read off. */
export function doubleSoftmax(view: View, gap: GapSeries, classes: number | null): DoubleSoftmax | null {
  for (const side of ['Train', 'Validation'] as const) {
    const losses = side === 'Train' ? gap.lag.raw : gap.val;
    const other = side === 'Train' ? gap.val : gap.lag.raw;
    const found = readSide(view, side, losses, classes);
    if (found && lowest(other) < NEAR_FLOOR * found.floor) return found;
  }
  return null;
}

function readSide(view: View, side: Side, losses: Float64Array, classes: number | null): DoubleSoftmax | null {
  const at = lowest(losses);
  const sums = lossPlusAccuracy(view, side, losses);
  if (classes !== null) {
    const floor = doubleSoftmaxFloor(classes);
    const level = floor + 1;
    const error = sums.length > 0 ? mean(sums.slice(Math.floor(sums.length / 2)).map((sum) => Math.abs(sum - level))) : null;
    return at >= NEAR_FLOOR * floor ? { side, at, floor, error, classes } : null;
  }
  const first = losses.find((x) => Number.isFinite(x)) ?? NaN;
  const drop = first - at;
  if (sums.length < 4 || !(drop >= LEAST_DROP)) return null;
  const level = median(sums.slice(Math.floor(sums.length / 2)));
  const whole = Math.round(Math.exp(level) + 1 - Math.E);
  const floor = whole >= 2 && first < HIGHEST_START * Math.log(whole) ? doubleSoftmaxFloor(whole) : NaN;
  const settled = sums.slice(Math.floor(sums.length / 4));
  const error = Math.max(mean(settled.map((sum) => Math.abs(sum - level))), Math.abs(level - floor - 1));
  return at >= NEAR_FLOOR * floor && error < LEVEL_SHARE * drop && movesWithLoss(sums, losses) < MOVES
    ? { side, at, floor, error, classes: whole }
    : null;
}

/** How much loss + accuracy moves for a unit of loss, over the whole run; infinite when accuracy is missing at some evals. */
function movesWithLoss(sums: readonly number[], losses: Float64Array): number {
  const finite = Array.from(losses).filter((loss) => Number.isFinite(loss));
  if (sums.length !== finite.length) return Infinity;
  return Math.abs(fitLine(finite, sums).slope);
}

/** Loss + accuracy of a side at each eval. Where the train accuracy is not logged, that of validation stands in. */
function lossPlusAccuracy(view: View, side: Side, losses: Float64Array): number[] {
  const { trainAccuracy, valAccuracy } = view.evals;
  const ofTrain = side === 'Train' && trainAccuracy.some((x) => Number.isFinite(x));
  const accuracies = ofTrain ? trainAccuracy : valAccuracy;
  return Array.from(losses, (loss, i) => loss + (accuracies[i] as number)).filter((sum) => Number.isFinite(sum));
}

function lowest(values: Float64Array): number {
  let low = Infinity;
  for (const value of values) if (value < low) low = value;
  return low;
}
