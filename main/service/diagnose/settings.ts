/** Reads hyper-parameters by the many names that trainers give them. Keys are flat, nested parts joined with '/' (or '.'). */
import type { ConfigValue } from './input.ts';

export interface Setting {
  /** The key as logged. */
  key: string;
  value: ConfigValue;
}

export interface Settings {
  /** True when a configuration of the training was logged, not only a few facts about the run: then a missing key means something. */
  known: boolean;
  all: readonly Setting[];
  /** First setting whose last key part is one of `names` (case and '-'/'_' do not matter); earlier names win. */
  find(...names: string[]): Setting | null;
  /** As `find`, only finite numbers (numeric strings count). */
  number(...names: string[]): number | null;
  /** Every setting whose whole key matches. */
  matching(pattern: RegExp): Setting[];
}

/** Last part of a flat key in lower case with '-' as '_': `model/a.Dropout-Rate` gives `dropout_rate`; `weights/0` gives `weights`. */
export function plainKey(key: string): string {
  const parts = key.split(/[/.]/);
  while (parts.length > 1 && /^\d+$/.test(parts.at(-1) ?? '')) parts.pop();
  const part = parts.at(-1) ?? key;
  return part.toLowerCase().replaceAll('-', '_');
}

/** The number in a value (numeric strings count), null otherwise. */
export function numeric(value: ConfigValue): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** A log header of its own (logging steps, batch size) is no configuration; learning rate or optimizer and a few more keys are. */
const FEWEST_KEYS = 6;
const TRAINING_KEY = /^(base_)?(lr|learning_rate|optim(izer)?|opt)$/;

/** Wraps a run's configuration. */
export function settingsOf(config: ReadonlyMap<string, ConfigValue>): Settings {
  const all = [...config].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const byPlainKey = new Map<string, Setting>();
  for (const setting of all) {
    const key = plainKey(setting.key);
    if (!byPlainKey.has(key)) byPlainKey.set(key, setting);
  }
  const find = (...names: string[]): Setting | null => {
    for (const name of names) {
      const found = byPlainKey.get(name);
      if (found) return found;
    }
    return null;
  };
  return {
    known: all.length >= FEWEST_KEYS && all.some(({ key }) => TRAINING_KEY.test(plainKey(key))),
    all,
    find,
    number: (...names) => {
      for (const name of names) {
        const found = byPlainKey.get(name);
        const value = found ? numeric(found.value) : null;
        if (value !== null) return value;
      }
      return null;
    },
    matching: (pattern) => all.filter((setting) => pattern.test(setting.key)),
  };
}
