/** What a run shows: the union of its sources' series, each measurement once, resumed files joined in their order. */
import type { Meaning, Split } from '../formats/format.ts';
import { consoleIds } from '../formats/ids.ts';
import type { SeriesRow, ShownSource } from '../store/store.ts';
import { likeness, type ValueAt } from './copies.ts';
import { isFree } from './divide.ts';
import { byWriting } from './fileNames.ts';
import type { Assignment } from './group.ts';
import { reachOf } from './measured.ts';
import { readName } from './names.ts';

export interface RunSource {
  readonly row: ShownSource;
  readonly assignment: Assignment;
  readonly series: SeriesRow[];
}

export interface RunSeries {
  /** Unique within the run: split and name. */
  key: string;
  /** As logged; an `add_scalars` child that is no split word has its key appended. */
  name: string;
  metric: string;
  split: Split | null;
  granularity: 'step' | 'epoch' | null;
  probe: boolean;
  meaning: Meaning | null;
  unit: string | null;
  format: string;
  /** Path of the first file, relative to the root. */
  file: string;
  /** Stored series that follow one another: files of one writer in their order. */
  parts: SeriesRow[];
  /** The same measurement in other files: shown once, but its meaning and axes are known from there too. */
  duplicates: SeriesRow[];
}

/** A user's word on what a series is; `key` as in RunSeries. */
export type Corrections = ReadonlyMap<string, { metric: string | null; split: Split | null }>;

interface Candidate extends RunSeries {
  source: RunSource;
}

/** On equal content the earlier in this list is kept, then formats that are not named, then consoles, which round. */
const PRECEDENCE = ['hf-trainer', 'wandb', 'swanlab', 'tensorboard', 'ray-result', 'lightning-csv'];

/** Series of one run in the order of their names, train before validation. */
export function assembleRun(sources: readonly RunSource[], corrections: Corrections, valueAt: ValueAt): RunSeries[] {
  const [only] = sources;
  return (only && sources.length === 1 ? ofOneSource(only, corrections) : null) ?? ofSources(sources, corrections, valueAt);
}

/**
 * The same for one source, as most runs have: nothing in it can be a copy or go on with something else. null where two of its series have one
 * key. Hundreds of runs are put together before the first list of them is shown; this takes a third of the general way.
 */
function ofOneSource(source: RunSource, corrections: Corrections): RunSeries[] | null {
  const series = shownRows(source).map((row) => seriesOf(source, row, corrections));
  return new Set(series.map(({ key }) => key)).size === series.length ? series.sort(byNameAndSplit) : null;
}

/** The same for any sources. */
export function ofSources(sources: readonly RunSource[], corrections: Corrections, valueAt: ValueAt): RunSeries[] {
  const candidates = newestSnapshots(sources).flatMap((source) => candidatesOf(source, corrections));
  const kept = withoutDuplicates(candidates, valueAt);
  return joined(kept).sort(byNameAndSplit);
}

/** Checkpoints hold the whole history each: the one with the highest step speaks for all (format reference 2.3). */
function newestSnapshots(sources: readonly RunSource[]): RunSource[] {
  const newest = new Map<string, { source: RunSource; step: number }>();
  for (const source of sources) {
    const step = source.row.facts['checkpointStep'];
    if (typeof step !== 'number') continue;
    const best = newest.get(source.row.format);
    if (!best || step > best.step) newest.set(source.row.format, { source, step });
  }
  return sources.filter((source) => {
    if (typeof source.row.facts['checkpointStep'] !== 'number') return true;
    return newest.get(source.row.format)?.source === source;
  });
}

function candidatesOf(source: RunSource, corrections: Corrections): Candidate[] {
  return shownRows(source).map((row) => ({ ...seriesOf(source, row, corrections), source }));
}

function shownRows(source: RunSource): SeriesRow[] {
  return source.series.filter((row) => row.count > 0 && !isPlaceholder(row));
}

/** Lightning logs `hp_metric = -1` where the user logs none (format reference 1.5). */
function isPlaceholder(row: SeriesRow): boolean {
  return row.name === 'hp_metric' && row.min?.value === -1 && row.max?.value === -1;
}

