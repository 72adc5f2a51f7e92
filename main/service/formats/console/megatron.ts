import type { SeriesHints, Sink, Split } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Axes, type Dialect } from './dialect.ts';

const ITERATION = /^iteration\s+(\d+)\/\s*(\d+) \|(.*)$/;
const VALIDATION = /^validation loss at (?:iteration\s+(\d+)|the end of training)(?: on (validation|test) set)?\s*\|(.*)$/;
const VALUE = new RegExp(`^${NUM}$`);
const ARGUMENT = /^([a-z][a-z0-9_]+) \.{3,} (.+)$/;
const UNITS: Record<string, string> = { 'elapsed time per iteration (ms)': 'ms', 'throughput per GPU (TFLOP/s/GPU)': 'TFLOP/s' };

/**
 * Megatron-LM, standard output of the last rank (formats reference 2.10). `lm loss` is the mean over the logging interval. A mean
 * that is NaN is left out of its line; the count of NaN iterations tells, and the point is kept as NaN.
 */
export const megatron = consoleFormat({ id: 'megatron', title: 'Megatron-LM console', open: openMegatron });

export function openMegatron(saved?: unknown): Dialect {
  // Losses that the lines have carried so far, and the last step: an end-of-training validation has none of its own.
  const state = { losses: new Set<string>(), step: NaN };
  const before = saved as { losses?: string[]; step?: number } | null | undefined;
  for (const name of before?.losses ?? []) state.losses.add(name);
  if (typeof before?.step === 'number') state.step = before.step;
  return {
    line({ text, time }, sink) {
      const iteration = ITERATION.exec(text);
      if (iteration) {
        state.step = Number(iteration[1]);
        sink.fact('planSteps', Number(iteration[2]));
        readIteration(iteration[3] as string, { step: state.step, time }, state.losses, sink);
        return true;
      }
      const validation = VALIDATION.exec(text);
      if (validation) {
        const step = validation[1] === undefined ? state.step : Number(validation[1]);
        readValidation(validation[3] as string, validation[2] === 'test' ? 'test' : 'val', { step, time }, sink);
        return true;
      }
      const argument = ARGUMENT.exec(text);
      if (argument) sink.config(argument[1] as string, valueOf(argument[2] as string));
      return argument !== null;
    },
    save: () => ({ losses: [...state.losses].slice(0, 32), step: Number.isNaN(state.step) ? null : state.step })
  };
}

function readIteration(rest: string, axes: Axes, losses: Set<string>, sink: Sink): void {
  const found = new Set<string>();
  let nan = 0;
  for (const [name, value] of pairsOf(rest)) {
    found.add(name);
    if (/ loss$/.test(name)) losses.add(name);
    if (name === 'number of nan iterations') nan = value;
    put(sink, name, hintsOf(name), axes, value);
  }
  if (nan > 0) for (const name of losses) if (!found.has(name)) put(sink, name, hintsOf(name), axes, NaN);
}

/** The parts between the bars, each a name, a colon and a number. */
function pairsOf(text: string): [string, number][] {
  return text.split('|').flatMap((part): [string, number][] => {
    const colon = part.lastIndexOf(':');
    const value = part.slice(colon + 1).trim();
    return colon > 0 && VALUE.test(value) ? [[part.slice(0, colon).trim(), toNumber(value)]] : [];
  });
}

function hintsOf(name: string): SeriesHints {
  if (/ loss$/.test(name)) return { split: 'train', meaning: 'window-mean' };
  const unit = UNITS[name];
  return unit === undefined ? {} : { unit };
}

/** `lm loss value` and `lm loss PPL` are named as in Megatron's event files, so that both become one series. */
function readValidation(rest: string, split: Split, axes: Axes, sink: Sink): void {
  const word = split === 'test' ? 'test' : 'validation';
  for (const [name, value] of pairsOf(rest)) {
    const loss = / value$/.test(name);
    const plain = name.replace(/ (value|PPL)$/, '');
    put(sink, loss ? `${plain} ${word}` : `${plain} ${word} ppl`, { split, ...(loss ? {} : { metric: 'ppl' }) }, axes, value);
  }
}

function valueOf(text: string): string | number | boolean | null {
  if (text === 'True' || text === 'False') return text === 'True';
  if (text === 'None') return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text.slice(0, 4096);
}
