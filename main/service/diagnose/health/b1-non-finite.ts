/**
 * B1: a loss or gradient norm that is NaN or infinite (reference section B; DeepLocalize, TerminateOnNaN). Hugging Face Trainer replaces
 * such step losses by default (logging_nan_inf_filter): there a logged loss of exactly 0.0 after a real one says the same.
 */
import type { Fault } from '../diagnosis.ts';
import type { SeriesInput } from '../input.ts';
import { figure } from '../words.ts';
import type { View } from '../view.ts';
import { placeOf, placeWords, rateWords } from './place.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.99;
/** A loss near zero may be rounded to 0.0 (4 decimals); one that was this large may not. */
const REAL_LOSS = 0.01;
/** Loss scaling of float16 skips an update whose gradient overflows: fewer in a row than this are no fault while the loss is finite. */
const OVERFLOWS = 3;

export const nonFinite: HealthRule = {
  id: 'B1',
  name: 'non-finite',
  needs: 'a loss',
  check(view) {
    const watched = view.run.series.filter(({ metric }) => /^(loss(\..+)?|grad_norm)$/.test(metric));
    if (watched.length === 0) return { notChecked: 'no loss is logged' };
    const hits = watched.map((series) => firstHit(series, view)).filter((hit) => hit !== null);
    const [first] = hits.sort((a, b) => Number(b.critical) - Number(a.critical) || position(a) - position(b));
    return { faults: first ? [fault(first, view)] : [] };
  },
};

interface Hit {
  series: SeriesInput;
  index: number;
  /** Points that are not finite from there on. */
  count: number;
  hidden: boolean;
  critical: boolean;
}

function position({ series, index }: Hit): number {
  const step = series.step[index] as number;
  return Number.isFinite(step) ? step : index;
}

function firstHit(series: SeriesInput, view: View): Hit | null {
  const hides = view.run.formats.some((format) => format.startsWith('hf-trainer')) && series.split === 'train' && series.metric === 'loss';
  let hit: Hit | null = null;
  let inRow = 0;
  let longest = 0;
  let last = NaN;
  for (let i = 0; i < series.value.length; i += 1) {
    const value = series.value[i] as number;
    const hidden = hides && value === 0 && last > REAL_LOSS;
    if (Number.isFinite(value) && !hidden && !(hit?.hidden && value === 0)) {
      last = value;
      inRow = 0;
      continue;
    }
    hit ??= { series, index: i, count: 0, hidden: Number.isFinite(value), critical: true };
    hit.count += 1;
    inRow += 1;
    longest = Math.max(longest, inRow);
  }
  if (hit && series.metric === 'grad_norm') hit.critical = longest >= OVERFLOWS;
  return hit;
}

function fault({ series, index, count, hidden, critical }: Hit, view: View): Fault {
  const at = placeOf(series, index);
  const value = series.value[index] as number;
  const before = series.value.subarray(0, index).findLast((x) => Number.isFinite(x));
  const rate = rateAt(view, at.step);
  const kind = hidden || Number.isNaN(value) ? 'NaN' : 'infinite';
  const where = `${placeWords(at, index)}${rateWords(rate)}`;
  const lead = hidden ? `${subject(series)} is exactly 0 at ${where}: the trainer writes that in place of NaN` : `${subject(series)} is ${kind} at ${where}`;
  const finite = before === undefined ? 'it never was finite' : `the last finite value was ${figure(before)}`;
  const more = count > 1 ? ` In all, ${count} values are NaN or infinite.` : '';
  const scaling = critical ? '' : ' With float16 loss scaling single overflows are expected; the loss itself is finite.';
  return {
    id: 'B1',
    name: `${series.metric === 'grad_norm' ? 'gradient' : 'loss'} is ${kind}`,
    severity: critical ? 'critical' : 'info',
    at,
    text: `${lead}; ${finite}.${more}${scaling}`,
    remedies: ['lower-lr', 'clip-gradients', 'use-bf16', 'inspect-batch'],
    confidence: CONFIDENCE,
  };
}

/** What begins the sentence: a name as logged would do so in small letters, or mean nothing to the reader. */
function subject({ metric, name, split }: SeriesInput): string {
  if (metric === 'grad_norm') return 'The gradient norm';
  if (metric !== 'loss') return `The loss ${name}`;
  return split === 'train' ? 'Train loss' : split === 'val' ? 'Validation loss' : split === 'test' ? 'Test loss' : 'The loss';
}

/** Learning rate in force at a step, undefined if it is not logged. */
function rateAt(view: View, step: number | undefined): number | undefined {
  if (!view.lr || step === undefined) return undefined;
  const after = view.lr.step.findIndex((x) => x > step);
  return view.lr.value[after < 0 ? view.lr.value.length - 1 : Math.max(0, after - 1)];
}
