/** Which runs there are and what each of them shows, kept current as sources grow. Knows the store, not the files. */
import type { ConfigValue } from '../formats/format.ts';
import type { SeriesRow, ShownSource, Store } from '../store/store.ts';
import type { Corrections, RunSeries, RunSource } from './assemble.ts';
import { AssembledRun, type Root } from './assembledRun.ts';
import { groupSources, type Assignment } from './group.ts';
import { AssignedSource, KnownSource, seriesAsAsked } from './known.ts';
import { storedValues } from './storedValues.ts';

export interface Run {
  /** `<root id>:<folder>`, unique over all roots. */
  readonly key: string;
  readonly rootId: number;
  readonly folder: string;
  sources: RunSource[];
  readonly series: RunSeries[];
  /** Joined over the sources, the most trusted winning. */
  readonly config: ReadonlyMap<string, ConfigValue>;
  readonly facts: ReadonlyMap<string, string | number>;
  /** Goes up whenever the stored data behind the run changed. */
  readonly version: number;
}

export interface Catalogue {
  /** All runs, in the order of their keys. */
  runs(): readonly Run[];
  run(key: string): Run | null;
  isEmpty(): boolean;
  runOfSource(sourceId: number): Run | null;
  /** Reads a root from the store anew and regroups it. Returns the keys that changed and those that went. */
  reload(rootId: number): { changed: string[]; removed: string[] };
  /** The same at a start: series are read when they are asked for, at the latest by `readAll`, before which nothing may be written. */
  open(rootId: number): void;
  readAll(): void;
  /** Takes in that these sources changed; regroups their root if a source or a series is new. */
  refresh(sourceIds: readonly number[]): { changed: string[]; removed: string[] };
}

const NO_CONFIG: ReadonlyMap<string, ConfigValue> = new Map();

