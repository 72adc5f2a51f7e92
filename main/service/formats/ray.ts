import { addConfig } from './config-values.ts';
import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';
import { jsonLinesFormat } from './json-lines.ts';

const STEP = 'training_iteration';
/** Bookkeeping of Ray that is no curve. */
const SKIPPED = new Set(['pid', 'trial_id', 'experiment_id', 'date', 'hostname', 'node_ip', 'done', 'checkpoint_dir_name', 'should_checkpoint']);

/**
 * A trial of Ray Tune: `result.json` (JSON lines, the configuration in each) and `progress.csv` with the same values. The step is
 * `training_iteration`, nested keys are joined with '/' (formats reference 2.19).
 */
export const rayResult = jsonLinesFormat({
  id: 'ray-result',
  title: 'Ray Tune result.json',
  detect: ({ numeric, keys }) => numeric.has(STEP) && (keys.has('trial_id') || keys.has('node_ip')),
  fields: (keys) => keys.map(field),
  notice(record, sink) {
    const config = record['config'];
    if (typeof config === 'object' && config !== null && !Array.isArray(config)) addConfig(sink, '', config);
  }
});

export const rayCsv = csvFormat({
  id: 'ray-csv',
  title: 'Ray Tune progress.csv',
  detect: ({ names }) => names.includes(STEP) && (names.includes('trial_id') || names.includes('node_ip')),
  fields: (names) => names.map(field)
});

function field(name: string): Field {
  if (name === STEP) return { role: 'step', name };
  if (name === 'timestamp') return { role: 'time', name };
  if (SKIPPED.has(name)) return { role: 'skip', name };
  if (name.startsWith('config/')) return { role: 'skip', name };
  return { role: 'metric', name };
}
