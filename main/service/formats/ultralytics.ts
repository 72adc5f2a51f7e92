import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * `results.csv` of Ultralytics (epoch from 1, values with 6 digits) and of YOLOv5 (epoch from 0, cells padded with blanks).
 * `metrics/*` are measured on validation data; `train/*` is the running mean of the epoch (formats reference 2.5).
 */
export const ultralytics = csvFormat({
  id: 'ultralytics',
  title: 'Ultralytics and YOLOv5 results.csv',
  detect({ names }, probe) {
    if (names[0] !== 'epoch' || !probe.name.endsWith('.csv')) return false;
    return names.some((name) => /^metrics\//.test(name)) || (probe.name === 'results.csv' && names.some((name) => /^(train|val)\/\w*loss$/.test(name)));
  },
  fields: (names) => names.map(field)
});

function field(name: string): Field {
  if (name === 'epoch') return { role: 'epoch', name };
  if (name === 'time') return { role: 'metric', name, hints: { unit: 's', axis: 'epoch' } };
  if (name.startsWith('metrics/') || name.startsWith('val/')) return { role: 'metric', name, hints: { split: 'val', axis: 'epoch' } };
  if (name.startsWith('train/')) return { role: 'metric', name, hints: { split: 'train', meaning: 'epoch-mean', axis: 'epoch' } };
  return { role: 'metric', name, hints: { axis: 'epoch' } };
}
