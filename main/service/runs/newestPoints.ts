/** How many points of a run its diagnosis reads: the newest ones, so that its memory has a bound however long the run is. */
import type { RunSeries } from './assemble.ts';

/** More points than these do not change a diagnosis but cost time; the newest are kept. */
const LONGEST = 400_000;
/** So many points of all series together, 128 MB: with hundreds of gradient norms each of them gives fewer. */
const MOST = 4_000_000;
/** What verdict and findings stand on; of other metrics only the series with the most points. */
const FIRST = /^(loss|accuracy|ppl|bpb|bpc|error|logloss)$/;

/** Index of the first point that is wanted of stored series, by id; of those that are left out every point is. */
export function newestFrom(series: readonly RunSeries[]): Map<number, number> {
  const fullest = new Map<string, RunSeries>();
  for (const each of [...series].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const best = fullest.get(each.metric);
    if (!best || countOf(each) > countOf(best)) fullest.set(each.metric, each);
  }
  const isFirst = (each: RunSeries): boolean => FIRST.test(each.metric) || fullest.get(each.metric) === each;
  const from = new Map<number, number>();
  const given = divide(series.filter(isFirst), MOST, from);
  divide(series.filter((each) => !isFirst(each)), MOST - given, from);
  return from;
}

/** Gives each series the same part of `most` points, but no more than it has; returns what was given. */
function divide(series: readonly RunSeries[], most: number, from: Map<number, number>): number {
  let left = most;
  let takers = series.length;
  for (const each of [...series].sort((a, b) => countOf(a) - countOf(b))) {
    const given = Math.min(countOf(each), LONGEST, Math.floor(left / takers));
    divideParts(each, given, from);
    left -= given;
    takers -= 1;
  }
  return most - left;
}

/** Files that follow one another give their newest points first; files that were written at the same time the same share of each. */
function divideParts(each: RunSeries, given: number, from: Map<number, number>): void {
  const share = areConcurrent(each.parts) ? given / Math.max(1, countOf(each)) : 1;
  let left = given;
  for (const { id, count } of each.parts.toReversed()) {
    const here = Math.min(left, Math.ceil(share * count));
    if (here < count) from.set(id, count - here);
    left -= here;
  }
}

function areConcurrent(parts: RunSeries['parts']): boolean {
  return parts.some(({ first }, at) => {
    const before = parts[at - 1]?.last?.time;
    return typeof before === 'number' && typeof first?.time === 'number' && first.time < before;
  });
}

function countOf({ parts }: RunSeries): number {
  return parts.reduce((sum, part) => sum + part.count, 0);
}
