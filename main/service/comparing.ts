/** Several runs side by side: what their configurations differ in, and what that did to the gap. */
import type { Compared } from '../../preload/contract.ts';
import { compareFamilies } from './diagnose/families.ts';
import type { Run } from './runs/catalogue.ts';
import { shownValue } from './runs/detail.ts';
import type { Service } from './service.ts';

/** More differing keys than these are no comparison any more. */
const KEY_CAP = 300;

export async function compareRuns(runs: readonly Run[], service: Service): Promise<Compared> {
  const diagnoses = await Promise.all(runs.map((run) => service.diagnosing.now(run)));
  return {
    runs: runs.map((run) => ({ key: run.key, name: service.listing.nameOf(run) })),
    differences: differences(runs),
    gaps: runs.map((run, at) => {
      const gap = diagnoses[at]?.gap;
      return { key: run.key, d: gap?.d ?? null, low: gap?.low ?? null, high: gap?.high ?? null, state: gap?.state ?? 'too-few' };
    }),
    sentences: compareFamilies(runs.map((run, at) => ({ name: service.listing.nameOf(run), config: run.config, gap: diagnoses[at]?.gap ?? null }))),
  };
}

function differences(runs: readonly Run[]): Compared['differences'] {
  const keys = new Set(runs.flatMap((run) => [...run.config.keys()]));
  const found: Compared['differences'] = [];
  for (const key of [...keys].sort()) {
    const values = runs.map((run) => {
      const value = run.config.get(key);
      return value === undefined ? null : shownValue(value);
    });
    if (new Set(values).size > 1) found.push({ key, values });
    if (found.length === KEY_CAP) break;
  }
  return found;
}
