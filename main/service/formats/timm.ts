import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * timm's `summary.csv`: `epoch` (0-based), `train_*`, `eval_*`, `lr`. The columns of a row come from that epoch alone, so an
 * epoch without evaluation writes a shorter row below the same header (formats reference 2.4). `train_loss` is the epoch's mean.
 */
export const timm = csvFormat({
  id: 'timm',
  title: 'timm summary.csv',
  detect({ names }, probe) {
    if (names[0] !== 'epoch' || !names.includes('train_loss') || probe.name.endsWith('.jsonl')) return false;
    return names.some((name) => name.startsWith('eval_')) || (probe.name === 'summary.csv' && names.includes('lr'));
  },
  fields: (names) => names.map(field),
  shortRow(names, cells) {
    const kept = names.flatMap((name, at) => (name.startsWith('eval_') ? [] : [at]));
    return kept.length === cells ? kept : null;
  }
});

function field(name: string): Field {
  if (name === 'epoch') return { role: 'epoch', name };
  if (name.startsWith('train_')) return { role: 'metric', name, hints: { split: 'train', meaning: 'epoch-mean', axis: 'epoch' } };
  if (name.startsWith('eval_')) return { role: 'metric', name, hints: { split: 'val', axis: 'epoch' } };
  return { role: 'metric', name, hints: { axis: 'epoch' } };
}
