/**
 * B2: the train loss jumps far above its recent median (reference section B; llm-foundry KillLossSpike, OLMo 2 spike score). A point
 * is high if x > med64 + 8 * (1.4826 * MAD + 0.02 * med), x > 1.5 * med and x - med > 0.1 * L0; with a second within five points
 * that passes the same with 6 in place of 8 it is a spike. One is enough if it is far above everything that the run has shown. Other
 * single points are for the chart only.
 */
import type { Fault } from '../diagnosis.ts';
import { medianDeviation } from '../statistics.ts';
import { figure, times } from '../words.ts';
import type { View } from '../view.ts';
import { placeOf, placeWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { slidingWindow, startLevel, type SlidingWindow } from './trail.ts';

const CONFIDENCE = 0.7;
const WINDOW = 64;
/** Fewer points before it say nothing of what is usual. */
const FEWEST = 16;
const DEVIATIONS = 8;
/** For the second of two. */
const FEWER_DEVIATIONS = 6;
/** Both also lie this far above the highest of the window before: losses with a heavy tail show single high values all the time. */
const OVER_WINDOW = 1.2;
const ADDED_SHARE = 0.02;
const LEAST_RATIO = 1.5;
const LEAST_SHARE_OF_START = 0.1;
const OF = 5;
/** A single point counts if it is this many times the median and the highest value so far. */
const LONE_RATIO = 10;
const LONE_OVER_HIGHEST = 2;

export const spike: HealthRule = {
  id: 'B2',
  name: 'loss spike',
  needs: 'train loss',
  check(view) {
    if (view.steps.value.length < FEWEST) return { notChecked: `fewer than ${FEWEST} train losses are logged` };
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    const found = spikes(view.steps.value, startLevel(view));
    return { faults: found.length > 0 ? [fault(found, view)] : [] };
  },
};

export interface Spike {
  index: number;
  value: number;
  median: number;
}

/** A high point, whether by 8 deviations, and the highest value of the window before it. */
interface High extends Spike {
  clear: boolean;
  before: number;
}

function arePair(first: High, second: High): boolean {
  const near = second.index - first.index < OF;
  return near && (first.clear || second.clear) && Math.min(first.value, second.value) > OVER_WINDOW * first.before;
}

/** Every spike, in order: the first high point of each. */
export function spikes(values: Float64Array, start: number): Spike[] {
  const window = slidingWindow(WINDOW);
  const found: Spike[] = [];
  let highest = -Infinity;
  let earlier: High | null = null;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const usual = window.median();
    if (window.count() >= FEWEST && isHigh(value, usual, window, start, FEWER_DEVIATIONS)) {
      const clear = isHigh(value, usual, window, start, DEVIATIONS);
      const here = { index: i, value, median: usual, clear, before: window.highest() };
      const lone = value > LONE_RATIO * usual && value > LONE_OVER_HIGHEST * highest;
      const pair: High | null = earlier && arePair(earlier, here) ? earlier : null;
      const known = found.at(-1);
      if ((lone || pair) && !(known && i - known.index < WINDOW)) found.push(pair ?? here);
      earlier = here;
    }
    highest = Math.max(highest, value);
    window.push(value);
  }
  return found;
}

function isHigh(value: number, usual: number, window: SlidingWindow, start: number, deviations: number): boolean {
  if (!(value > LEAST_RATIO * usual) || !(value - usual > LEAST_SHARE_OF_START * start)) return false;
  return value > usual + deviations * (1.4826 * medianDeviation(window.values()) + ADDED_SHARE * usual);
}

function fault(found: readonly Spike[], view: View): Fault {
  const first = found[0] as Spike;
  const at = placeOf(view.steps, first.index);
  const last = found.length > 1 ? placeOf(view.steps, (found.at(-1) as Spike).index) : null;
  const more = last ? ` ${found.length - 1} more since, the last at ${placeWords(last, (found.at(-1) as Spike).index)}.` : '';
  return {
    id: 'B2',
    name: spike.name,
    severity: 'warning',
    at,
    text:
      `Train loss jumped to ${figure(first.value)} at ${placeWords(at, first.index)}, ` +
      `${times(first.value / first.median)} the median of the points before it (${figure(first.median)}).${more}`,
    remedies: ['clip-gradients', 'warmup', 'skip-batch', 'inspect-batch'],
    confidence: CONFIDENCE,
  };
}
