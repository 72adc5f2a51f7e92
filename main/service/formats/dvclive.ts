import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';

/**
 * DVCLive: `plots/metrics/<name>.tsv`, one file for each metric, its name being the path (`train/loss.tsv`); the header is
 * `[timestamp] step <last part of the name>`, the timestamp in milliseconds (formats reference 3.6).
 */
export const dvclive = csvFormat({
  id: 'dvclive',
  title: 'DVCLive metrics (TSV)',
  detect({ names }, probe) {
    const leaf = probe.name.replace(/\.tsv$/, '');
    return probe.name.endsWith('.tsv') && names.at(-1) === leaf && names.at(-2) === 'step' && names.length <= 3;
  },
  fields: (names, file) => names.map((name, at) => field(name, at === names.length - 1, file.path))
});

function field(name: string, last: boolean, path: string): Field {
  if (!last) return name === 'step' ? { role: 'step', name } : { role: name === 'timestamp' ? 'time' : 'skip', name };
  const below = /(?:^|\/)plots\/metrics\/(.+)\.tsv$/.exec(path)?.[1];
  return { role: 'metric', name: below ?? name };
}
