/**
 * B3: the train loss has left its best level for good (reference section B: smoothed loss > 1.5 x best, or > 1.2 x the start; llm-foundry
 * KillLossSpike, Megatron). Smoothing is a trailing median, which one bad batch cannot move.
 */
import type { Fault } from '../diagnosis.ts';
import { figure } from '../words.ts';
import type { View } from '../view.ts';
import { placeOf, placeWords, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { lowestSoFar, startLevel, trailingMedian } from './trail.ts';

const CONFIDENCE = 0.9;
const OVER_BEST = 1.5;
const OVER_START = 1.2;
/** A rise from a tiny best must also be large on the scale of the run. */
const SHARE_OF_START = 0.25;
/** It must last this many steps and this share of the run so far. */
const STEPS = 50;
const SHARE_OF_RUN = 0.02;
const FEWEST_POINTS = 3;
const MOST_POINTS = 64;
/** Back within this of the best, or of the start's scale above it, it has recovered. */
const RECOVERED = 1.25;
const RECOVERED_SHARE = 0.1;

export const divergence: HealthRule = {
  id: 'B3',
  name: 'divergence',
  needs: 'train loss',
  check(view) {
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    const { value } = view.steps;
    const width = widthOf(view);
    if (value.length < 2 * width) return { notChecked: 'too few train losses yet' };
    const found = findDivergence(view, width);
    return { faults: found ? [fault(found, view)] : [] };
  },
};

/** Points that make up about 50 steps, at least 3. */
function widthOf(view: View): number {
  const { step } = view.steps;
  const first = step[0] as number;
  const later = step[Math.min(step.length - 1, MOST_POINTS)] as number;
  const perPoint = (later - first) / Math.max(1, Math.min(step.length - 1, MOST_POINTS));
  const points = perPoint > 0 ? Math.round(STEPS / perPoint) : FEWEST_POINTS;
  return Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, points));
}

interface Found {
  /** Where it was first certain, where the rise began, the best before it and where that was; the level now. */
  index: number;
  best: number;
  bestIndex: number;
  now: number;
}

function findDivergence(view: View, width: number): Found | null {
  const level = trailingMedian(view.steps.value, width);
  const best = lowestSoFar(level);
  const start = startLevel(view);
  let since = -1;
  let found: Found | null = null;
  for (let i = width; i < level.length; i += 1) {
    const here = level[i] as number;
    const lowest = best.value[i] as number;
    const overBest = here > OVER_BEST * lowest && here - lowest > SHARE_OF_START * start;
    const high = overBest || (here > OVER_START * start && here > OVER_START * lowest);
    if (high && since < 0) since = i;
    if (!high) since = -1;
    const hold = Math.max(width, SHARE_OF_RUN * i);
    if (since >= 0 && i - since >= hold) found ??= { index: i, best: lowest, bestIndex: best.at[i] as number, now: here };
    if (found) found.now = here;
    if (found && (here < RECOVERED * found.best || here - found.best < RECOVERED_SHARE * start)) found = null;
  }
  return found;
}

function fault({ index, best, bestIndex, now }: Found, view: View): Fault {
  const at = placeOf(view.steps, index);
  const from = placeWords(placeOf(view.steps, bestIndex), bestIndex);
  return {
    id: 'B3',
    name: divergence.name,
    severity: 'critical',
    at,
    text:
      `Smoothed train loss rose from ${figure(best)} (${from}) to ${figure(now)}${rateWords(view.steps.lr[index])} ` +
      'and has not come back.',
    remedies: ['stop-run', 'reload-best', 'lower-lr', 'clip-gradients'],
    confidence: CONFIDENCE,
  };
}
