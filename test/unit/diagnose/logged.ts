/** Runs written down by hand, as a reader of logs would hand them on. */
import type { ConfigValue, RunInput, SeriesInput } from '../../../main/service/diagnose/input.ts';

type Numbers = readonly number[];

/** A series at steps 1, 2, ... times `every` unless steps are given. */
export function series(
  name: string,
  metric: string,
  split: SeriesInput['split'],
  values: Numbers,
  extra: Partial<SeriesInput> & { every?: number; steps?: Numbers } = {},
): SeriesInput {
  const { every = 1, steps = values.map((_, i) => (i + 1) * every), ...rest } = extra;
  return {
    name,
    metric,
    split,
    meaning: null,
    probe: false,
    step: Float64Array.from(steps),
    epoch: new Float64Array(values.length).fill(NaN),
    time: new Float64Array(values.length).fill(NaN),
    value: Float64Array.from(values),
    ...rest,
  };
}

export function runOf(list: SeriesInput[], config: Record<string, ConfigValue> = {}, extra: Partial<RunInput> = {}): RunInput {
  return {
    formats: ['jsonl'],
    series: list,
    config: new Map(Object.entries(config)),
    state: 'finished',
    planSteps: null,
    planEpochs: null,
    now: null,
    lastByteAt: null,
    ...extra,
  };
}

/** A run with one train mean and one validation loss an epoch. */
export function epochRun(train: Numbers, val: Numbers, config: Record<string, ConfigValue> = {}, more: SeriesInput[] = []): RunInput {
  return runOf(
    [
      series('train_loss', 'loss', 'train', train, { every: 10, meaning: 'epoch-mean' }),
      series('val_loss', 'loss', 'val', val, { every: 10 }),
      ...more,
    ],
    config,
  );
}

/** Repeatable pseudo-random numbers in 0..1. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Standard normal numbers. */
export function normal(seed: number): () => number {
  const roll = dice(seed);
  return () => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
}

export const numbers = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i));
