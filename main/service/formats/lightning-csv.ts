import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';
import type { Meaning } from './format.ts';

/**
 * Lightning's CSVLogger: `metrics.csv` with sparse rows, columns sorted by name, `step` counted in optimizer steps from 0.
 * A column that appears later makes the writer rewrite the whole file in place (formats reference 2.1).
 */
export const lightningCsv = csvFormat({
  id: 'lightning-csv',
  title: 'Lightning CSVLogger (metrics.csv)',
  detect({ names }, probe) {
    if (probe.name !== 'metrics.csv' || !names.includes('step')) return false;
    return names.includes('epoch') || names.some((name) => /_(step|epoch)$/.test(name)) || probe.siblings.has('hparams.yaml');
  },
  fields: (names) => names.map(field)
});

function field(name: string): Field {
  if (name === 'step') return { role: 'step', name };
  if (name === 'epoch') return { role: 'epoch', name };
  const meaning = meaningOf(name);
  return meaning === null ? { role: 'metric', name } : { role: 'metric', name, hints: { meaning } };
}

/** `_step` and `_epoch` are appended by Lightning when a metric is logged both ways; a bare name may be either. */
function meaningOf(name: string): Meaning | null {
  const base = name.replace(/\/dataloader_idx_\d+$/, '');
  if (/[a-z]_step$/i.test(base)) return 'batch';
  return /[a-z]_epoch$/i.test(base) ? 'epoch-mean' : null;
}
