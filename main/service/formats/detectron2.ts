import type { Field } from './axes.ts';
import type { SeriesHints } from './format.ts';
import { jsonLinesFormat } from './json-lines.ts';

/**
 * Detectron2's `metrics.json`: JSON lines despite its name, `iteration` the step, losses medians over 20 iterations. A resumed run
 * appends to the same file, so that the iteration may go back (formats reference 2.7).
 */
export const detectron2 = jsonLinesFormat({
  id: 'detectron2',
  title: 'Detectron2 metrics.json',
  detect: ({ numeric }, probe) => numeric.has('iteration') && (/^metrics\.jsonl?$/.test(probe.name) || numeric.has('total_loss')),
  fields: (keys) => keys.map(field)
});

function field(name: string): Field {
  if (name === 'iteration') return { role: 'step', name };
  const hints = hintsOf(name);
  return hints === null ? { role: 'metric', name } : { role: 'metric', name, hints };
}

function hintsOf(name: string): SeriesHints | null {
  if (/^(bbox|segm|keypoints|sem_seg|panoptic_seg|box_proposals)\b.*\//.test(name)) return { split: 'val' };
  if (/^(total_loss|loss_\w+)$/.test(name)) return { split: 'train', meaning: 'window-mean' };
  if (/^(time|data_time|eta_seconds|rank_data_time)$/.test(name)) return { unit: 's' };
  return null;
}
