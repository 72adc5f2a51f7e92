/** The series of a source: found, made, changed, and told to the rest of the service. */
import type { BatchSeries } from '../formats/batch.ts';
import type { SeriesHints } from '../formats/format.ts';
import type { Points } from '../points.ts';
import type { Blocks } from './blocks.ts';
import { checked, withChecksum } from './checksum.ts';
import {
  HAS_EPOCH, HAS_STEP, HAS_TIME, type Summary, bytesOfMarks, emptySummary, extremes, flagsOf, lacksEnd, marksOfBytes, noteEnd, take,
} from './marks.ts';
import { fromJson, wellFormed } from './json.ts';
import { CHUNK } from './layout.ts';
import type { Statements } from './lazyStatements.ts';
import { type TakeInto, openProvisional } from './provisional.ts';
import { openRowsOfRoot } from './rowsOfRoot.ts';
import type { SeriesRow } from './store.ts';
import type { TailBlock } from './tails.ts';
import type { Tally } from './tally.ts';

/** What is held in memory of a series that is being written. The database has the same, see `save`. */
export interface SeriesState {
  id: number;
  split: string;
  name: string;
  hints: string;
  summary: Summary;
  /** null: not looked up yet. */
  tail: TailBlock[] | null;
}

interface StoredSeries {
  id: number;
  source_id: number;
  generation: number;
  split: string;
  name: string;
  hints: string;
  count: number;
  non_finite: number;
  segments: string;
  marks: Uint8Array;
}

export interface SeriesTable {
  /** The series of one generation of a source by `keyOf`. */
  states(sourceId: number, generation: number): Map<string, SeriesState>;
  make(sourceId: number, generation: number, series: BatchSeries): SeriesState;
  /** Adds the points to the blocks and the summary, and writes the summary. */
  append(state: SeriesState, points: Points, restarts: readonly number[]): void;
  /** Drops all points; the series stays. */
  empty(state: SeriesState): void;
  /** The points without provisional ones. */
  points(state: SeriesState): Points;
  save(state: SeriesState): void;
  setHints(state: SeriesState, hints: string): void;
  delete(state: SeriesState): void;
  addProvisional(state: SeriesState, sourceId: number, series: BatchSeries): void;
  dropProvisional(sourceId: number): void;
  /** What is known of all points, provisional ones included, and those. */
  stored(seriesId: number): { summary: Summary; provisional: Points | null };
  /** Those of the current generation: a file that was replaced a hundred times is read as fast as another. */
  rows(sourceId: number): SeriesRow[];
  /** Those of former generations. */
  superseded(sourceId: number): SeriesRow[];
  /** The same as `rows` for all sources of a root, by source: one question instead of two for each. Sources without series are left out. */
  rowsOfRoot(rootId: number): Map<number, SeriesRow[]>;
}

export function keyOf(series: { name: string; hints: SeriesHints }): string {
  return `${series.hints.split ?? ''}\u0000${wellFormed(series.name)}`;
}

export function openSeries(db: Statements, blocks: Blocks, tally: Tally): SeriesTable {
  const provisional = openProvisional(db);
  const current = 'SELECT series.* FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation = sources.generation';
  const ofSource = db.prepare<[number], StoredSeries>(`${current} WHERE sources.id = ? ORDER BY series.id`);
  const formerOf = db.prepare<[number], StoredSeries>(
    'SELECT series.* FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation < sources.generation WHERE sources.id = ? ORDER BY series.generation, series.id',
  );
  const ofRoot = openRowsOfRoot(db);
  const byId = db.prepare<[number], StoredSeries>('SELECT * FROM series WHERE id = ?');
  const rows = (sourceId: number): SeriesRow[] => rowsOf(blocks, ofSource.all(sourceId), provisional.ofSource(sourceId));
  return {
    ...openWriting(db, blocks, tally),
    addProvisional: (state, sourceId, series) => provisional.add(state.id, sourceId, series),
    dropProvisional: provisional.drop,
    stored(seriesId) {
      const stored = byId.get(seriesId);
      if (!stored) throw new RangeError(`There is no series ${seriesId}`);
      const summary = summaryOf(stored);
      return { summary, provisional: provisional.takeInto(summary, seriesId) };
    },
    rows,
    superseded: (sourceId) => rowsOf(blocks, formerOf.all(sourceId), () => null),
    rowsOfRoot(rootId) {
      const { bySource, endless } = ofRoot(rootId);
      // An unfinished last line is seldom; with it a series may have its first point.
      for (const id of [...provisional.sourcesOfRoot(rootId), ...endless]) bySource.set(id, rows(id));
      return bySource;
    },
  };
}

type Writing = Omit<SeriesTable, 'addProvisional' | 'dropProvisional' | 'stored' | 'rows' | 'superseded' | 'rowsOfRoot'>;

