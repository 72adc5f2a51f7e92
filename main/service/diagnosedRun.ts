/** What of a run its diagnosis is made from, and what tells that this has changed. */
import type { RunInput } from './diagnose/input.ts';
import type { Run } from './runs/catalogue.ts';
import { formatsOf } from './runs/detail.ts';
import { diagnosedSeries, runInput, type Diagnosed } from './runs/input.ts';
import { newestFrom } from './runs/newestPoints.ts';
import { lastByteAt, stateOf } from './runs/rows.ts';
import type { Store } from './store/store.ts';

/** Goes up when the rules change, so that stored diagnoses are made anew. */
export const RULES = 4;

/** What the diagnosis gets to see of a run at a time in milliseconds since 1970. */
export function inputOf(run: Run, store: Store, nowMs: number): RunInput {
  const diagnosed = diagnosedOf(run, nowMs);
  const from = newestFrom(diagnosed.series);
  return runInput(diagnosed, (id) => store.points(id, from.get(id)));
}

/** The same without the points. */
export function diagnosedOf(run: Run, nowMs: number): Diagnosed {
  const lastByteMs = lastByteAt(run);
  return {
    series: diagnosedSeries(run.series),
    formats: formatsOf(run),
    config: run.config,
    facts: run.facts,
    state: stateOf(run, nowMs),
    now: nowMs / 1000,
    lastByteAt: lastByteMs === null ? null : lastByteMs / 1000,
  };
}

/** True if the run still has every point that the diagnosis was made from: each of its files only grew meanwhile. */
export function hasAll(run: Run, { series }: Pick<Diagnosed, 'series'>): boolean {
  const counts = new Map(run.series.flatMap(({ parts }) => parts.map(({ id, count }) => [id, count] as const)));
  return series.every(({ parts }) => parts.every(({ id, count }) => (counts.get(id) ?? -1) >= count));
}

/** Changes when an eval or a non-finite value arrives. */
export function evalsOf(run: Run): string {
  let evals = 0;
  let nonFinite = 0;
  for (const { split, parts } of run.series) {
    for (const part of parts) {
      nonFinite += part.nonFinite;
      if (split === 'val') evals += part.count;
    }
  }
  return `${evals}/${nonFinite}`;
}

/** Tells whether a diagnosis still holds: changes with everything it is made from. `state` is that of the run, `otherSeeds` as in the input. */
export function stampOf(run: Run, state: string, otherSeeds: readonly number[]): string {
  // Loaded late: it takes 5 ms, and rows and curves come first.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha1');
  hash.update(`${RULES}|${state}|${otherSeeds.map((d) => d.toFixed(3)).join()}|`);
  for (const { key, metric, split, parts } of run.series) {
    hash.update(`${key}|${metric}|${split}|`);
    // A file that is written anew each time keeps its series; the extremes tell some of what changed between its ends.
    for (const { id, count, last, first, min, max } of parts) hash.update(`${id}:${count}:${last?.value}:${first?.value}:${min?.value}:${max?.value},`);
  }
  hash.update(JSON.stringify([...run.config, ...run.facts]));
  return hash.digest('hex');
}
