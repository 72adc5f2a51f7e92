/** The series of a source: found, made, changed, and told to the rest of the service. */
import type { Database } from 'better-sqlite3';
import type { BatchSeries } from '../formats/batch.ts';
import type { SeriesHints } from '../formats/format.ts';
import { Points } from '../points.ts';
import { type Blocks, type TailBlock } from './blocks.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import {
  HAS_EPOCH, HAS_STEP, HAS_TIME, type Summary, bytesOfMarks, emptySummary, extremes, flagsOf, marksOfBytes, take,
} from './marks.ts';
import { wellFormed } from './json.ts';
import type { SeriesRow } from './store.ts';

/** What is held in memory of a series that is being written. The database has the same, see `save`. */
export interface SeriesState {
  id: number;
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

interface StoredProvisional {
  series_id: number;
  count: number;
  restarts: string;
  data: Uint8Array;
}

export interface SeriesTable {
  /** The series of one generation of a source by `keyOf`. */
  states(sourceId: number, generation: number): Map<string, SeriesState>;
  make(sourceId: number, generation: number, series: BatchSeries): SeriesState;
  /** Adds the points to the blocks and the summary, and writes the summary. */
  append(state: SeriesState, points: Points, restarts: readonly number[]): void;
  /** Drops all points; the series stays. */
  empty(state: SeriesState): void;
  save(state: SeriesState): void;
  setHints(state: SeriesState, hints: string): void;
  delete(seriesId: number): void;
  addProvisional(state: SeriesState, sourceId: number, series: BatchSeries): void;
  dropProvisional(sourceId: number): void;
  /** What is known of all points, provisional ones included, and those. */
  stored(seriesId: number): { summary: Summary; provisional: Points | null };
  rows(sourceId: number): SeriesRow[];
}

export function keyOf(series: { name: string; hints: SeriesHints }): string {
  return `${series.hints.split ?? ''}\u0000${wellFormed(series.name)}`;
}

export function openSeries(db: Database, blocks: Blocks): SeriesTable {
  const ofGeneration = db.prepare<[number, number], StoredSeries>('SELECT * FROM series WHERE source_id = ? AND generation = ?');
  const ofSource = db.prepare<[number], StoredSeries>('SELECT * FROM series WHERE source_id = ? ORDER BY generation, id');
  const byId = db.prepare<[number], StoredSeries>('SELECT * FROM series WHERE id = ?');
  const add = db.prepare('INSERT INTO series (source_id, generation, split, name, hints, marks) VALUES (?, ?, ?, ?, ?, ?)');
  const update = db.prepare('UPDATE series SET count = ?, non_finite = ?, marks = ? WHERE id = ?');
  const updateSegments = db.prepare('UPDATE series SET segments = ? WHERE id = ?');
  const updateHints = db.prepare('UPDATE series SET hints = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM series WHERE id = ?');
  const addProvisional = db.prepare('INSERT INTO provisional (series_id, source_id, count, restarts, data) VALUES (?, ?, ?, ?, ?)');
  const dropProvisional = db.prepare('DELETE FROM provisional WHERE source_id = ?');
  const provisionalOf = db.prepare<[number], StoredProvisional>('SELECT * FROM provisional WHERE series_id = ?');
  const provisionalOfSource = db.prepare<[number], StoredProvisional>('SELECT * FROM provisional WHERE source_id = ?');

  const save = (state: SeriesState) => {
    const { summary } = state;
    update.run(summary.count, summary.nonFinite, bytesOfMarks(summary), state.id);
  };
  return {
    states(sourceId, generation) {
      const states = new Map<string, SeriesState>();
      for (const stored of ofGeneration.all(sourceId, generation)) {
        states.set(`${stored.split}\u0000${stored.name}`, { id: stored.id, hints: stored.hints, summary: summaryOf(stored), tail: null });
      }
      return states;
    },
    make(sourceId, generation, series) {
      const hints = JSON.stringify(series.hints);
      const summary = emptySummary();
      const name = wellFormed(series.name);
      const { lastInsertRowid } = add.run(sourceId, generation, series.hints.split ?? '', name, hints, bytesOfMarks(summary));
      return { id: Number(lastInsertRowid), hints, summary, tail: [] };
    },
    append(state, points, restarts) {
      state.tail ??= blocks.tail(state.id);
      const segments = state.summary.segments.length;
      blocks.append(state.id, state.summary.count, state.tail, points);
      take(state.summary, points, restarts);
      save(state);
      if (state.summary.segments.length !== segments) updateSegments.run(JSON.stringify(state.summary.segments), state.id);
    },
    empty(state) {
      blocks.clear(state.id);
      state.summary = emptySummary();
      state.tail = [];
      save(state);
      updateSegments.run('[]', state.id);
    },
    save,
    setHints(state, hints) {
      updateHints.run(hints, state.id);
      state.hints = hints;
    },
    delete: (seriesId) => void remove.run(seriesId),
    addProvisional(state, sourceId, { points, restarts }) {
      addProvisional.run(state.id, sourceId, points.length, JSON.stringify(restarts), encodeBlock(points, 0, points.length).bytes);
    },
    dropProvisional: (sourceId) => void dropProvisional.run(sourceId),
    stored(seriesId) {
      const stored = byId.get(seriesId);
      if (!stored) throw new RangeError(`There is no series ${seriesId}`);
      return withProvisional(stored, provisionalOf.get(seriesId));
    },
    rows(sourceId) {
      const more = new Map(provisionalOfSource.all(sourceId).map((row) => [row.series_id, row]));
      const all = ofSource.all(sourceId).map((stored) => rowOf(stored, withProvisional(stored, more.get(stored.id)).summary));
      return all.filter((row) => row.count > 0);
    },
  };
}

function summaryOf(stored: StoredSeries): Summary {
  const { count, non_finite: nonFinite, segments, marks } = stored;
  return { count, nonFinite, segments: JSON.parse(segments) as number[], marks: marksOfBytes(marks) };
}

function withProvisional(stored: StoredSeries, more: StoredProvisional | undefined): { summary: Summary; provisional: Points | null } {
  const summary = summaryOf(stored);
  if (!more) return { summary, provisional: null };
  const provisional = new Points(more.count);
  provisional.length = decodeBlock(more.data, provisional, 0);
  take(summary, provisional, JSON.parse(more.restarts) as number[]);
  return { summary, provisional };
}

function rowOf(stored: StoredSeries, summary: Summary): SeriesRow {
  const flags = flagsOf(summary);
  return {
    id: stored.id,
    sourceId: stored.source_id,
    generation: stored.generation,
    name: stored.name,
    hints: JSON.parse(stored.hints) as SeriesHints,
    count: summary.count,
    nonFinite: summary.nonFinite,
    segments: summary.segments,
    ...extremes(summary),
    hasStep: (flags & HAS_STEP) !== 0,
    hasEpoch: (flags & HAS_EPOCH) !== 0,
    hasTime: (flags & HAS_TIME) !== 0,
  };
}
