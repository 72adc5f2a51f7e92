/** Von Neumann ratio of the step losses: how much neighbours differ for their spread. Smoothed logs give about 1 - beta. */
import { fitLine, meanSquaredStep } from './statistics.ts';

const FEWEST = 16;
const WINDOW = 64;

/** Mean squared step over twice the variance of the linearly detrended values: 1 for white noise; null when it cannot be said. */
export function vonNeumann(values: ArrayLike<number>): number | null {
  const x = Array.from(values).filter((value) => Number.isFinite(value));
  if (x.length < FEWEST) return null;
  const time = x.map((_, i) => i);
  const line = fitLine(time, x);
  const residuals = x.map((value, i) => value - line.intercept - line.slope * i);
  let squares = 0;
  for (const e of residuals) squares += e * e;
  const spread = squares / (x.length - 1);
  const scale = Math.abs(line.intercept) + 1e-12;
  return spread > (1e-9 * scale) ** 2 ? meanSquaredStep(residuals) / (2 * spread) : null;
}

/** Ratio over the last max(64, 3 intervals) step losses. */
export function recentVonNeumann(losses: Float64Array, pointsPerEval: number): number | null {
  const window = Math.max(WINDOW, Math.ceil(3 * pointsPerEval));
  return vonNeumann(losses.subarray(Math.max(0, losses.length - window)));
}
