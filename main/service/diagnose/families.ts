/** Runs that belong together, equal but for the seed or a few keys apart: what the seed or the change did to the gap. */
import type { Gap } from './diagnosis.ts';
import type { ConfigValue } from './input.ts';
import { isIncidental, seedPlace, seedSpread, spreadWords } from './seeds.ts';
import { figure, list, percentBelow, shown } from './words.ts';

export interface Member {
  name: string;
  config: ReadonlyMap<string, ConfigValue>;
  gap: Gap | null;
}

/** More differing keys than these are another experiment, not a change of this one. */
const FEW_KEYS = 3;
/** Keys in which two configurations differ, without seeds and names. */
export function differingKeys(a: ReadonlyMap<string, ConfigValue>, b: ReadonlyMap<string, ConfigValue>): string[] {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys]
    .filter((key) => !isIncidental(key) && JSON.stringify(a.get(key) ?? null) !== JSON.stringify(b.get(key) ?? null))
    .sort();
}

/** True when two runs are of one family: configured, and at most a few keys apart. */
export function sameFamily(a: ReadonlyMap<string, ConfigValue>, b: ReadonlyMap<string, ConfigValue>): boolean {
  return a.size > 0 && b.size > 0 && differingKeys(a, b).length <= FEW_KEYS;
}

export interface Change {
  keys: string[];
  before: number;
  after: number;
  /** Change of d with an interval, from the intervals of both gaps. */
  change: number;
  low: number;
  high: number;
}

/** What the keys in which two runs differ did to the gap; null when they are no family or a gap is unknown. */
export function changeBetween(before: Member, after: Member): Change | null {
  const keys = differingKeys(before.config, after.config);
  if (keys.length === 0 || keys.length > FEW_KEYS || before.config.size === 0 || after.config.size === 0) return null;
  if (before.gap?.d == null || after.gap?.d == null) return null;
  const change = after.gap.d - before.gap.d;
  const half = Math.hypot(halfOf(before.gap), halfOf(after.gap));
  return { keys, before: before.gap.d, after: after.gap.d, change, low: change - half, high: change + half };
}

function halfOf(gap: Gap): number {
  return gap.low !== null && gap.high !== null ? (gap.high - gap.low) / 2 : 0;
}

/** Sentences on two or more runs for the comparison view. */
export function compareFamilies(runs: readonly Member[]): string[] {
  const said: string[] = [];
  for (const gaps of seedGroups(runs)) {
    const spread = seedSpread(gaps);
    if (spread) said.push(spreadWords(spread));
  }
  for (let i = 1; i < runs.length; i += 1) {
    const [before, after] = [runs[i - 1], runs[i]];
    const change = before && after ? changeBetween(before, after) : null;
    if (before && after && change) said.push(changeWords(before, after, change));
  }
  return said;
}

/** Gaps of the runs of each family, one a seed. */
function seedGroups(runs: readonly Member[]): (number | null)[][] {
  const groups = new Map<string, Map<string, number | null>>();
  for (const { config, gap } of runs) {
    const place = seedPlace(config);
    if (!place) continue;
    const group = groups.get(place.family) ?? new Map<string, number | null>();
    groups.set(place.family, group.set(place.seed, gap?.d ?? null));
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

function changeWords(before: Member, after: Member, { keys, change, low, high, before: from, after: to }: Change): string {
  const changed = keys.map((key) => `${key} from ${valueWords(before.config.get(key))} to ${valueWords(after.config.get(key))}`);
  const effect =
    low > 0
      ? 'moved validation further below training'
      : high < 0
        ? 'moved validation up relative to training'
        : 'made no clear difference to the gap';
  return (
    `${after.name}: changing ${list(changed)} ${effect} (gap ${signed(from)} to ${signed(to)}, change ` +
    `${figure(change)}, interval ${figure(low)} to ${figure(high)}).`
  );
}

function valueWords(value: ConfigValue | undefined): string {
  return value === undefined ? 'not set' : shown(value);
}

function signed(d: number): string {
  const share = Math.round(Math.abs(percentBelow(d)));
  return d >= 0 ? `${share} % below` : `${share} % above`;
}
