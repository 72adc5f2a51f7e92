/** Gap before training has begun (reference section 2): the untrained model scores ln K on both sides unless the losses differ. */
import type { GapSeries } from './gap.ts';
import { meanSquaredStep, ramp } from './statistics.ts';
import type { View } from './view.ts';

export interface InitialGap {
  /** d0 = ln(T_first / reference), null if there is nothing to compare. */
  d0: number | null;
  z0: number;
  /** Standard error of d0 in nats; null where only the first eval tells. */
  se0: number | null;
  /** What T_first was compared with. */
  against: 'initial-val' | 'guessing' | 'first-eval' | null;
  /** 0..1: how clearly the curves differ before training; at most 0.5 when only the first eval tells. */
  off: number;
  /** K as configured, else as the losses before training and the accuracy there suggest; null if undecided. */
  classes: number | null;
  /** T_first / ln K and V0 / ln K; null where unknown or the model was pretrained. */
  trainToGuessing: number | null;
  valToGuessing: number | null;
}

const LEAST_SE = 0.01;
const ASSUMED_SIZE = 500;
/** Standard deviation of a sample's loss relative to the mean loss before training, as it usually is for cross-entropy and squared errors. */
const UNTRAINED_SPREAD = 1;
/** First losses that differ by less than this (in nats of their ratio) are the same. */
const SAME_START = 0.06;
const MOST_CLASSES = 1000;

/** Offset of the first losses with its standard error from the noise of one batch. */
export function initialGap(view: View, gap: GapSeries): InitialGap {
  const { firstTrain, initialVal } = view;
  const instant = view.firstIsInstant ? firstTrain : null;
  const classes = classesAtStart(view, instant);
  const guess = classes !== null && view.fromScratch ? Math.log(classes) : null;
  const ratios = {
    classes,
    trainToGuessing: guess !== null && instant !== null ? instant / guess : null,
    valToGuessing: guess !== null && initialVal !== null ? initialVal / guess : null,
  };
  const evaluated = evaluatedAtStart(view, ratios);
  if (evaluated) return evaluated;
  const reference = initialVal ?? guess;
  if (instant !== null && reference !== null && instant > 0 && reference > 0 && !view.signed) {
    const d0 = Math.log(instant / reference);
    return { ...offsetWith(d0, Math.max(initialError(view, instant), LEAST_SE)), against: initialVal !== null ? 'initial-val' : 'guessing', ...ratios };
  }
  const first = gap.d.find((value) => Number.isFinite(value));
  if (first === undefined) return { d0: null, z0: 0, se0: null, against: null, off: 0, ...ratios };
  return { d0: first, z0: first / 0.05, se0: null, against: 'first-eval', off: 0.5 * ramp(Math.abs(first), 0.03, 0.08), ...ratios };
}

/** d0 with its error, and how clearly it is not 0. */
function offsetWith(d0: number, se0: number): Pick<InitialGap, 'd0' | 'z0' | 'se0' | 'off'> {
  const z0 = d0 / se0;
  return { d0, z0, se0, off: ramp(Math.abs(z0), 2, 4) * ramp(Math.abs(d0), 0.03, 0.08) };
}

/** Where the train loss is itself measured like validation, both were measured before training over whole sets, far more exactly than one batch. */
function evaluatedAtStart({ trainMeaning, initialClean, initialVal, valSize, signed }: View, ratios: Pick<InitialGap, 'classes' | 'trainToGuessing' | 'valToGuessing'>): InitialGap | null {
  if (trainMeaning !== 'evaluation' || signed || initialClean === null || initialVal === null || !(initialClean > 0) || !(initialVal > 0)) return null;
  const error = UNTRAINED_SPREAD / Math.sqrt(valSize ?? ASSUMED_SIZE);
  return { ...offsetWith(Math.log(initialClean / initialVal), error), against: 'initial-val', ...ratios };
}

/** K from the configuration; else a classifier's first losses, where accuracy says which of the two is the honest ln K. */
function classesAtStart(view: View, instant: number | null): number | null {
  if (view.classes !== null) return view.classes;
  const { initialVal, initialAccuracy } = view;
  const classifies = initialAccuracy !== null || view.evals.valAccuracy.some((x) => Number.isFinite(x));
  if (!classifies || instant === null || initialVal === null || !(instant > 0) || !(initialVal > 0)) return null;
  if (Math.abs(Math.log(instant / initialVal)) < SAME_START) return wholeClasses((instant + initialVal) / 2);
  if (initialAccuracy === null || initialAccuracy <= 0) return null;
  const chance = Math.log(1 / initialAccuracy);
  const [near, far] = [instant, initialVal].sort((a, b) => Math.abs(a - chance) - Math.abs(b - chance)) as [number, number];
  return Math.abs(far - chance) - Math.abs(near - chance) > 0.3 ? wholeClasses(near) : null;
}

function wholeClasses(loss: number): number | null {
  const classes = Math.round(Math.exp(loss));
  return classes >= 2 && classes <= MOST_CLASSES ? classes : null;
}

/**
 * Standard error of ln(T_first / V0): sampling of one batch and of the validation set. The jitter is that of the train loss, so it is taken
 * relative to the train loss (a loss that is scaled up jitters more by the same factor).
 */
function initialError(view: View, firstTrain: number): number {
  const perEpoch = Math.max(8, Math.round(view.pointsPerEval));
  const early = view.steps.value.subarray(0, perEpoch).filter((value) => Number.isFinite(value));
  const perSample = sampleDeviation(early, view.batch ?? 32);
  const size = view.valSize ?? ASSUMED_SIZE;
  return (perSample * Math.sqrt(1 / (view.batch ?? 32) + 1 / size)) / Math.abs(firstTrain);
}

/** Standard deviation of one sample's loss from the jitter of batch losses: sqrt(B * mean(diff^2) / 2). */
export function sampleDeviation(losses: ArrayLike<number>, batch: number): number {
  const squared = meanSquaredStep(losses);
  return Number.isFinite(squared) ? Math.sqrt((batch * squared) / 2) : 0;
}