function openWriting(db: Statements, blocks: Blocks, tally: Tally): Writing {
  const ofGeneration = db.prepare<[number, number], StoredSeries>('SELECT * FROM series WHERE source_id = ? AND generation = ?');
  const add = db.prepare('INSERT INTO series (source_id, generation, split, name, hints, marks) VALUES (?, ?, ?, ?, ?, ?)');
  const update = db.prepare('UPDATE series SET count = ?, non_finite = ?, marks = ? WHERE id = ?');
  const updateSegments = db.prepare('UPDATE series SET segments = ? WHERE id = ?');
  const updateHints = db.prepare('UPDATE series SET hints = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM series WHERE id = ?');
  const save = (state: SeriesState) => {
    const { count, nonFinite } = state.summary;
    update.run(count, nonFinite, checkedMarks(state), state.id);
  };
  return {
    states(sourceId, generation) {
      const known = ofGeneration.all(sourceId, generation);
      return new Map(known.map((stored) => [`${stored.split}\u0000${stored.name}`, stateOf(blocks, stored)]));
    },
    make(sourceId, generation, series) {
      const hints = JSON.stringify(series.hints);
      const summary = emptySummary();
      const name = wellFormed(series.name);
      const named = { split: series.hints.split ?? '', name, hints, summary };
      const { lastInsertRowid } = add.run(sourceId, generation, named.split, name, hints, checkedMarks(named));
      return { ...named, id: Number(lastInsertRowid), tail: [] };
    },
    append(state, points, restarts) {
      state.tail ??= blocks.tail(state.id);
      const segments = state.summary.segments.length;
      blocks.append(state.id, state.summary.count, state.tail, points);
      take(state.summary, points, restarts);
      tally.add(points.length);
      save(state);
      if (state.summary.segments.length !== segments) updateSegments.run(JSON.stringify(state.summary.segments), state.id);
    },
    empty(state) {
      blocks.clear(state.id);
      tally.add(-state.summary.count);
      state.summary = emptySummary();
      state.tail = [];
      save(state);
      updateSegments.run('[]', state.id);
    },
    points: (state) => blocks.read(state.id, state.summary.count),
    save,
    setHints(state, hints) {
      updateHints.run(hints, state.id);
      state.hints = hints;
      save(state);
    },
    delete({ id, summary }) {
      remove.run(id);
      tally.add(-summary.count);
    },
  };
}

function stateOf(blocks: Blocks, stored: StoredSeries): SeriesState {
  const { id, split, name, hints } = stored;
  return { id, split, name, hints, summary: withEnd(blocks, stored), tail: null };
}

/** The marks with a checksum that also holds for what stands beside them in the row. */
function checkedMarks({ split, name, hints, summary }: Pick<SeriesState, 'split' | 'name' | 'hints' | 'summary'>): Uint8Array {
  return withChecksum(bytesOfMarks(summary), besides({ count: summary.count, non_finite: summary.nonFinite, segments: JSON.stringify(summary.segments), split, name, hints }));
}

function besides({ count, non_finite: nonFinite, segments, split, name, hints }: Omit<StoredSeries, 'id' | 'source_id' | 'generation' | 'marks'>): string {
  return `${count} ${nonFinite} ${segments} ${split} ${name} ${hints}`;
}

function summaryOf(stored: StoredSeries): Summary {
  const { count, non_finite: nonFinite, segments, marks } = stored;
  const sound = checked(marks, 'summary of a series', besides(stored));
  // Nearly all: parsing texts that say so little took a tenth of opening a folder that is known.
  return { count, nonFinite, segments: segments === '[0]' ? [0] : (fromJson(segments) as number[]), marks: marksOfBytes(sound) };
}

/** The summary with the value that the series ends with, looked up where a former version did not note it. */
function withEnd(blocks: Blocks, stored: StoredSeries): Summary {
  const summary = summaryOf(stored);
  if (lacksEnd(summary)) {
    const newest = blocks.read(stored.id, stored.count, Math.floor((stored.count - 1) / CHUNK));
    noteEnd(summary, newest.value[newest.length - 1]!);
  }
  return summary;
}

function rowsOf(blocks: Blocks, all: readonly StoredSeries[], takeInto: TakeInto): SeriesRow[] {
  const rows: SeriesRow[] = [];
  for (const stored of all) {
    const summary = withEnd(blocks, stored);
    takeInto(summary, stored.id);
    if (summary.count > 0) rows.push(rowOf(stored, summary));
  }
  return rows;
}

/** The rows of series of one generation of a source as they are held in memory, without provisional points. */
export function heldRows(sourceId: number, generation: number, series: Iterable<SeriesState>): SeriesRow[] {
  const rows: SeriesRow[] = [];
  for (const { id, name, hints, summary } of series) {
    // The held segments grow on.
    if (summary.count > 0) rows.push(rowOf({ id, name, hints, generation, source_id: sourceId }, { ...summary, segments: [...summary.segments] }));
  }
  return rows.sort((a, b) => a.id - b.id);
}

function rowOf(stored: Pick<StoredSeries, 'id' | 'source_id' | 'generation' | 'name' | 'hints'>, summary: Summary): SeriesRow {
  const flags = flagsOf(summary);
  const { first, last, min, max, end } = extremes(summary);
  return {
    id: stored.id,
    sourceId: stored.source_id,
    generation: stored.generation,
    name: stored.name,
    hints: stored.hints === '{}' ? {} : (fromJson(stored.hints) as SeriesHints),
    count: summary.count,
    nonFinite: summary.nonFinite,
    segments: summary.segments,
    first,
    last,
    min,
    max,
    end,
    hasStep: (flags & HAS_STEP) !== 0,
    hasEpoch: (flags & HAS_EPOCH) !== 0,
    hasTime: (flags & HAS_TIME) !== 0,
  };
}
