/**
 * Decides when a gap is real (reference section C): an asymptotic confidence sequence on the mean of d, with a long-run variance from
 * detrended AR(1) residuals, a practical margin, and several start times for a gap that begins late.
 *
 * Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
 * Statistics 2024; Shekhar & Ramdas, "Reducing sequential change detection to sequential estimation", ICML 2024.
 */
import { clip, mean, variance } from './statistics.ts';

export interface DetectorOptions {
  /** Margin on d that matters: 0.05 is about 5 %. */
  delta: number;
  /** False-alarm level for a run and direction. */
  alpha: number;
  /** Values at the start that no window includes. */
  burnIn: number;
  /** Also fire on a few values that are all far above the margin (see `isPlain`); off gives the reference's detector. */
  quick: boolean;
}

export const DEFAULTS: DetectorOptions = { delta: 0.05, alpha: 0.01, burnIn: 2, quick: false };

const PRIOR_RHO = 0.7;
const PRIOR_WEIGHT = 30;
const MOST_RHO = 0.97;
/** The sequence is tightest near this many values. */
const TUNED_FOR = 40;
const FEWEST = 8;
const START_EVERY = 8;
const RECENT_STARTS = 6;
const FIRE_AFTER = 2;
const CLEAR_AFTER = 3;
const CLEAR_WINDOW = 8;
/** A gap is plain when this many values in a row exceed twice the margin and their mean lies this many deviations above it. */
const PLAIN_VALUES = 5;
const PLAIN_DEVIATIONS = 2;
/** As plain: this many values in a row above the margin, however they wander. */
const PLAIN_RUN = 12;
/** Longer histories are thinned by pairs from the old end. */
const LONGEST = 400;

/** Half-width of a one-sided interval at level `a` for the mean of n values with residual variance s2 and lag-1 autocorrelation rho1. */
export function halfWidth(n: number, s2: number, rho1: number, a: number): number {
  const shrunk = (n * (rho1 + (1 + 4 * Math.max(rho1, 0)) / n) + PRIOR_WEIGHT * PRIOR_RHO) / (n + PRIOR_WEIGHT);
  const r = clip(shrunk, 0, MOST_RHO);
  const effective = Math.max(2, (n * (1 - r)) / (1 + r));
  const longRun = ((s2 * (1 + r)) / (1 - r)) * ((effective + 1) / Math.max(effective - 1, 0.5));
  const q2 = (-2 * Math.log(a) + Math.log(-2 * Math.log(a) + 1)) / TUNED_FOR;
  const spread = (2 * (n * q2 + 1)) / (n * n * q2);
  return Math.sqrt(longRun) * Math.sqrt(spread * Math.log(1 + Math.sqrt(n * q2 + 1) / (2 * a)));
}

export interface Interval {
  /** Index of the first value of the window; in a reading, counted over all values pushed since the last restart. */
  start: number;
  mean: number;
  low: number;
  high: number;
}

/** Interval for the mean of the values from `start` on, at level `a` on each side. Residuals are those of a line against time. */
export function intervalFrom(values: readonly number[], start: number, a: number): Interval {
  const n = values.length - start;
  const centre = (n - 1) / 2;
  let sum = 0;
  let moment = 0;
  for (let i = 0; i < n; i += 1) {
    const value = values[start + i] as number;
    sum += value;
    moment += (i - centre) * value;
  }
  const middle = sum / n;
  const slope = moment / ((n * (n * n - 1)) / 12);
  let squares = 0;
  let products = 0;
  let before = 0;
  for (let i = 0; i < n; i += 1) {
    const e = (values[start + i] as number) - middle - slope * (i - centre);
    squares += e * e;
    products += e * before;
    before = e;
  }
  const rho1 = squares > 1e-24 ? products / squares : 0;
  const h = halfWidth(n, squares / (n - 2), rho1, a);
  return { start, mean: middle, low: middle - h, high: middle + h };
}

export interface Reading {
  firing: boolean;
  /** True at the value that made it fire. */
  fired: boolean;
  cleared: boolean;
  /** The window whose lower bound is highest; null with fewer than 8 values after burn-in. */
  best: Interval | null;
}

