/** One number of every run by its name, for conditions such as `lr<1e-3`. */
import type { ConfigValue } from '../formats/format.ts';
import type { Run } from './catalogue.ts';

/** Names for the same setting. */
const SYNONYMS = [
  ['lr', 'learning_rate', 'base_lr'],
  ['batch_size', 'train_batch_size', 'per_device_train_batch_size'],
];

/**
 * What runs say under a name, upper and lower case alike: a number of the configuration (its whole key, else the last part of one:
 * `optimizer/lr`), else the newest value of a metric, validation before training. Runs that say nothing are left out.
 */
export function numbersOf(runs: readonly Run[], name: string): [key: string, number: number][] {
  const asked = name.toLowerCase();
  const names = SYNONYMS.find((group) => group.includes(asked)) ?? [asked];
  return runs.flatMap((run) => {
    const number = configured(run, names) ?? measured(run, asked);
    return number === null ? [] : [[run.key, number]];
  });
}

function configured(run: Run, names: readonly string[]): number | null {
  let inside: number | null = null;
  for (const [key, value] of run.config) {
    const number = numeric(value);
    if (number === null) continue;
    const whole = key.toLowerCase();
    if (names.includes(whole)) return number;
    if (inside === null && names.includes(whole.split(/[/.]/).at(-1) ?? '')) inside = number;
  }
  return inside;
}

function measured(run: Run, name: string): number | null {
  const own = run.series.filter((series) => !series.probe && (series.metric.toLowerCase() === name || series.name.toLowerCase() === name));
  const shown = own.find((series) => series.split === 'val') ?? own[0];
  return shown?.parts.at(-1)?.end?.value ?? null;
}

function numeric(value: ConfigValue): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
}