/** `isConfigOnly` says which formats hold configuration only; `corrections` are the user's words on a root's series. */
export function openCatalogue(store: Store, isConfigOnly: (format: string) => boolean, corrections: (rootId: number) => Corrections): Catalogue {
  const sources = new Map<number, KnownSource>();
  const runs = new Map<string, Run>();
  const runBySource = new Map<number, string>();
  const valueAt = storedValues(store);
  /** Sources by root whose growth may change the grouping. */
  const unsettled = new Map<number, ReadonlySet<number>>();
  /** Roots at whose grouping the database failed: it is to be done again. */
  const halfway = new Set<number>();
  /** Keys of runs that were put together anew, and of those that went, since such keys were last returned: the database may fail in between. */
  const changed = new Set<string>();
  const removed = new Set<string>();
  /** Keys of all runs in their order; null after one came or went. And the runs themselves; null after one changed. */
  let order: string[] | null = null;
  let ordered: Run[] | null = null;

  function load(row: ShownSource, read: (row: ShownSource) => SeriesRow[]): KnownSource {
    const known = new KnownSource(row, isConfigOnly(row.format) || row.format === '', read);
    sources.set(row.id, known);
    return known;
  }

  function rebuild(folder: string, members: RunSource[], root: Root): void {
    const key = `${root.rootId}:${folder}`;
    const before = runs.get(key);
    const run = new AssembledRun(key, folder, members, root, (before?.version ?? 0) + 1, valueAt);
    if (!before) order = null;
    runs.set(key, run);
    ordered = null;
    for (const { row } of members) runBySource.set(row.id, key);
    changed.add(key);
    removed.delete(key);
  }

  /** What is asked for once for all runs of a root. */
  function rootOf(rootId: number, config: Root['config'] = store.config): Root {
    return { rootId, words: corrections(rootId), config };
  }

  function regroup(root: Root): void {
    const { rootId } = root;
    halfway.add(rootId);
    const own = [...sources.values()].filter(({ row }) => row.rootId === rootId);
    const { assigned, unsettled: open } = groupSources(own, valueAt);
    unsettled.set(rootId, open);
    const byFolder = new Map<string, RunSource[]>();
    for (const known of own) {
      const assignment = assigned.get(known.row.id);
      if (!assignment) continue;
      const there = byFolder.get(assignment.run);
      const source = new AssignedSource(known, assignment);
      if (there) there.push(source);
      else byFolder.set(assignment.run, [source]);
    }
    for (const [folder, members] of byFolder) {
      const before = runs.get(`${rootId}:${folder}`);
      if (!before || !sameMembers(before.sources, members)) rebuild(folder, members, root);
    }
    for (const run of runs.values()) if (run.rootId === rootId && !byFolder.has(run.folder)) remove(run.key);
    halfway.delete(rootId);
  }

  function remove(key: string): void {
    runs.delete(key);
    order = ordered = null;
    removed.add(key);
    changed.delete(key);
  }

  /** Which runs are to be told. */
  function taken(): { changed: string[]; removed: string[] } {
    const keys = { changed: [...changed], removed: [...removed] };
    changed.clear();
    removed.clear();
    return keys;
  }

  function refresh(sourceIds: readonly number[]): { changed: string[]; removed: string[] } {
    const roots = new Set<number>();
    const grown = new Set<string>();
    // All is read before anything is taken in: what is new is told from what was known, also at a second try.
    const read = sourceIds.flatMap((id) => {
      const row = store.shownSource(id);
      return row ? [{ id, row, series: store.series(id) }] : [];
    });
    for (const { id, row, series } of read) {
      const before = sources.get(id);
      const now = load(row, () => series);
      const key = runBySource.get(id);
      if (!before || key === undefined || !runs.has(key) || before.row.path !== row.path || isNews(before.series, now.series) || unsettled.get(row.rootId)?.has(id) || halfway.has(row.rootId)) roots.add(row.rootId);
      else grown.add(key);
    }
    for (const rootId of roots) regroup(rootOf(rootId));
    let root: Root | null = null;
    for (const key of grown) {
      const run = runs.get(key);
      if (!run || roots.has(run.rootId)) continue;
      if (root?.rootId !== run.rootId) root = rootOf(run.rootId);
      rebuild(run.folder, run.sources.map((source) => current(source, sources)), root);
    }
    return taken();
  }

  function reload(rootId: number, read: (row: ShownSource) => SeriesRow[]): { changed: string[]; removed: string[] } {
    for (const [id, { row }] of sources) if (row.rootId === rootId) sources.delete(id);
    for (const row of store.shownSources(rootId)) load(row, read);
    for (const run of runs.values()) if (run.rootId === rootId) run.sources = [];
    const configs = store.configOfRoot(rootId);
    regroup(rootOf(rootId, (sourceId) => configs.get(sourceId) ?? NO_CONFIG));
    return taken();
  }

  return {
    runs() {
      order ??= [...runs.keys()].sort();
      return (ordered ??= order.flatMap((key) => runs.get(key) ?? []));
    },
    run: (key) => runs.get(key) ?? null,
    isEmpty: () => runs.size === 0,
    runOfSource: (sourceId) => runs.get(runBySource.get(sourceId) ?? '') ?? null,
    reload: (rootId) =>
      store.read(() => {
        const series = store.seriesOfRoot(rootId);
        return reload(rootId, ({ id }) => series.get(id) ?? []);
      }),
    open: (rootId) => void store.read(() => reload(rootId, seriesAsAsked(store, rootId))),
    readAll: () => store.read(() => sources.forEach((known) => void known.series)),
    refresh: (sourceIds) => store.read(() => refresh(sourceIds)),
  };
}

function current(source: RunSource, sources: ReadonlyMap<number, KnownSource>): RunSource {
  const known = sources.get(source.row.id);
  return known ? new AssignedSource(known, source.assignment) : source;
}

/** A new series can change the grouping (add_scalars children are told by their names). */
function isNews(before: readonly SeriesRow[], now: readonly SeriesRow[]): boolean {
  return before.length !== now.length || before.some((series, at) => series.id !== now[at]?.id);
}

function sameMembers(before: readonly RunSource[], now: readonly RunSource[]): boolean {
  if (before.length !== now.length) return false;
  return now.every((source, at) => {
    const other = before[at];
    // A row is read together with its series.
    return other !== undefined && other.row === source.row && sameAssignment(other.assignment, source.assignment);
  });
}

function sameAssignment(a: Assignment, b: Assignment): boolean {
  return a.run === b.run && a.split === b.split && a.suffix === b.suffix;
}