export interface Detector {
  /** Takes the next d and says where matters stand. Values must be finite. */
  push(d: number): Reading;
  /** A resumed run: windows start anew, the state stays. */
  restart(): void;
}

/** A detector for d above +delta; feed -d for the other direction. Batch analysis is nothing but pushing every value. */
export function createDetector(options: Partial<DetectorOptions> = {}): Detector {
  const { delta, alpha, burnIn, quick } = { ...DEFAULTS, ...options };
  let values: number[] = [];
  /** Which push each value came with. */
  let origins: number[] = [];
  let pushed = 0;
  let above = 0;
  let plain = 0;
  let calm = 0;
  let firing = false;

  const best = (): Interval | null => {
    let found: Interval | null = null;
    for (const { start, a } of startsOf(values.length, alpha)) {
      const interval = intervalFrom(values, start, a);
      if (!found || interval.low > found.low) found = interval;
    }
    return found && { ...found, start: origins[found.start] as number };
  };

  /** A gap that has gone is over: from here on only what came since it went counts, or the old part would set it off again. */
  const forget = (): void => {
    firing = false;
    values = values.slice(-CLEAR_WINDOW);
    origins = origins.slice(-CLEAR_WINDOW);
    above = plain = calm = 0;
  };

  return {
    push: (d) => {
      pushed += 1;
      if (pushed <= burnIn) return { firing, fired: false, cleared: false, best: null };
      values.push(d);
      origins.push(pushed - 1);
      if (values.length > LONGEST) {
        values = thinned(values, (a, b) => (a + b) / 2);
        origins = thinned(origins, (a) => a);
      }
      const interval = best();
      above = interval !== null && interval.low > delta ? above + 1 : 0;
      plain = quick && isPlain(values, delta) ? plain + 1 : 0;
      const recent = values.slice(-CLEAR_WINDOW);
      calm = mean(recent) < delta / 2 ? calm + 1 : 0;
      const fired = !firing && (above >= FIRE_AFTER || plain >= FIRE_AFTER);
      const cleared = firing && calm >= CLEAR_AFTER;
      if (fired) firing = true;
      if (cleared) forget();
      return { firing, fired, cleared, best: interval };
    },
    restart: () => {
      values = [];
      origins = [];
      pushed = 0;
      above = 0;
      plain = 0;
      calm = 0;
    },
  };
}

/**
 * The confidence sequence needs eight values; a gap that is plain to see need not wait for them. On runs with such a gap this saves three
 * evals in the median and costs no false alarm on the controls (test/bench/diagnosis.ts prints both).
 */
function isPlain(values: readonly number[], delta: number): boolean {
  const run = values.slice(-PLAIN_RUN);
  if (run.length === PLAIN_RUN && Math.min(...run) > delta) return true;
  const recent = values.slice(-PLAIN_VALUES);
  if (recent.length < PLAIN_VALUES || Math.min(...recent) <= 2 * delta) return false;
  return mean(recent) - delta > PLAIN_DEVIATIONS * Math.sqrt(variance(recent));
}

function startsOf(n: number, alpha: number): { start: number; a: number }[] {
  if (n < FEWEST) return [];
  const starts = [{ start: 0, a: alpha / 2 }];
  const last = Math.floor((n - FEWEST) / START_EVERY);
  for (let j = Math.max(1, last - RECENT_STARTS + 1); j <= last; j += 1) {
    const share = Math.max(((alpha / 2) * 6) / (Math.PI * Math.PI * j * j), alpha / 200);
    starts.push({ start: START_EVERY * j, a: share });
  }
  return starts;
}

/** Halves the older half by making one of each pair. */
function thinned(values: readonly number[], join: (a: number, b: number) => number): number[] {
  const half = Math.floor(values.length / 4) * 2;
  const old: number[] = [];
  for (let i = 0; i < half; i += 2) old.push(join(values[i] as number, values[i + 1] as number));
  return [...old, ...values.slice(half)];
}
