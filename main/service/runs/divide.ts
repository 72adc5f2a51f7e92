/**
 * Several trainings that log into one folder, a file each: `fold0.csv` and `fold1.csv`, `slurm-101.out` and `slurm-102.out`. Pure.
 *
 * Evidence decides: files of one format with names of their own, which measure the same from the start and find other values, are runs of
 * their own. The parts of one log (`train.log.1`), a log that goes on where another ended, a copy, and the two streams of one job are not.
 */
import { consoleIds } from '../formats/ids.ts';
import type { Split } from '../formats/format.ts';
import type { ValueAt } from './copies.ts';
import { byWriting, fileName, type FileName } from './fileNames.ts';
import type { Grouped } from './group.ts';
import { agreement, alike, reachOf, tellingOf, type Telling } from './measured.ts';
import { saidSplit } from './names.ts';

/** Formats whose files may have any name, beside the consoles. */
const FREE: ReadonlySet<string> = new Set(['csv', 'jsonl', 'json-history', 'keras-csv', 'fastai', 'mmcv']);

/** Identity of the unit of all files whose names their writers chose. */
const WRITERS = '\u0000';

export interface Division {
  /** The file that speaks for the run of a source; a source that is not here stays the folder's own. */
  parts: Map<number, string>;
  /** What the name of a file says of its series. */
  splits: Map<number, Split>;
  /** Sources whose growth may change the division. */
  unsettled: number[];
}

interface Unit {
  identity: string;
  files: FileName[];
  sources: Grouped[];
  telling: Telling[];
  /** By format and name; of several files the series that begins first. */
  lines: Map<string, Telling>;
}

/** True for a source whose name its user chose. */
export function isFree({ format }: Pick<Grouped, 'format'>): boolean {
  return consoleIds.has(format) || FREE.has(format);
}

/** Divides the sources of one folder (configuration left out). */
export function divideFolder(own: readonly Grouped[], valueAt: ValueAt): Division {
  const division: Division = { parts: new Map(), splits: new Map(), unsettled: [] };
  if (own.length < 2 || !own.some(isFree)) return division;
  const units = unitsOf(own);
  for (const unit of units) for (const [id, split] of splitsByName(unit)) division.splits.set(id, split);
  for (const unit of units) {
    unit.telling = unit.sources.flatMap((source) => tellingOf(source, division.splits.get(source.id) ?? null));
    unit.lines = linesOf(unit.telling);
  }
  const named = units.filter(({ identity, telling }) => identity !== WRITERS && telling.length > 0);
  if (named.length < 2) return division;
  const clusters = clustersOf(named, valueAt);
  if (clusters.length < 2) return { ...division, unsettled: own.map(({ id }) => id) };
  const firm = new Set(clusters.flatMap((cluster) => (cluster.length === 1 ? cluster : [])));
  const placed = new Set(clusters.flat());
  attachOthers(clusters, units.filter((unit) => !placed.has(unit)), valueAt);
  for (const cluster of clusters) {
    const part = cluster.map(partName).sort(byWriting)[0] ?? '';
    for (const { sources } of cluster) for (const { id } of sources) division.parts.set(id, part);
  }
  // What goes on with another training may belong to one that has not come so far yet.
  const followed = units.some((unit) => unit.telling.length > 0 && !placed.has(unit));
  division.unsettled = units.flatMap((unit) => (firm.has(unit) && !followed ? [] : unit.sources.map(({ id }) => id)));
  return division;
}

/** The sources that belong together by their names alone. What has a name given by its writer is one unit. */
function unitsOf(own: readonly Grouped[]): Unit[] {
  const units = new Map<string, Unit>();
  for (const source of own) {
    const file = fileName(source.path.slice(source.path.lastIndexOf('/') + 1));
    const key = isFree(source) ? file.identity : WRITERS;
    const unit: Unit = units.get(key) ?? { identity: key, files: [], sources: [], telling: [], lines: new Map() };
    units.set(key, unit);
    unit.files.push(file);
    unit.sources.push(source);
  }
  return [...units.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1));
}

/** `train.csv` beside `val.csv`: the names say the split where the series do not. */
function splitsByName({ files, sources }: Unit): [number, Split][] {
  if (new Set(files.flatMap(({ split }) => split ?? [])).size < 2) return [];
  return sources.flatMap((source, at): [number, Split][] => {
    const split = files[at]?.split ?? null;
    const silent = source.series.every(({ name, hints }) => [null, split].includes(hints.split ?? saidSplit(name)));
    return split !== null && silent ? [[source.id, split]] : [];
  });
}

/** Units that began at the start, those that do not differ together; at most one cluster if nothing tells two trainings apart. */
function clustersOf(units: readonly Unit[], valueAt: ValueAt): Unit[][] {
  const byLine = new Map<string, { unit: Unit; telling: Telling }[]>();
  for (const unit of units) {
    for (const [line, telling] of unit.lines) {
      const there = byLine.get(line);
      if (there) there.push({ unit, telling });
      else byLine.set(line, [{ unit, telling }]);
    }
  }
  const starters = new Set<Unit>();
  for (const entries of byLine.values()) {
    const began = beginners(entries);
    if (began.length > 1) for (const { unit } of began) starters.add(unit);
  }
  const clusters = new Map<Unit, Unit[]>([...starters].map((unit) => [unit, [unit]]));
  for (const entries of byLine.values()) {
    for (const [unit, other] of near(entries.filter(({ unit: one }) => starters.has(one)))) {
      if (clusters.get(unit) !== clusters.get(other) && !differ(unit, other, valueAt)) merge(clusters, unit, other);
    }
  }
  return [...new Set(clusters.values())];
}

