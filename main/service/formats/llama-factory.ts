import type { Field } from './axes.ts';
import { jsonLinesFormat } from './json-lines.ts';

const SKIPPED = new Set(['total_steps', 'percentage', 'elapsed_time', 'remaining_time']);

/**
 * LLaMA-Factory's `trainer_log.jsonl`: one object for each log event of the Trainer below it, `current_steps` the step
 * (formats reference 2.12). `loss` is the mean since the last log line, as the Trainer makes it.
 */
export const llamaFactory = jsonLinesFormat({
  id: 'llama-factory',
  title: 'LLaMA-Factory trainer_log.jsonl',
  detect: ({ numeric }, probe) => numeric.has('current_steps') && (numeric.has('total_steps') || probe.name === 'trainer_log.jsonl'),
  fields: (keys) => keys.map(field),
  notice(record, sink) {
    if (typeof record['total_steps'] === 'number') sink.fact('planSteps', record['total_steps']);
  }
});

function field(name: string): Field {
  if (name === 'current_steps') return { role: 'step', name };
  if (name === 'epoch') return { role: 'epoch', name };
  if (SKIPPED.has(name)) return { role: 'skip', name };
  if (name === 'loss') return { role: 'metric', name, hints: { split: 'train', meaning: 'window-mean' } };
  if (name === 'eval_loss') return { role: 'metric', name, hints: { split: 'val' } };
  if (name === 'predict_loss') return { role: 'metric', name, hints: { split: 'test' } };
  return name.startsWith('vram_') ? { role: 'metric', name, hints: { unit: 'GiB' } } : { role: 'metric', name };
}
