/** Runs that differ in nothing but the seed: how much of a gap is chance (reference section 6.4). */
import type { ConfigValue } from './input.ts';
import { plainKey, settingsOf } from './settings.ts';
import { mean, variance } from './statistics.ts';
import { figure, percentBelow } from './words.ts';

const FEWEST_SEEDS = 3;
const SEED = /^(random_|manual_|data_|global_)?(seed|random_state)$/;
/** Keys that differ between any two runs and change nothing. */
const NAMES =
  /^(((run|exp)_)?name|(run_)?id|(output|out|logging|log|save)_dir|project|experiment|version|date|time(stamp)?|host(name)?|pid|device|wandb_.*|notes|tags)$/;

/** True for keys that may differ within a family: seeds, names, places, times. */
export function isIncidental(key: string): boolean {
  const plain = plainKey(key);
  return SEED.test(plain) || NAMES.test(plain);
}

export interface SeedPlace {
  /** Equal for runs that share every setting but the incidental ones. */
  family: string;
  seed: string;
}

/** Where a run stands among runs of other seeds; null where the training's configuration or its seed is unknown. */
export function seedPlace(config: ReadonlyMap<string, ConfigValue>): SeedPlace | null {
  const seeds = [...config].filter(([key]) => SEED.test(plainKey(key))).sort(([a], [b]) => (a < b ? -1 : 1));
  if (seeds.length === 0 || !settingsOf(config).known) return null;
  const shared = [...config].filter(([key]) => !isIncidental(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { family: JSON.stringify(shared), seed: JSON.stringify(seeds) };
}

export interface SeedSpread {
  runs: number;
  /** Mean and standard deviation of d over the runs. */
  mean: number;
  deviation: number;
  /** False when the mean is within two standard errors of zero: not reproducible across seeds. */
  reproducible: boolean;
}

/** Spread of d over runs that differ only in the seed; null with fewer than three known gaps. */
export function seedSpread(gaps: readonly (number | null)[]): SeedSpread | null {
  const known = gaps.filter((d) => d !== null);
  if (known.length < FEWEST_SEEDS) return null;
  const middle = mean(known);
  const deviation = Math.sqrt(variance(known));
  return { runs: known.length, mean: middle, deviation, reproducible: Math.abs(middle) >= (2 * deviation) / Math.sqrt(known.length) };
}

/** "Over 4 seeds validation is 12 % below training on average (mean gap 0.13, standard deviation 0.02)." */
export function spreadWords({ runs, mean: middle, deviation, reproducible }: SeedSpread): string {
  const side = middle >= 0 ? 'below' : 'above';
  const words =
    `Over ${runs} seeds validation is ${Math.round(Math.abs(percentBelow(middle)))} % ${side} training on average ` +
    `(mean gap ${figure(middle)}, standard deviation ${figure(deviation)})`;
  return reproducible ? `${words}.` : `${words}: not reproducible across seeds.`;
}
