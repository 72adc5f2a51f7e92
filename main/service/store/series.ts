/** The series of a source: found, made, changed, and told to the rest of the service. */
import type { Database } from 'better-sqlite3';
import type { BatchSeries } from '../formats/batch.ts';
import type { SeriesHints } from '../formats/format.ts';
import { Points } from '../points.ts';
import { type Blocks, type TailBlock } from './blocks.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import {
  HAS_EPOCH, HAS_STEP, HAS_TIME, type Summary, bytesOfMarks, copySummary, emptySummary, extremes, flagsOf, marksOfBytes, take,
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
  /** Number of points that are not provisional, and the provisional ones. */
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
  const provisionalOf = db.prepare<[number], StoredProvisional>('SELECT count, restarts, data FROM provisional WHERE series_id = ?');

  const save = (state: SeriesState) => {
    const { summary } = state;
    update.run(summary.count, summary.nonFinite, bytesOfMarks(summary), state.id);
  };
  const provisional = (seriesId: number): { points: Points; restarts: number[] } | null => {
    const found = provisionalOf.get(seriesId);
    if (!found) return null;
    const points = new Points(found.count);
    points.length = decodeBlock(found.data, points, 0);
    return { points, restarts: JSON.parse(found.restarts) as number[] };
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
      const more = provisional(seriesId);
      const summary = summaryOf(stored);
      if (more) take(summary, more.points, more.restarts);
      return { summary, provisional: more?.points ?? null };
    },
    rows(sourceId) {
      const rows: SeriesRow[] = [];
      for (const stored of ofSource.all(sourceId)) {
        const more = provisional(stored.id);
        const summary = summaryOf(stored);
        if (more) take(summary, more.points, more.restarts);
        if (summary.count > 0) rows.push(rowOf(stored, summary));
      }
      return rows;
    },
  };
}

function summaryOf(stored: StoredSeries): Summary {
  return copySummary({
    count: stored.count,
    nonFinite: stored.non_finite,
    segments: JSON.parse(stored.segments) as number[],
    marks: marksOfBytes(stored.marks),
  });
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
