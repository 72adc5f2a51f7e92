/**
 * B8: the learning rate is too high (reference section B): in the first 10 % of the run the smoothed train loss rises more than 10 %
 * above its start for 20 steps; or validation oscillated (B10) and stopped doing so when the learning rate fell to half or less.
 */
import type { Fault } from '../diagnosis.ts';
import { figure, percent, times } from '../words.ts';
import type { View } from '../view.ts';
import { swingAt } from './b10-oscillation.ts';
import { placeOf, placeOfEval, placeWords, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { exponentialMean, startLevel } from './trail.ts';

const CONFIDENCE = 0.6;
const FIRST_SHARE = 0.1;
/** Without a plan the first so many steps count as the beginning. */
const FIRST_STEPS = 500;
const SMOOTHING = 0.9;
const RISE = 1.1;
const FOR_STEPS = 20;
const FEWEST_POINTS = 10;
const WINDOW = 10;
const RATE_DROP = 0.5;
/** From here on one says how many times, not by how many per cent. */
const MANY = 3;

export const rateTooHigh: HealthRule = {
  id: 'B8',
  name: 'learning rate too high',
  needs: 'train loss of single steps',
  check(view) {
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    const early = earlyRise(view);
    if (early) return { faults: [early] };
    const calmed = calmedByRate(view);
    if (calmed) return { faults: [calmed] };
    return view.steps.value.length < FEWEST_POINTS ? { notChecked: 'too few train losses yet' } : { faults: [] };
  },
};

function earlyRise(view: View): Fault | null {
  const { steps } = view;
  const start = startLevel(view);
  const smooth = exponentialMean(steps.value, SMOOTHING);
  const end = firstPart(view);
  let since = -1;
  for (let i = FEWEST_POINTS; i < end; i += 1) {
    if (!((smooth[i] as number) > RISE * start)) {
      since = -1;
      continue;
    }
    if (since < 0) since = i;
    const lasted = (steps.step[i] as number) - (steps.step[since] as number);
    if ((Number.isFinite(lasted) ? lasted : i - since) < FOR_STEPS) continue;
    const at = placeOf(steps, i);
    const ratio = (smooth[i] as number) / start;
    const rise = ratio > MANY ? `to ${times(ratio)} its start` : `${percent(ratio - 1)} above its start`;
    const text = `Train loss rose ${rise} (${figure(start)}) by ${placeWords(at, i)}${rateWords(steps.lr[i])}.`;
    return made(at, text);
  }
  return null;
}

/** Number of train points that count as the beginning. */
function firstPart({ steps, plan, stepsPerEval }: View): number {
  const total = plan.steps ?? (plan.evals !== null && stepsPerEval !== null ? plan.evals * stepsPerEval : null);
  const until = total === null ? FIRST_STEPS : Math.max(FIRST_SHARE * total, FOR_STEPS * 2);
  const after = steps.step.findIndex((step) => step > until);
  return after < 0 ? steps.step.length : after;
}

function calmedByRate(view: View): Fault | null {
  const { evals } = view;
  const start = view.initialVal ?? (evals.val[0] as number);
  for (let i = WINDOW; i + WINDOW <= evals.count; i += 1) {
    const before = evals.lr[i - 1] as number;
    const after = evals.lr[i] as number;
    if (!(after <= RATE_DROP * before)) continue;
    if (!swingAt(evals.val, i, start) || swingAt(evals.val, i + WINDOW, start)) continue;
    const rates = `from ${figure(before)} to ${figure(after)}`;
    const text = `Validation loss stopped swinging when the learning rate fell ${rates}: the higher one was too high.`;
    return made(placeOfEval(evals, i), text);
  }
  return null;
}

function made(at: Fault['at'], text: string): Fault {
  return { id: 'B8', name: rateTooHigh.name, severity: 'warning', at, text, remedies: ['lower-lr', 'warmup'], confidence: CONFIDENCE };
}
