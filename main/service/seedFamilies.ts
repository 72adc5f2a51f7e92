/** Which runs of a root differ in nothing but the seed, and their gaps. */
import { seedPlace, type SeedPlace } from './diagnose/seeds.ts';
import type { Run } from './runs/catalogue.ts';

export interface SeedFamilies {
  /** Keeps the newest gap of a run; without a place or a gap the run is forgotten. */
  put(key: string, place: SeedPlace | null, d: number | null): void;
  /** Gaps of the other seeds of a run's family, one a seed, in the order of the seeds. */
  others(key: string, place: SeedPlace | null): number[];
}

export function openSeedFamilies(): SeedFamilies {
  const families = new Map<string, Map<string, { seed: string; d: number }>>();
  const familyOf = new Map<string, string>();
  return {
    put(key, place, d) {
      const before = familyOf.get(key);
      if (before !== undefined && before !== place?.family) families.get(before)?.delete(key);
      if (!place || d === null) {
        if (before !== undefined) families.get(before)?.delete(key);
        familyOf.delete(key);
        return;
      }
      familyOf.set(key, place.family);
      const family = families.get(place.family) ?? new Map<string, { seed: string; d: number }>();
      families.set(place.family, family.set(key, { seed: place.seed, d }));
    },
    others(key, place) {
      const found = new Map<string, number>();
      for (const [other, { seed, d }] of place ? (families.get(place.family) ?? []) : []) {
        if (other !== key && seed !== place?.seed) found.set(seed, d);
      }
      return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, d]) => d);
    },
  };
}

const known = new WeakMap<Run['config'], SeedPlace | null>();

/** Place of a run among the runs of its root; worked out once for a configuration. */
export function placeIn(run: Run): SeedPlace | null {
  const before = known.get(run.config);
  if (before !== undefined) return before;
  const place = seedPlace(run.config);
  const short = place && { seed: place.seed, family: `${run.rootId}|${process.getBuiltinModule('node:crypto').createHash('sha1').update(place.family).digest('base64')}` };
  known.set(run.config, short);
  return short;
}
