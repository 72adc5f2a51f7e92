/**
 * Gap without the delay of a smoothed train curve (reference section 2): an exponential average with factor beta trails by
 * beta / (1 - beta) steps, so the loss at eval i is read so many steps later on the logged curve. 1 - beta is what the configuration says, else the
 * smaller of the von Neumann ratio (made to be high for raw losses) and the rate from the autocorrelation.
 */
import type { GapSeries } from './gap.ts';
import { averagingRate } from './neumann.ts';
import { clip } from './statistics.ts';
import type { View } from './view.ts';

/** Loggers average with 0.9 to 0.99; a slower one cannot be told from a trend. */
const SLOWEST = 0.01;

/** Settings that name the factor of the average which is logged in place of the loss. */
export const SMOOTHING_KEYS = ['log_smoothing', 'loss_smoothing', 'smooth_loss', 'ema_loss', 'smoothing_beta', 'log_ema'];

/** Share of the lag-corrected gap over the evals `at` that vanishes when the delay of smoothing is taken out; null if it cannot be read. */
export function smoothingShare(view: View, gap: GapSeries, at: readonly number[], vonNeumann: number): number | null {
  if (view.pointsPerEval <= 0) return null;
  const configured = configuredDelay(view);
  const rate = Math.max(Math.min(vonNeumann, averagingRate(view.steps.value) ?? 1), SLOWEST);
  const delay = configured ?? (1 / rate - 1) / view.pointsPerEval;
  let total = 0;
  let left = 0;
  for (const i of at) {
    const train = gap.lag.corrected[i] as number;
    const shifted = readAt(gap.lag.raw, i + 0.5 + delay);
    const val = gap.val[i] as number;
    if (shifted === null || !Number.isFinite(train)) continue;
    total += Math.max(train - val, 0);
    left += Math.max(shifted - val, 0);
  }
  return total > 0 ? clip(1 - left / total, -1, 1) : null;
}

/** Delay in evals of the configured average, beta / (1 - beta) steps; null without one. */
function configuredDelay({ settings, stepsPerEval }: View): number | null {
  const beta = settings.number(...SMOOTHING_KEYS);
  if (beta === null || beta <= 0 || beta >= 1 || stepsPerEval === null || stepsPerEval <= 0) return null;
  return beta / (1 - beta) / stepsPerEval;
}

/** Log-linear reading between evals; null beyond the newest. */
function readAt(losses: Float64Array, position: number): number | null {
  const below = Math.floor(position);
  const a = losses[below];
  const b = losses[below + 1];
  if (a === undefined || b === undefined || !(a > 0) || !(b > 0)) return null;
  return Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * (position - below));
}
