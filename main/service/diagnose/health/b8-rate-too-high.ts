/**
 * B8: the learning rate is too high (reference section B): in the first 10 % of the run the smoothed train loss rises more than 10 %
 * above its start for 20 steps; or validation oscillated (B10) and stopped doing so when the learning rate fell to half or less. Where only
 * means of epochs are logged, validation of the first evals that is worse than that of the untrained model says the same.
 */
import type { Fault } from '../diagnosis.ts';
import { figure, percent, times } from '../words.ts';
import type { View } from '../view.ts';
import { swingAt } from './b10-oscillation.ts';
import { placeOf, placeOfEval, placeWords, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';
import { exponentialMean } from './trail.ts';

const CONFIDENCE = 0.8;
const FIRST_SHARE = 0.1;
/** Without a plan the first so many steps of a running training count as the beginning, as long as it has not learned much. */
const FIRST_STEPS = 500;
const LEARNED = 0.5;
const SMOOTHING = 0.9;
const RISE = 1.1;
const FOR_STEPS = 20;
const FEWEST_POINTS = 4;
const FIRST_LOSSES = 5;
const EXPLODED = 2;
/** A log that begins later does not show the start. */
const LATEST_START = 5;
const WINDOW = 10;
const RATE_DROP = 0.5;
/** Early validation above that of the untrained model by this factor, at so many evals running. */
const WORSE_THAN_UNTRAINED = 1.2;
const FOR_EVALS = 2;
/** From here on one says how many times, not by how many per cent. */
const MANY = 3;

export const rateTooHigh: HealthRule = {
  id: 'B8',
  name: 'learning rate too high',
  needs: 'train loss of single steps',
  check(view) {
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    const found = earlyRise(view) ?? worseThanUntrained(view) ?? calmedByRate(view);
    if (found) return { faults: [found] };
    return view.steps.value.length < FEWEST_POINTS ? { notChecked: 'too few train losses yet' } : { faults: [] };
  },
};

function earlyRise(view: View): Fault | null {
  const { steps } = view;
  if (!((steps.step[0] as number) <= LATEST_START)) return null;
  const start = levelBefore(view);
  const smooth = exponentialMean(steps.value, SMOOTHING);
  const end = firstPart(view);
  let since = -1;
  let lowest = Infinity;
  for (let i = 1; i < end; i += 1) {
    const ratio = (smooth[i] as number) / start;
    lowest = Math.min(lowest, ratio);
    if (!(ratio > RISE) || (lowest < LEARNED && totalSteps(view) === null)) {
      since = -1;
      continue;
    }
    if (since < 0) since = i;
    if ((steps.step[i] as number) - (steps.step[since] as number) < FOR_STEPS || i < FEWEST_POINTS) continue;
    const at = placeOf(steps, i);
    const rise = ratio > MANY ? `to ${times(ratio)} its start` : `${percent(ratio - 1)} above its start`;
    const text = `Train loss rose ${rise} (${figure(start)}) by ${placeWords(at, i)}${rateWords(steps.lr[i])}.`;
    return made(at, text);
  }
  return null;
}

/**
 * Train loss before training: the first one, or what the untrained model scored where that is known and higher. Else the largest of the first
 * five that is no more than twice the first: one batch may be an easy one, and a rate that is far too high multiplies the loss within those five.
 */
function levelBefore(view: View): number {
  const early = Array.from(view.steps.value.subarray(0, FIRST_LOSSES)).filter((value) => Number.isFinite(value));
  const first = early[0] ?? NaN;
  const untrained = untrainedLevel(view);
  return untrained !== null ? Math.max(first, untrained) : Math.max(...early.filter((value) => value <= EXPLODED * first));
}

/** Loss of the untrained model: V0, or ln K in training from scratch; null where neither is known. */
function untrainedLevel({ initialVal, classes, fromScratch }: View): number | null {
  const level = initialVal ?? (classes !== null && fromScratch ? Math.log(classes) : null);
  return level !== null && level > 0 ? level : null;
}

/** Steps of the whole run: as planned, or as it went; null while it runs without a plan. */
function totalSteps({ steps, plan, stepsPerEval, run }: View): number | null {
  if (plan.steps !== null) return plan.steps;
  if (plan.evals !== null && stepsPerEval !== null) return plan.evals * stepsPerEval;
  return run.state === 'running' ? null : (steps.step.at(-1) ?? null);
}

/** Number of train points that count as the beginning. */
function firstPart(view: View): number {
  const total = totalSteps(view);
  const until = total === null ? FIRST_STEPS : Math.max(FIRST_SHARE * total, FOR_STEPS * 2);
  const after = view.steps.step.findIndex((step) => step > until);
  return after < 0 ? view.steps.step.length : after;
}

/** Validation after the first epochs is worse than before any training. */
function worseThanUntrained(view: View): Fault | null {
  const { evals, plan } = view;
  const untrained = untrainedLevel(view);
  if (untrained === null) return null;
  const until = Math.max(FOR_EVALS, Math.ceil(FIRST_SHARE * (plan.evals ?? 0)));
  let running = 0;
  for (let i = 0; i < Math.min(until, evals.count); i += 1) {
    const ratio = (evals.val[i] as number) / untrained;
    running = ratio > WORSE_THAN_UNTRAINED ? running + 1 : 0;
    if (running < FOR_EVALS) continue;
    const text = `Validation loss is ${times(ratio)} that of the untrained model (${figure(untrained)}) at eval ${i + 1}${rateWords(evals.lr[i])}.`;
    return made(placeOfEval(evals, i), text);
  }
  return null;
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
