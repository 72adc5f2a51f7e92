import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * fastai's CSVLogger, `history.csv`: `epoch,train_loss,valid_loss,<metrics>,time`. The training loss is exponentially smoothed, the
 * metrics are measured on validation data, `time` is `MM:SS` (formats reference 2.18). The header repeats where a run was appended.
 */
export const fastai = csvFormat({
  id: 'fastai',
  title: 'fastai history.csv',
  detect: ({ names }) => names[0] === 'epoch' && names.includes('train_loss') && names.includes('valid_loss') && names.at(-1) === 'time',
  fields: (names) => names.map(field)
});

function field(name: string): Field {
  if (name === 'epoch') return { role: 'epoch', name };
  if (name === 'time') return { role: 'skip', name };
  if (name === 'train_loss') return { role: 'metric', name, hints: { split: 'train', meaning: 'smoothed', axis: 'epoch' } };
  return { role: 'metric', name, hints: { split: 'val', axis: 'epoch' } };
}