function seriesOf(source: RunSource, row: SeriesRow, corrections: Corrections): RunSeries {
  const name = source.assignment.suffix === null ? row.name : `${row.name}/${source.assignment.suffix}`;
  const hintedSplit = row.hints.split ?? source.assignment.split;
  const meant = readName(name, {
    ...(hintedSplit ? { split: hintedSplit } : {}),
    ...(row.hints.metric !== undefined ? { metric: row.hints.metric } : {}),
  });
  const key = `${meant.split ?? ''}:${name}`;
  const corrected = corrections.get(key);
  return {
    key,
    name,
    metric: corrected?.metric ?? meant.metric,
    split: corrected ? corrected.split : meant.split,
    granularity: meant.granularity,
    probe: meant.probe || (meant.split === 'train' && row.hints.meaning === 'evaluation'),
    meaning: row.hints.meaning ?? null,
    unit: row.hints.unit ?? null,
    format: source.row.format,
    file: source.row.path,
    parts: [row],
    duplicates: [],
  };
}

function withoutDuplicates(candidates: readonly Candidate[], valueAt: ValueAt): readonly Candidate[] {
  if (candidates.every(({ source }) => source === candidates[0]?.source)) return candidates;
  const groups = new Map<string, Candidate[]>();
  for (const each of candidates) {
    const group = `${each.metric}\u0000${each.probe}`;
    const there = groups.get(group);
    if (there) there.push(each);
    else groups.set(group, [each]);
  }
  const kept: Candidate[] = [];
  for (const group of groups.values()) {
    const chosen: Candidate[] = [];
    for (const each of [...group].sort(byPreference)) {
      const twin = chosen.find((other) => other.source !== each.source && mayBeTwins(other, each) && sameMeasurement(other, each, valueAt));
      if (twin) absorb(twin, each);
      else chosen.push(each);
    }
    kept.push(...chosen);
  }
  return kept;
}

/** Of one split; or one of them does not say which, under the same name. */
function mayBeTwins(a: Candidate, b: Candidate): boolean {
  return a.split === b.split || ((a.split === null || b.split === null) && a.name === b.name);
}

function absorb(twin: Candidate, copy: Candidate): void {
  twin.duplicates.push(...copy.parts);
  twin.meaning ??= copy.meaning;
  twin.unit ??= copy.unit;
}

function byPreference(a: Candidate, b: Candidate): number {
  return count(b) - count(a) || precedence(a.format) - precedence(b.format) || compare(a.file, b.file);
}

function precedence(format: string): number {
  const at = PRECEDENCE.indexOf(format);
  if (at >= 0) return at;
  return consoleIds.has(format) ? PRECEDENCE.length + 1 : PRECEDENCE.length;
}

function count(series: RunSeries): number {
  return series.parts.reduce((sum, part) => sum + part.count, 0);
}

/** True if `short` is a copy of `long`, or of a part of it. */
function sameMeasurement(long: Candidate, short: Candidate, valueAt: ValueAt): boolean {
  const [a] = long.parts;
  const [b] = short.parts;
  return a !== undefined && b !== undefined && likeness({ row: a, format: long.format }, { row: b, format: short.format }, valueAt) === 'copy';
}

function joined(candidates: readonly Candidate[]): RunSeries[] {
  const byIdentity = new Map<string, Candidate[]>();
  for (const each of [...candidates].sort((a, b) => compare(a.file, b.file))) {
    const identity = `${each.format}\u0000${each.key}`;
    const there = byIdentity.get(identity);
    if (there) there.push(each);
    else byIdentity.set(identity, [each]);
  }
  const series = [...byIdentity.values()].flatMap((group): RunSeries[] => {
    const [first] = inOrder(group);
    if (!first) return [];
    const { source: _, ...rest } = first;
    return [{ ...rest, parts: group.flatMap(({ parts }) => parts), duplicates: group.flatMap(({ duplicates }) => duplicates) }];
  });
  return uniqueKeys(series);
}

/** Files of one writer in the order in which they were written. Those that users name are ordered by where they begin. */
function inOrder(group: Candidate[]): Candidate[] {
  const begin = ({ parts: [part] }: Candidate): number => (part && reachOf(part)?.from) ?? Infinity;
  if (group[0] && isFree(group[0])) group.sort((a, b) => begin(a) - begin(b) || byWriting(a.file, b.file));
  return group;
}

/** The same name from two formats that do not agree stays two series; the second says where it is from. */
function uniqueKeys(series: RunSeries[]): RunSeries[] {
  const seen = new Set<string>();
  for (const each of series) {
    if (seen.has(each.key)) each.key = `${each.key}@${each.file}`;
    seen.add(each.key);
  }
  return series;
}

function byNameAndSplit(a: RunSeries, b: RunSeries): number {
  return compare(a.metric, b.metric) || splitOrder(a.split) - splitOrder(b.split) || compare(a.name, b.name);
}

function splitOrder(split: Split | null): number {
  return split === 'train' ? 0 : split === 'val' ? 1 : split === 'test' ? 2 : 3;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
