/** Runs made of plain arrays, for rules that need one exact shape. */
import { buildView } from '../../../../main/service/diagnose/build-view.ts';
import type { Fault } from '../../../../main/service/diagnose/diagnosis.ts';
import { healthRules } from '../../../../main/service/diagnose/health/index.ts';
import type { ConfigValue, RunInput, SeriesInput } from '../../../../main/service/diagnose/input.ts';
import { remedy } from '../../../../main/service/diagnose/remedies.ts';
import type { View } from '../../../../main/service/diagnose/view.ts';

export interface Made {
  /** One value per step, from step 1 on. */
  train?: number[];
  /** One value per eval; eval i stands at step (i + 1) * every. */
  val?: number[];
  every?: number;
  lr?: (step: number) => number;
  gradNorm?: number[];
  /** Time of a step in seconds; left out: no times are logged. */
  time?: (step: number) => number;
  config?: Record<string, ConfigValue>;
  run?: Partial<RunInput>;
}

export function made({ train = [], val = [], every = 10, lr, gradNorm, time, config = {}, run = {} }: Made): View {
  const epochAt = (step: number): number => step / every;
  const column = (name: string, metric: string, split: SeriesInput['split'], steps: number[], value: number[]): SeriesInput => ({
    name,
    metric,
    split,
    meaning: null,
    probe: false,
    step: Float64Array.from(steps),
    epoch: Float64Array.from(steps, epochAt),
    time: Float64Array.from(steps, (step) => time?.(step) ?? NaN),
    value: Float64Array.from(value),
  });
  const steps = train.map((_, i) => i + 1);
  const evals = val.map((_, i) => (i + 1) * every);
  const series = [column('train_loss', 'loss', 'train', steps, train)];
  if (val.length > 0) series.push(column('val_loss', 'loss', 'val', evals, val));
  if (lr) series.push(column('lr', 'lr', null, steps, steps.map(lr)));
  if (gradNorm) series.push(column('grad_norm', 'grad_norm', null, gradNorm.map((_, i) => i + 1), gradNorm));
  return buildView({
    formats: ['jsonl'],
    series: series.filter((one) => one.value.length > 0),
    config: new Map(Object.entries(config)),
    state: 'running',
    planSteps: null,
    planEpochs: null,
    now: null,
    lastByteAt: null,
    ...run,
  });
}

/** The rule's finding, null if it found nothing. Throws if it could not check: a test that wants that uses `why`. */
export function finding(id: string, view: View): Fault | null {
  const result = ruleOf(id).check(view);
  if ('notChecked' in result) throw new Error(`${id} was not checked: ${result.notChecked}`);
  for (const fault of result.faults) {
    const unknown = fault.remedies.filter((one) => remedy(one) === null);
    if (unknown.length > 0) throw new Error(`${id} names remedies that do not exist: ${unknown.join(', ')}`);
    if (fault.id !== id || /NaN %|NaN s|undefined|null/.test(fault.text)) throw new Error(`${id} says: ${fault.text}`);
  }
  return result.faults[0] ?? null;
}

/** Why a rule could not check, null if it could. */
export function why(id: string, view: View): string | null {
  const result = ruleOf(id).check(view);
  return 'notChecked' in result ? result.notChecked : null;
}

function ruleOf(id: string): (typeof healthRules)[number] {
  const rule = healthRules.find((one) => one.id === id);
  if (!rule) throw new Error(`no rule ${id}`);
  return rule;
}

/** n values of a function of the index. */
export function curve(n: number, of: (i: number) => number): number[] {
  return Array.from({ length: n }, (_, i) => of(i));
}

/** Repeatable noise with mean 0 and standard deviation about 1: a sum of uniform numbers from a linear congruential generator. */
export function noise(seed = 1): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
}
