import { addPythonConfig } from '../config-files.ts';
import type { Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';
import type { ConsoleLine } from './lines.ts';

const EVAL = new RegExp(`^step (\\d+): train loss (${NUM}), val loss (${NUM})`);
const ITER = new RegExp(`^iter (\\d+): loss (${NUM})(?:, time (${NUM})ms)?(?:, mfu (${NUM})%)?`);
const CHAT = new RegExp(`^step (\\d+)/(\\d+) \\([\\d.]+%\\) \\| loss: (${NUM})(.*)$`);
const CHAT_PAIR = new RegExp(`\\| ([a-zA-Z/_ ]+): (${NUM})`, 'g');
const CHAT_VAL = new RegExp(`^Step (\\d+) \\| Validation (bpb|loss): (${NUM})`, 'i');
const MODDED = new RegExp(`^step:(\\d+)/(\\d+) (?:(train_loss|val_loss):(${NUM}) )?(?:.*?)train_time:(${NUM})ms(?: step_avg:(${NUM})ms)?`);

/**
 * nanoGPT and its relatives nanochat and modded-nanogpt: standard output redirected to a file (formats reference 2.9).
 * The losses of a `step N:` line are both measured in evaluation mode over random batches; `iter N: loss` is one batch.
 */
export const nanogpt = consoleFormat({ id: 'nanogpt', title: 'nanoGPT console (also nanochat, modded-nanogpt)', open: openNanogpt });

export function openNanogpt(saved?: unknown): Dialect {
  // nanoGPT prints the configuration file that it runs, line by line.
  let listing = saved === true;
  return {
    line(line, sink) {
      if (readLoss(line, sink)) {
        listing = false;
        return true;
      }
      if (/^Overriding config with /.test(line.text)) return (listing = true);
      const single = /^Overriding: (\w+ = .+)$/.exec(line.text)?.[1];
      if (single !== undefined) return takeSetting(single, sink);
      if (listing) listing = takeSetting(line.text, sink);
      return listing;
    },
    save: () => listing
  };
}

function takeSetting(text: string, sink: Sink): boolean {
  if (text.startsWith('#')) return true;
  if (!/^[A-Za-z_]\w*\s*=/.test(text)) return false;
  addPythonConfig(text, sink);
  const planned = /^max_iters\s*=\s*(\d+)\b/.exec(text)?.[1];
  if (planned !== undefined) sink.fact('planSteps', Number(planned));
  return true;
}

function readLoss({ text, time }: ConsoleLine, sink: Sink): boolean {
  const first = text.charCodeAt(0);
  if (first !== 0x69 && first !== 0x73 && first !== 0x53) return false;
  const iter = ITER.exec(text);
  if (iter) {
    const axes = { step: Number(iter[1]), time };
    put(sink, 'loss', { split: 'train', meaning: 'batch' }, axes, toNumber(iter[2]));
    if (iter[3] !== undefined) put(sink, 'time', { unit: 'ms' }, axes, toNumber(iter[3]));
    if (iter[4] !== undefined) put(sink, 'mfu', { unit: '%' }, axes, toNumber(iter[4]));
    return true;
  }
  const evaluation = EVAL.exec(text);
  if (evaluation) {
    const axes = { step: Number(evaluation[1]), time };
    put(sink, 'train loss', { split: 'train', meaning: 'evaluation' }, axes, toNumber(evaluation[2]));
    put(sink, 'val loss', { split: 'val', meaning: 'evaluation' }, axes, toNumber(evaluation[3]));
    return true;
  }
  return readRelatives(text, time, sink);
}

function readRelatives(text: string, time: number, sink: Sink): boolean {
  const chat = CHAT.exec(text);
  if (chat) {
    const axes = { step: Number(chat[1]), time };
    sink.fact('planSteps', Number(chat[2]));
    put(sink, 'loss', { split: 'train', meaning: 'smoothed' }, axes, toNumber(chat[3]));
    for (const [, name = '', value] of (chat[4] ?? '').matchAll(CHAT_PAIR)) put(sink, name.trim(), {}, axes, toNumber(value));
    return true;
  }
  const validation = CHAT_VAL.exec(text);
  if (validation) {
    const name = `Validation ${validation[2] as string}`;
    put(sink, name, { split: 'val' }, { step: Number(validation[1]), time }, toNumber(validation[3]));
    return true;
  }
  const modded = MODDED.exec(text);
  if (!modded) return false;
  const axes = { step: Number(modded[1]), time };
  sink.fact('planSteps', Number(modded[2]));
  if (modded[3] !== undefined) put(sink, modded[3], { split: modded[3] === 'val_loss' ? 'val' : 'train' }, axes, toNumber(modded[4]));
  put(sink, 'train_time', { unit: 'ms' }, axes, toNumber(modded[5]));
  if (modded[6] !== undefined) put(sink, 'step_avg', { unit: 'ms' }, axes, toNumber(modded[6]));
  return true;
}
