/** What a run's configuration says on a cause: on, weakly on, off, silent (configured, but no such key), or unknown. */
import type { ConfigValue } from '../input.ts';
import { numeric, plainKey, type Setting, type Settings } from '../settings.ts';

export interface KeySpec {
  /** Last parts of keys, lower case, '-' written '_'. */
  names?: readonly string[];
  /** Or a pattern on the last part. */
  pattern?: RegExp;
  /** Or a pattern on the whole key. */
  path?: RegExp;
  /** Names of a switch that must not be off for this key to mean anything. */
  unlessOff?: readonly string[];
  /** How strongly a value switches the cause on, 0 (off) to 1. */
  strength(value: ConfigValue): number;
}

export interface Activity {
  state: 'on' | 'weak' | 'off' | 'silent' | 'unknown';
  /** The setting that decides, the strongest one. */
  setting: Setting | null;
  strength: number;
  /** The trainer does it without a setting: in words. */
  byDefault?: string;
}

/** Strength from which a setting counts as on. */
const ON = 0.3;

/** Reads the settings of a cause. */
export function activityOf(settings: Settings, specs: readonly KeySpec[]): Activity {
  if (!settings.known) return { state: 'unknown', setting: null, strength: 0 };
  let best: Activity | null = null;
  for (const setting of settings.all) {
    const key = plainKey(setting.key);
    for (const spec of specs) {
      if (!(spec.names?.includes(key) ?? false) && !(spec.pattern?.test(key) ?? false) && !(spec.path?.test(setting.key) ?? false))
        continue;
      const strength = isSwitchedOff(settings, spec) ? 0 : spec.strength(setting.value);
      if (best && best.strength >= strength) continue;
      best = { state: strength >= ON ? 'on' : strength > 0 ? 'weak' : 'off', setting, strength };
    }
  }
  return best ?? { state: 'silent', setting: null, strength: 0 };
}

/** A rate that matters from `low` on and fully at `high`. */
export function rate(low: number, high: number): (value: ConfigValue) => number {
  return (value) => {
    const x = numeric(value);
    if (x === null || x <= 0) return 0;
    return Math.min(1, Math.max(0.05, (x - low) / (high - low)));
  };
}

/** On unless it is empty, false, 0 or a word for "off". */
export function switched(value: ConfigValue): number {
  if (value === null || value === false || value === 0) return 0;
  if (typeof value === 'string') return /^(|none|null|false|no|off|0|random|uniform|default|mean)$/i.test(value.trim()) ? 0 : 1;
  if (Array.isArray(value)) return value.length > 0 ? 1 : 0;
  return 1;
}

function isSwitchedOff(settings: Settings, { unlessOff }: KeySpec): boolean {
  const control = unlessOff ? settings.find(...unlessOff) : null;
  return control !== null && switched(control.value) === 0;
}
