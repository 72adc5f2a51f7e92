/** What one look at a source brought to light goes into the database: points, config, facts, problems and the new offset. */
import type { Database } from 'better-sqlite3';
import type { Batch, BatchSeries } from '../formats/batch.ts';
import { Points } from '../points.ts';
import type { Blocks } from './blocks.ts';
import { fromJson, toJson, wellFormed } from './json.ts';
import { RESTART_DUE, setFlag } from './marks.ts';
import type { Problems } from './problems.ts';
import { type SeriesState, type SeriesTable, keyOf } from './series.ts';
import { type ProvisionalWords, readerText } from './sources.ts';
import type { Commit, SourceRow } from './store.ts';

/** What is held in memory of a source that is being written. */
interface SourceState {
  id: number;
  generation: number;
  facts: string;
  state: SourceRow['state'];
  hasProvisional: boolean;
  series: Map<string, SeriesState>;
}

export interface Committer {
  /** Must run inside a transaction. Returns how many points there are more than before. */
  commit(commit: Commit): void;
  /** Forgets what is held in memory: the transaction was rolled back, or rows were removed behind its back. */
  forget(): void;
}

/** More sources than this are not held in memory at once. */
const MOST_SOURCES = 2000;

interface Parts {
  series: SeriesTable;
  blocks: Blocks;
  problems: Problems;
  /** The points of a series were dropped or replaced. */
  changed: (seriesId: number) => void;
}

export function openCommitter(db: Database, parts: Parts): Committer {
  const { series, problems } = parts;
  const states = new Map<number, SourceState>();
  const load = db.prepare<[number], { generation: number; facts: string; state: SourceRow['state']; provisional: string | null }>(
    'SELECT generation, facts, state, provisional FROM sources WHERE id = ?',
  );
  const update = db.prepare(
    `UPDATE sources SET device = ?, inode = ?, size = ?, "offset" = ?, marker = ?, mtime = ?, reader = ?,
       grew_at = coalesce(?, grew_at), generation = ?, facts = ?, state = ?, provisional = ?, gone = 0 WHERE id = ?`,
  );
  const setConfig = db.prepare('INSERT OR REPLACE INTO config (source_id, key, value) VALUES (?, ?, ?)');
  const dropConfig = db.prepare('DELETE FROM config WHERE source_id = ?');

  const stateOf = (id: number): SourceState => {
    const held = states.get(id);
    if (held) return held;
    const found = load.get(id);
    if (!found) throw new RangeError(`There is no source ${id}`);
    if (states.size >= MOST_SOURCES) states.clear();
    const state: SourceState = {
      id, generation: found.generation, facts: found.facts, state: found.state,
      hasProvisional: found.provisional !== null, series: series.states(id, found.generation),
    };
    states.set(id, state);
    return state;
  };

  const seriesOf = (source: SourceState, found: BatchSeries): SeriesState => {
    const key = keyOf(found);
    let state = source.series.get(key);
    if (!state) {
      state = series.make(source.id, source.generation, found);
      source.series.set(key, state);
    } else {
      const hints = JSON.stringify(found.hints);
      if (hints !== state.hints && hints !== '{}') series.setHints(state, hints);
    }
    return state;
  };

  const startAfresh = (source: SourceState, mode: 'replace' | 'generation') => {
    dropConfig.run(source.id);
    source.facts = '{}';
    source.state = null;
    if (mode === 'generation') {
      source.generation += 1;
      source.series = new Map();
    } else problems.dropAll(source.id);
  };

  const appendSeries = (source: SourceState, batch: Batch) => {
    for (const found of batch.list) {
      if (found.points.length > 0) series.append(seriesOf(source, found), found.points, found.restarts);
      else if (found.restarts.length > 0) restartLater(source.series.get(keyOf(found)));
    }
    if (!batch.restarted) return;
    const named = new Set(batch.list.map(keyOf));
    for (const [key, state] of source.series) if (!named.has(key)) restartLater(state);
  };

  const restartLater = (state: SeriesState | undefined) => {
    if (!state || state.summary.count === 0) return;
    setFlag(state.summary, RESTART_DUE);
    series.save(state);
  };

  /** A snapshot that only grew is appended to: its first points are those that are there. */
  const replaceSeries = (source: SourceState, batch: Batch) => {
    const named = new Set<string>();
    for (const found of batch.list) {
      if (found.points.length === 0) continue;
      named.add(keyOf(found));
      const state = seriesOf(source, found);
      const known = state.summary.count;
      const restarts = found.restarts.filter((at) => at >= known).map((at) => at - known);
      if (restarts.length === found.restarts.length && continues(parts.blocks, state, found.points)) {
        if (found.points.length > known) series.append(state, rest(found.points, known), restarts);
        continue;
      }
      series.empty(state);
      parts.changed(state.id);
      series.append(state, found.points, found.restarts);
    }
    for (const [key, state] of source.series) {
      if (named.has(key)) continue;
      series.delete(state.id);
      parts.changed(state.id);
      source.series.delete(key);
    }
  };

  const dropProvisional = (source: SourceState) => {
    series.dropProvisional(source.id);
    problems.dropProvisional(source.id);
  };

  const addProvisional = (source: SourceState, batch: Batch): string => {
    for (const found of batch.list) {
      if (found.points.length > 0) series.addProvisional(seriesOf(source, found), source.id, found);
    }
    problems.add(source.id, source.generation, batch, true);
    const words: ProvisionalWords = { config: [...batch.configs], facts: [...batch.facts], state: batch.state };
    return toJson(words);
  };

  return {
    commit({ sourceId, position, batch, mode, provisional, grewAtMs }) {
      const source = stateOf(sourceId);
      if (source.hasProvisional) dropProvisional(source);
      if (mode !== 'append') startAfresh(source, mode);
      if (mode === 'replace') replaceSeries(source, batch);
      else appendSeries(source, batch);
      for (const [key, value] of batch.configs) setConfig.run(sourceId, wellFormed(key), toJson(value));
      if (batch.facts.size > 0) source.facts = toJson({ ...(fromJson(source.facts) as object), ...Object.fromEntries(batch.facts) });
      if (batch.state) source.state = batch.state;
      problems.add(sourceId, source.generation, batch, false);
      const words = provisional ? addProvisional(source, provisional) : null;
      source.hasProvisional = words !== null;
      const p = position;
      update.run(
        p.device, p.inode, p.size, p.offset, p.marker, p.mtimeMs, readerText(p),
        grewAtMs, source.generation, source.facts, source.state, words, sourceId,
      );
    },
    forget: () => states.clear(),
  };
}

/** True if the stored points are the first of `points`. */
function continues(blocks: Blocks, state: SeriesState, points: Points): boolean {
  const known = state.summary.count;
  if (known > points.length) return false;
  const old = blocks.read(state.id, known);
  for (const column of ['value', 'step', 'epoch', 'time'] as const) {
    const [a, b] = [old[column], points[column]];
    for (let i = 0; i < known; i += 1) if (a[i] !== b[i] && !Object.is(a[i], b[i])) return false;
  }
  return true;
}

function rest(points: Points, from: number): Points {
  const more = new Points(0);
  for (const column of ['step', 'epoch', 'time', 'value'] as const) more[column] = points[column].subarray(from, points.length);
  more.length = points.length - from;
  return more;
}
