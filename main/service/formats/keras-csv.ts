import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * Keras' CSVLogger: any file name and separator, first column `epoch` (0-based), then the sorted log keys; `val_` keys are
 * validation and hold `NA` in epochs without one (formats reference 2.2). A training value is the mean over its epoch.
 * The table that pandas writes of `History.history` (a nameless first column) is read the same way.
 */
export const kerasCsv = csvFormat({
  id: 'keras-csv',
  title: 'Keras CSVLogger',
  detect({ names }, probe) {
    if (/\.(jsonl?|ya?ml|md|py)$/.test(probe.name) || names.some((name) => /^(train|valid)_/.test(name))) return false;
    if (names[0] === '') return names.includes('loss') && names.some((name) => name.startsWith('val_'));
    return names[0] === 'epoch' && names.includes('loss') && !names.includes('step');
  },
  fields: (names) => names.map(field)
});

function field(name: string, at: number): Field {
  if (at === 0) return { role: 'epoch', name };
  if (name.startsWith('val_')) return { role: 'metric', name, hints: { split: 'val', axis: 'epoch' } };
  if (name === 'lr' || name === 'learning_rate') return { role: 'metric', name, hints: { axis: 'epoch' } };
  // A callback may add the training set measured in evaluation mode: that is not a running mean.
  if (/clean|eval/.test(name)) return { role: 'metric', name, hints: { split: 'train', axis: 'epoch' } };
  return { role: 'metric', name, hints: { split: 'train', meaning: 'epoch-mean', axis: 'epoch' } };
}