function merge(clusters: Map<Unit, Unit[]>, a: Unit, b: Unit): void {
  const [into, from] = [clusters.get(a) ?? [a], clusters.get(b) ?? [b]];
  if (into === from) return;
  into.push(...from);
  for (const unit of from) clusters.set(unit, into);
}

function linesOf(telling: readonly Telling[]): Map<string, Telling> {
  const lines = new Map<string, Telling>();
  for (const each of telling) {
    const reach = reachOf(each.row);
    if (!reach) continue;
    const line = `${each.source.format}\u0000${each.written}`;
    const before = lines.get(line);
    if (!before || (reachOf(before.row)?.from ?? Infinity) > reach.from) lines.set(line, each);
  }
  return lines;
}

/**
 * Those that begin at the start: at 0, at 1 or after one interval. One that begins an interval later than another with the same interval
 * goes on from its first checkpoint.
 */
function beginners<T extends { telling: Telling }>(entries: readonly T[]): T[] {
  const placed = entries.flatMap((entry) => {
    const reach = reachOf(entry.telling.row);
    return reach ? [{ entry, reach }] : [];
  });
  const earliest = Math.min(...placed.map(({ reach }) => reach.from));
  const paces = placed.flatMap(({ reach }) => (reach.from === earliest && reach.spacing !== null ? [reach.spacing] : []));
  return placed.flatMap(({ entry, reach: { from, spacing } }) => {
    if (from > Math.max(1, 1.5 * (spacing ?? 0))) return [];
    const goesOn = from > earliest && paces.some((pace) => spacing !== null && Math.abs(pace - spacing) <= 0.01 * pace);
    return goesOn ? [] : [entry];
  });
}

/** Pairs whose first values may be the same: all others are surely two trainings. */
function* near(entries: readonly { unit: Unit; telling: Telling }[]): Generator<[Unit, Unit]> {
  const sorted = entries.map(({ unit, telling: { row } }) => ({ unit, first: row.first?.value ?? 0 })).sort((a, b) => a.first - b.first);
  for (const [at, { unit, first }] of sorted.entries()) {
    const limit = first + Math.max(1e-3, 2e-3 * Math.abs(first));
    for (let next = at + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (!other || other.first > limit) break;
      yield [unit, other.unit];
    }
  }
}

function differ(a: Unit, b: Unit, valueAt: ValueAt): boolean {
  for (const [line, telling] of a.lines) {
    const other = b.lines.get(line);
    if (other && alike(telling, other, valueAt) === 'other') return true;
  }
  return false;
}

/** What did not begin at the start goes to the training whose values it repeats, else to the one that it goes on with. */
function attachOthers(clusters: Unit[][], units: readonly Unit[], valueAt: ValueAt): void {
  const rest = units.filter(({ telling }) => telling.length > 0).sort((a, b) => startOf(a) - startOf(b));
  for (const unit of rest) {
    const score = clusters.map((cluster) => agreement(unit.telling, cluster.flatMap(({ telling }) => telling), valueAt).copies);
    const best = Math.max(...score);
    const home = best > 0 && score.filter((one) => one === best).length === 1 ? clusters[score.indexOf(best)] : unit.identity === WRITERS ? undefined : continued(unit, clusters);
    home?.push(unit);
  }
}

function startOf({ telling }: Unit): number {
  return Math.min(Infinity, ...telling.flatMap(({ row }) => reachOf(row)?.from ?? []));
}

/** The training that had come as far as where this one begins: the last one before it by name, else the one that ended nearest. */
function continued(unit: Unit, clusters: readonly Unit[][]): Unit[] | undefined {
  const fitting = clusters.flatMap((cluster) => {
    const ends = cluster.flatMap(({ lines }) => [...lines].flatMap(([line, { row }]) => gap(row, unit.lines.get(line)?.row) ?? []));
    return ends.length > 0 ? [{ cluster, gap: Math.min(...ends), name: cluster.map(partName).sort(byWriting).at(-1) ?? '' }] : [];
  });
  const own = partName(unit);
  const before = fitting.filter(({ name }) => byWriting(name, own) < 0).sort((a, b) => byWriting(b.name, a.name));
  return (before[0] ?? fitting.sort((a, b) => a.gap - b.gap || byWriting(a.name, b.name))[0])?.cluster;
}

/** How far the end of one series is from the beginning of the next, which must lie within it or an interval or two behind it. */
function gap(before: Telling['row'], after: Telling['row'] | undefined): number | null {
  const a = reachOf(before);
  const b = after ? reachOf(after) : null;
  if (!a || !b || b.from <= a.from) return null;
  return b.from <= a.to + 2 * Math.max(a.spacing ?? 1, b.spacing ?? 1) ? Math.abs(b.from - a.to) : null;
}

/** The name of the file that speaks for a unit: the one that is written to, the shortest. */
function partName({ files }: Unit): string {
  const ranked = [...files].sort((a, b) => a.rotation - b.rotation || a.name.length - b.name.length || byWriting(a.name, b.name));
  return ranked[0]?.name ?? '';
}
