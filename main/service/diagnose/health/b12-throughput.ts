/**
 * B12: steps take longer than they did (reference section B): CUSUM on the logarithm of the step time against the median of the 200
 * before, allowance k = 0.1, threshold h = 2, anew after each alarm. One long pause (an evaluation, a checkpoint) counts only for so
 * much.
 */
import type { Fault } from '../diagnosis.ts';
import { median } from '../statistics.ts';
import { figure, percent } from '../words.ts';
import type { Track, View } from '../view.ts';
import { placeOf, placeWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { slidingWindow } from './trail.ts';

const CONFIDENCE = 0.6;
const WINDOW = 200;
const FEWEST = 30;
const ALLOWANCE = 0.1;
const THRESHOLD = 2;
/** A single step adds at most this much: five slow ones are needed. */
const MOST = 0.5;
/** Slow now means that the newest steps are this much slower than before. */
const STILL = 1.1;
const RECENT = 20;
/** The times of shorter steps, in seconds, mostly tell how fast a buffered log was written; and nobody waits for them. */
const SHORTEST = 1e-3;

export const throughput: HealthRule = {
  id: 'B12',
  name: 'slower steps',
  needs: 'times of train steps',
  check(view) {
    const times = stepTimes(view.steps);
    if (times.length < FEWEST + RECENT) return { notChecked: 'too few train steps with times are logged' };
    const now = median(times.slice(-RECENT).map(({ seconds }) => seconds));
    if (now < SHORTEST) return { notChecked: 'steps shorter than a millisecond: their times tell more of the log than of the training' };
    const change = lastSlowing(times);
    if (!change) return { faults: [] };
    return { faults: now > STILL * change.before ? [fault(view, change, now)] : [] };
  },
};

interface StepTime {
  index: number;
  seconds: number;
}

/** Seconds per step between neighbouring points that both have a time and a step; the newest few thousand. */
function stepTimes({ step, time }: Track): StepTime[] {
  const found: StepTime[] = [];
  for (let i = Math.max(1, step.length - 5000); i < step.length; i += 1) {
    const steps = (step[i] as number) - (step[i - 1] as number);
    const seconds = ((time[i] as number) - (time[i - 1] as number)) / steps;
    if (steps > 0 && seconds > 0) found.push({ index: i, seconds });
  }
  return found;
}

interface Slowing {
  index: number;
  before: number;
}

function lastSlowing(times: readonly StepTime[]): Slowing | null {
  const window = slidingWindow(WINDOW);
  let sum = 0;
  let last: Slowing | null = null;
  let began = 0;
  for (const { index, seconds } of times) {
    if (window.count() >= FEWEST) {
      const usual = window.median();
      const excess = Math.min(MOST, Math.log(seconds / usual)) - ALLOWANCE;
      if (sum <= 0) began = index;
      sum = Math.max(0, sum + excess);
      if (sum > THRESHOLD) {
        last = { index: began, before: last && usual > last.before * STILL ? last.before : usual };
        sum = 0;
        // The times before the change no longer say what is usual.
        window.clear();
      }
    }
    window.push(seconds);
  }
  return last;
}

function fault(view: View, { index, before }: Slowing, now: number): Fault {
  const at = placeOf(view.steps, index);
  return {
    id: 'B12',
    name: throughput.name,
    severity: 'warning',
    at,
    text: `Steps take ${figure(now)} s instead of ${figure(before)} s since ${placeWords(at, index)}: ${percent(now / before - 1)} longer.`,
    remedies: ['check-io', 'check-loader', 'cooling'],
    confidence: CONFIDENCE,
  };
}
