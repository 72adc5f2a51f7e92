/** The rise of validation loss above its best while training goes on improving: what B5 and B6 both read. */
import { lossFloor } from '../lag.ts';
import type { View } from '../view.ts';
import { lowestSoFar, trailingMedian } from './trail.ts';

const MEDIAN_OF = 3;
const RISE = 1.05;
const FOR_EVALS = 3;
const FEWEST_EVALS = 6;
/** Below this it is over. */
const OVER = 1.025;
/** Train loss is compared with this many evals ago. */
const TRAIN_BACK = 5;

export interface Rise {
  /** Eval at which the rise was certain, eval of the best, and the best. */
  fired: number;
  bestEval: number;
  best: number;
  /** Level now, relative rise above the best, and relative fall of the train loss since the best (NaN if unknown). */
  now: number;
  share: number;
  trainFall: number;
}

export const fewestEvals = FEWEST_EVALS;

/**
 * The rise that lasts at the newest eval, or null: median-3 of V above 1.05 x its best for 3 evals, at least 6 evals, while the
 * median-3 of T was below that of 5 evals before at one of them (reference section B, rule B5). It ends when V comes back within 2.5
 * %.
 */
export function lastingRise(view: View): Rise | null {
  const { evals } = view;
  // Below the floor a loss is rounding, and its rise none.
  const floor = lossFloor(view);
  const val = trailingMedian(view.signed ? evals.val : evals.val.map((value) => Math.max(value, floor)), MEDIAN_OF);
  const train = trailingMedian(evals.train, MEDIAN_OF);
  const best = lowestSoFar(val);
  const start = val.find((x) => Number.isFinite(x)) ?? NaN;
  // Losses that may be negative have no ratio: their rise is measured in what they had come down.
  const relative = (i: number): number => {
    const low = best.value[i] as number;
    return ((val[i] as number) - low) / (view.signed ? Math.max(start - low, 1e-12) : low);
  };
  let high = 0;
  let fell = false;
  let fired = -1;
  for (let i = 1; i < evals.count; i += 1) {
    const share = relative(i);
    high = share > RISE - 1 ? high + 1 : 0;
    if (high === 0) fell = false;
    fell ||= high > 0 && trainFalls(train, i, best.at[i] as number);
    if (fired < 0 && high >= FOR_EVALS && fell && i + 1 >= FEWEST_EVALS) fired = i;
    if (fired >= 0 && share < OVER - 1) fired = -1;
  }
  if (fired < 0) return null;
  const last = evals.count - 1;
  const lowest = lowestSoFar(evals.val);
  const bestEval = lowest.at[last] as number;
  return {
    fired,
    bestEval,
    best: lowest.value[last] as number,
    now: val[last] as number,
    share: relative(last),
    trainFall: 1 - (train[last] as number) / (train[bestEval] as number),
  };
}

function trainFalls(train: Float64Array, i: number, bestEval: number): boolean {
  const now = train[i] as number;
  return now < (train[Math.max(0, i - TRAIN_BACK)] as number) || now < (train[bestEval] as number);
}
