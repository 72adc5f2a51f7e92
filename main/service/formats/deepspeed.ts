import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * DeepSpeed's CSV monitor: one file for each tag, `Train_Samples_train_loss.csv`, with the header `step,<last part of the tag>`.
 * The header repeats when the process starts again; `step` counts samples for the tags under `Train/Samples` (formats reference 2.19).
 */
export const deepspeed = csvFormat({
  id: 'deepspeed',
  title: 'DeepSpeed CSV monitor',
  detect({ names }, probe) {
    const [step, tag] = names;
    return names.length === 2 && step === 'step' && tag !== undefined && tag !== '' && probe.name.endsWith(`_${tag.replace(/[ /]/g, '_')}.csv`);
  },
  fields: (names, file) => names.map((name, at) => field(name, at, file.name))
});

function field(name: string, at: number, file: string): Field {
  if (at === 0) return { role: 'step', name };
  return name === 'train_loss' && file.startsWith('Train_') ? { role: 'metric', name, hints: { split: 'train', meaning: 'batch' } } : { role: 'metric', name };
}
