/** The diagnosis of runs that are all at hand, as the command line asks for it. */
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { RunInput } from './diagnose/input.ts';
import type { Run } from './runs/catalogue.ts';
import { openSeedFamilies, placeIn } from './seedFamilies.ts';

/** First each run by itself, then again those of which other seeds are there. */
export function diagnoseAll(runs: readonly Run[], read: (run: Run) => RunInput): Diagnosis[] {
  const families = openSeedFamilies();
  const alone = runs.map((run) => {
    const diagnosis = diagnose(read(run));
    families.put(run.key, placeIn(run), diagnosis.gap.d);
    return diagnosis;
  });
  return runs.map((run, at) => {
    const otherSeeds = families.others(run.key, placeIn(run));
    return otherSeeds.length > 0 ? diagnose({ ...read(run), otherSeeds }) : (alone[at] as Diagnosis);
  });
}
