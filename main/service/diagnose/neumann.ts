/** How much neighbouring step losses differ for their spread: raw losses jump, smoothed logs hardly move. */
import { clip, mean, meanSquaredStep } from './statistics.ts';

const FEWEST = 16;
const WINDOW = 64;
const LONG_WINDOW = 400;
const SHORT_WINDOW = 100;
/** A ratio this high over the short window is no chance: the losses are raw and only the trend is curved. */
const RAW_FOR_SURE = 0.6;
/** Ratio of the residuals of a cubic from which on the losses are raw: averages of 20 steps or more stay well below, also in short windows. */
const RAW_BESIDE_CUBIC = 0.9;
const CUBIC = 3;
/** Second differences of noisy losses alternate (-0.5 or less), averaged or not; those of a formula do not. */
const ALIKE = 0.3;

/** Von Neumann ratio, mean(diff^2) / (2 var), of the linearly detrended values: 1 for white noise, about 1 - beta for an average. */
export function vonNeumann(values: ArrayLike<number>): number | null {
  const x = Array.from(values).filter((value) => Number.isFinite(value));
  if (x.length < FEWEST) return null;
  return ratioOf(detrended(x, 1), mean(x));
}

function ratioOf(residuals: readonly number[], level: number): number | null {
  let squares = 0;
  for (const e of residuals) squares += e * e;
  const spread = squares / (residuals.length - 1);
  return spread > (1e-9 * (Math.abs(level) + 1e-12)) ** 2 ? meanSquaredStep(residuals) / (2 * spread) : null;
}

/**
 * 1 - beta of an exponential average: 1 less the lag-1 autocorrelation of the detrended logarithms over the newer half, corrected for the bias
 * of a short window (Kendall 1954, Marriott & Pope 1954: about -(2 + 4 rho) / n beside a line). A slow trend that is left makes it smaller, so
 * it is only for curves that are known to be averages. null with too few or constant values.
 */
export function averagingRate(losses: Float64Array): number | null {
  const logs = Array.from(losses).flatMap((value) => (value > 0 && Number.isFinite(value) ? [Math.log(value)] : []));
  const x = logs.slice(-Math.max(SHORT_WINDOW, Math.floor(logs.length / 2)));
  const rho = x.length < FEWEST ? null : autocorrelation(detrended(x, 1));
  return rho === null ? null : clip(1 - (rho + (2 + 4 * rho) / x.length), 0, 1);
}

/** Values less their least-squares polynomial against time. */
function detrended(values: readonly number[], degree: number): number[] {
  const n = values.length;
  let residuals = [...values];
  const basis: number[][] = [];
  for (let power = 0; power <= degree; power += 1) {
    let vector = Array.from({ length: n }, (_, i) => ((2 * i) / (n - 1) - 1) ** power);
    for (const other of basis) vector = less(vector, other);
    const length = Math.sqrt(dot(vector, vector));
    const unit = vector.map((x) => x / length);
    basis.push(unit);
    residuals = less(residuals, unit);
  }
  return residuals;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** `vector` without its part along `unit`. */
function less(vector: readonly number[], unit: readonly number[]): number[] {
  const along = dot(vector, unit);
  return vector.map((x, i) => x - along * (unit[i] as number));
}

/**
 * -2 times the lag-1 autocorrelation of the differences: 1 for white noise on any slow trend, about 1 - beta for an exponential average.
 * A curved trend makes the von Neumann ratio of honest losses small; it does not fool this one.
 */
export function differenceRatio(values: ArrayLike<number>): number | null {
  const x = Array.from(values).filter((value) => Number.isFinite(value));
  const rho = x.length < FEWEST ? null : autocorrelation(differences(x));
  return rho === null ? null : clip(-2 * rho, 0, 1);
}

/**
 * True for a curve without any noise, such as a formula: even its second differences follow one another. An average of noisy losses has
 * second differences that alternate.
 */
export function isNoiseFree(values: ArrayLike<number>): boolean {
  const x = Array.from(values).filter((value) => Number.isFinite(value));
  const rho = x.length < FEWEST ? null : autocorrelation(differences(differences(x)));
  return rho === null || rho > ALIKE;
}

function differences(x: readonly number[]): number[] {
  return x.slice(1).map((value, i) => value - (x[i] as number));
}

/** Lag-1 autocorrelation; null for constant values. */
function autocorrelation(x: readonly number[]): number | null {
  const middle = mean(x);
  let squares = 0;
  let products = 0;
  for (let i = 0; i < x.length; i += 1) {
    const e = (x[i] as number) - middle;
    squares += e * e;
    if (i > 0) products += e * ((x[i - 1] as number) - middle);
  }
  return squares > 0 ? products / squares : null;
}

/**
 * The larger of both ratios over the newest step losses (64 or 3 intervals; up to 400 for the second); null when it cannot be said, as of
 * values that have no noise at all.
 */
export function recentVonNeumann(losses: Float64Array, pointsPerEval: number): number | null {
  const last = (n: number): Float64Array => losses.subarray(Math.max(0, losses.length - n));
  const window = Math.max(WINDOW, Math.ceil(3 * pointsPerEval));
  const neumann = vonNeumann(last(window));
  const long = differenceRatio(last(Math.max(window, LONG_WINDOW)));
  const short = differenceRatio(last(SHORT_WINDOW));
  if (neumann === null || long === null || short === null || isNoiseFree(last(SHORT_WINDOW))) return null;
  const short64 = Array.from(last(WINDOW)).filter((value) => Number.isFinite(value));
  const besideCubic = ratioOf(detrended(short64, CUBIC), mean(short64)) ?? 0;
  return Math.max(neumann, long, short > RAW_FOR_SURE ? short : 0, besideCubic > RAW_BESIDE_CUBIC ? besideCubic : 0);
}
