import type { Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const FILE = new RegExp(`^s:(\\d+) (tel|eval|trl):(${NUM})(?: lr:(${NUM}))?(?: norm:(${NUM}))?$`);
const STEP = new RegExp(`^step\\s+(\\d+)/(\\d+) \\| (?:train )?loss (${NUM}) \\([^)]*\\)\\s*\\| norm (${NUM}) \\([^)]*\\)\\s*\\| lr (${NUM}) \\| (${NUM}) ms(?:.*?\\| (${NUM}) tok/s)?`);
const VAL = new RegExp(`^val loss (${NUM})$`);
const SETTING = /^\| ([a-zA-Z_ ]+?)\s*\| ([^|]+?)\s*\|$/;

/**
 * llm.c: `main.log`, with steps from 0 (`tel` validation, `trl` one training batch, `eval` HellaSwag accuracy), and its standard
 * output, with steps from 1. A `val loss` line there has no step: it belongs to the step printed last (formats reference 2.9).
 */
export const llmc = consoleFormat({ id: 'llmc', title: 'llm.c main.log and standard output', open: openLlmc });

export function openLlmc(saved?: unknown): Dialect {
  const before = saved as { step: number; inTable: boolean } | null | undefined;
  let step = before?.step ?? 0;
  let inTable = before?.inTable ?? false;
  return {
    line({ text, time }, sink) {
      if (readFileLine(text, sink)) return true;
      const train = STEP.exec(text);
      if (train) {
        step = Number(train[1]);
        sink.fact('planSteps', Number(train[2]));
        const axes = { step, time };
        put(sink, 'loss', { split: 'train', meaning: 'batch' }, axes, toNumber(train[3]));
        put(sink, 'norm', { metric: 'grad_norm' }, axes, toNumber(train[4]));
        put(sink, 'lr', {}, axes, toNumber(train[5]));
        put(sink, 'time', { unit: 'ms' }, axes, toNumber(train[6]));
        if (train[7] !== undefined) put(sink, 'tok/s', {}, axes, toNumber(train[7]));
        return true;
      }
      const val = VAL.exec(text);
      if (val) {
        put(sink, 'val loss', { split: 'val', meaning: 'evaluation' }, { step, time }, toNumber(val[1]));
        return true;
      }
      const setting = text.length < 300 ? SETTING.exec(text) : null;
      if (setting?.[1] === 'Parameter') return (inTable = true);
      if (setting && inTable) sink.config((setting[1] as string).replaceAll(' ', '_'), valueOf(setting[2] as string));
      return setting !== null && inTable;
    },
    save: () => ({ step, inTable })
  };
}

function readFileLine(text: string, sink: Sink): boolean {
  const found = FILE.exec(text);
  if (!found) return false;
  const [, step, name = '', value, lr, norm] = found;
  const axes = { step: Number(step) };
  if (name === 'tel') put(sink, name, { split: 'val', metric: 'loss', meaning: 'evaluation' }, axes, toNumber(value));
  else if (name === 'eval') put(sink, name, { split: 'val', metric: 'accuracy', meaning: 'evaluation' }, axes, toNumber(value));
  else put(sink, name, { split: 'train', metric: 'loss', meaning: 'batch' }, axes, toNumber(value));
  if (lr !== undefined) put(sink, 'lr', {}, axes, toNumber(lr));
  if (norm !== undefined) put(sink, 'norm', { metric: 'grad_norm' }, axes, toNumber(norm));
  return true;
}

function valueOf(text: string): string | number {
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : text.slice(0, 4096);
}
