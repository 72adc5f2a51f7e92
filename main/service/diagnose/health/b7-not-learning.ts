/**
 * B7: the loss stays where it began (reference section B; DeepLocalize, AutoTrainer "slow convergence"): after 30 % of the plan, or
 * 10 evals where there is no plan, neither train nor validation loss has come down by a tenth and neither is coming down; or the
 * train loss is within 2 % of ln K, the loss of guessing among K classes, for 5 evals.
 */
import { guessing } from '../constants.ts';
import type { Fault } from '../diagnosis.ts';
import { figure, percent } from '../words.ts';
import type { View } from '../view.ts';
import { isFalling } from './fall.ts';
import { placeOfEval, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { startLevel, trailingMedian } from './trail.ts';

const CONFIDENCE = 0.8;
const SHARE_OF_PLAN = 0.3;
const FEWEST_EVALS = 10;
const NEAR_START = 0.9;
const NEAR_GUESSING = 0.02;
const GUESSING_EVALS = 5;
const MEDIAN_OF = 3;
/** Validation losses that differ by less than this share are the same: no weight has changed. */
const SAME = 1e-6;

export const notLearning: HealthRule = {
  id: 'B7',
  name: 'not learning',
  needs: 'train loss and evaluations',
  check(view) {
    const { evals } = view;
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    const due = view.plan.evals === null ? FEWEST_EVALS : Math.min(FEWEST_EVALS, Math.ceil(SHARE_OF_PLAN * view.plan.evals));
    const needed = Math.max(GUESSING_EVALS, due);
    if (evals.count < needed) return { notChecked: `not enough evals yet (${evals.count} of ${needed})` };
    if (isUnchanged(view)) {
      return { faults: [fault(view, `Validation loss has not changed at all in ${evals.count} evals: no weight is being updated`)] };
    }
    // What falls learns, if slowly: rule B9.
    if (isFalling(view)) return { faults: [] };
    const guess = guessingLevel(view);
    const stuck = stuckAtStart(view);
    if (guess === null && stuck === null) return { faults: [] };
    return { faults: [fault(view, reason(view, guess, stuck))] };
  },
};

/** ln K if the train loss of the last evals equals it, else null. */
function guessingLevel({ evals, classes, fromScratch }: View): number | null {
  if (classes === null || !fromScratch) return null;
  const level = guessing(classes);
  const recent = Array.from(evals.train.subarray(evals.count - GUESSING_EVALS));
  return recent.every((loss) => Math.abs(loss / level - 1) < NEAR_GUESSING) ? level : null;
}

/** Share of its start that the lower of the two losses still has, null if one has come down. */
function stuckAtStart(view: View): number | null {
  const { evals } = view;
  const last = (values: Float64Array): number => trailingMedian(values, MEDIAN_OF).at(-1) as number;
  const shares = [last(evals.train) / startLevel(view), last(evals.val) / (view.initialVal ?? (evals.val[0] as number))];
  const known = shares.filter((share) => Number.isFinite(share));
  return known.length > 0 && known.every((share) => share > NEAR_START) && neverLow(view) ? Math.min(...known) : null;
}

/** A loss that had been low and came back has learned once: B3 or B5 speak of that. */
function neverLow({ evals, initialVal }: View): boolean {
  const start = initialVal ?? (evals.val[0] as number);
  let low = Infinity;
  for (const value of evals.val) if (value < low) low = value;
  return low > NEAR_START * start;
}

/** True if every validation loss of the run is the same number: frozen weights, or an optimizer without parameters. */
function isUnchanged({ evals }: View): boolean {
  let [low, high] = [Infinity, -Infinity];
  for (const value of evals.val) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low <= SAME * Math.abs(high);
}

function reason(view: View, guess: number | null, stuck: number | null): string {
  const { evals, classes } = view;
  const loss = figure(evals.train.at(-1) as number);
  if (guess === null) return `After ${evals.count} evals the loss still has ${percent(stuck ?? 1)} of its start (train loss ${loss})`;
  return `Train loss ${loss} equals guessing among ${classes} classes (ln ${classes} = ${figure(guess)}) after ${evals.count} evals`;
}

function fault({ evals }: View, text: string): Fault {
  const last = evals.count - 1;
  return {
    id: 'B7',
    name: notLearning.name,
    severity: 'warning',
    at: placeOfEval(evals, last),
    text: `${text}${rateWords(evals.lr[last])}.`,
    remedies: ['check-frozen', 'check-labels', 'raise-lr', 'lower-lr', 'check-init'],
    confidence: CONFIDENCE,
  };
}
