/**
 * Gap without the delay of a smoothed train curve (reference section 2): an exponential average with factor beta trails by
 * beta / (1 - beta) steps, and its von Neumann ratio is about 1 - beta, so the loss at eval i is read 1/VN - 1 steps later on the logged curve.
 */
import type { GapSeries } from './gap.ts';
import { clip } from './statistics.ts';
import type { View } from './view.ts';

/** Share of the lag-corrected gap over the evals `at` that vanishes when the delay of smoothing is taken out; null if it cannot be read. */
export function smoothingShare(view: View, gap: GapSeries, at: readonly number[], vonNeumann: number): number | null {
  if (view.pointsPerEval <= 0) return null;
  const delay = (1 / Math.max(vonNeumann, 0.002) - 1) / view.pointsPerEval;
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

/** Log-linear reading between evals; null beyond the newest. */
function readAt(losses: Float64Array, position: number): number | null {
  const below = Math.floor(position);
  const a = losses[below];
  const b = losses[below + 1];
  if (a === undefined || b === undefined || !(a > 0) || !(b > 0)) return null;
  return Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * (position - below));
}
