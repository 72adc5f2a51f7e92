/**
 * B17: the order of the log is odd (reference section B): the step goes back (taken as a resume), steps repeat, or evals lie outside the
 * steps that were trained.
 */
import type { Fault } from '../diagnosis.ts';
import type { SeriesInput } from '../input.ts';
import type { View } from '../view.ts';
import { stepFigure } from '../words.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;
/** More repeated steps than this share of a series are a habit of the writer, fewer an accident. */
const MOST_REPEATS = 0.5;
const FEWEST_REPEATS = 3;
/** Evals may lie this share of the trained range beyond its end. */
const BEYOND = 0.1;

export const logIntegrity: HealthRule = {
  id: 'B17',
  name: 'order of the log',
  needs: 'steps in the log',
  check(view) {
    const losses = view.run.series.filter(({ metric, step }) => metric === 'loss' && step.some((x) => Number.isFinite(x)));
    if (losses.length === 0) return { notChecked: 'no steps are logged' };
    const found = losses.map(wentBack).find((text) => text !== null) ?? losses.map(repeated).find((text) => text !== null) ?? outside(view);
    return { faults: found ? [found] : [] };
  },
};

function wentBack({ name, step }: SeriesInput): Fault | null {
  let last = NaN;
  let first: Fault['at'] | null = null;
  let text = '';
  let times = 0;
  for (const here of step) {
    if (here < last) {
      times += 1;
      first ??= { step: here };
      text ||= `In ${name} the step went from ${stepFigure(last)} to ${stepFigure(here)}: treated as a resume.`;
    }
    if (Number.isFinite(here)) last = here;
  }
  return first ? made(first, times > 1 ? `${text} It went back ${times} times in all.` : text) : null;
}

function repeated({ name, step }: SeriesInput): Fault | null {
  let repeats = 0;
  let first = NaN;
  for (let i = 1; i < step.length; i += 1) {
    if (step[i] !== step[i - 1]) continue;
    repeats += 1;
    if (Number.isNaN(first)) first = step[i] as number;
  }
  if (repeats < FEWEST_REPEATS || repeats > MOST_REPEATS * step.length) return null;
  const text = `In ${name} ${repeats} points stand at a step that it already has, first at step ${stepFigure(first)}: two writers or a repeated call.`;
  return made({ step: first }, text);
}

function outside({ axis, evals, steps }: View): Fault | null {
  const end = steps.step.findLast((x) => Number.isFinite(x));
  const last = evals.step.at(-1);
  const interval = evals.count > 1 ? (last as number) - (evals.step[evals.count - 2] as number) : 0;
  if (axis !== 'step' || end === undefined || last === undefined || !(last > end * (1 + BEYOND) + 2 * interval)) return null;
  const text = `Validation is logged up to step ${stepFigure(last)} but training only up to step ${stepFigure(end)}: the two may count different steps.`;
  return made({ step: last }, text);
}

function made(at: Fault['at'], text: string): Fault {
  return { id: 'B17', name: logIntegrity.name, severity: 'info', at, text, remedies: ['check-resume'], confidence: CONFIDENCE };
}
