import type { Field } from './axes.ts';
import { csvFormat } from './csv.ts';
import { jsonLinesFormat } from './json-lines.ts';

const STEP = 'time/total_timesteps';

/**
 * Stable-Baselines3's logger: `progress.csv` (a new key rewrites the file with a column more) and `progress.json` (JSON lines).
 * The step is `time/total_timesteps` (formats reference 2.19).
 */
export const sb3Csv = csvFormat({
  id: 'sb3-csv',
  title: 'Stable-Baselines3 progress.csv',
  detect: ({ names }) => names.includes(STEP) || (names.includes('time/iterations') && names.some((name) => name.startsWith('rollout/'))),
  fields: (names) => names.map(field)
});

export const sb3Json = jsonLinesFormat({
  id: 'sb3-json',
  title: 'Stable-Baselines3 progress.json',
  detect: ({ numeric }) => numeric.has(STEP),
  fields: (keys) => keys.map(field)
});

function field(name: string): Field {
  if (name === STEP) return { role: 'step', name };
  if (name === 'time/time_elapsed') return { role: 'metric', name, hints: { unit: 's' } };
  return { role: 'metric', name };
}
