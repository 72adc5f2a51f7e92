/** What one look at a source brought to light goes into the database: points, config, facts, problems and the new offset. */
import type { Batch, BatchSeries } from '../formats/batch.ts';
import type { ConfigTable } from './config.ts';
import { fromJson, toJson } from './json.ts';
import type { Statements } from './lazyStatements.ts';
import { RESTART_DUE, setFlag } from './marks.ts';
import type { Problems } from './problems.ts';
import { replaceSeries } from './replace.ts';
import { type SeriesState, type SeriesTable, heldRows, keyOf } from './series.ts';
import { type ProvisionalWords, readerText } from './sources.ts';
import type { Commit, SeriesRow, SourcePosition, SourceRow } from './store.ts';

/** What is held in memory of a source that is being written; the database has the same. */
export interface SourceState {
  id: number;
  generation: number;
  facts: string;
  state: SourceRow['state'];
  hasProvisional: boolean;
  /** The series of the current generation by `keyOf`. */
  series: Map<string, SeriesState>;
}

export interface CommitTables {
  series: SeriesTable;
  config: ConfigTable;
  problems: Problems;
  /** The points of a series were dropped or replaced. */
  changed: (seriesId: number) => void;
}

export interface Committer {
  /** Must run inside a transaction. */
  commit(commit: Commit): void;
  /**
   * The series of a source that was written lately, from memory: hundreds of growing runs are shown without asking the database. null if it
   * is not held, or has provisional points, which only the database knows.
   */
  rows(sourceId: number): SeriesRow[] | null;
  /** Forgets what is held in memory: the transaction was rolled back, or rows were changed behind its back. */
  forget(): void;
}

/** More sources than this are not held in memory at once. */
const MOST_SOURCES = 2000;

export function openCommitter(db: Statements, tables: CommitTables): Committer {
  const update = db.prepare(
    `UPDATE sources SET device = ?, inode = ?, size = ?, "offset" = ?, marker = ?, mtime = ?, reader = ?,
       grew_at = coalesce(?, grew_at), generation = ?, facts = ?, state = ?, provisional = ?, gone = 0 WHERE id = ?`,
  );
  const save = (source: SourceState, p: SourcePosition, grewAtMs: number | null, words: string | null) => {
    const position = [p.device, p.inode, p.size, p.offset, p.marker, p.mtimeMs, readerText(p)];
    update.run(...position, grewAtMs, source.generation, source.facts, source.state, words, source.id);
  };
  const states = openStates(db, tables.series);
  return {
    commit({ sourceId, position, batch, mode, provisional, grewAtMs }) {
      const source = states.of(sourceId);
      if (source.hasProvisional || provisional) tables.config.forget(sourceId);
      if (source.hasProvisional) dropProvisional(tables, source);
      if (mode !== 'append') startAfresh(tables, source, mode);
      if (mode === 'replace') replaceSeries(tables, source, batch);
      else appendSeries(tables, source, batch);
      takeWords(tables, source, batch);
      const words = provisional ? addProvisional(tables, source, provisional) : null;
      source.hasProvisional = words !== null;
      save(source, position, grewAtMs, words);
    },
    rows(sourceId) {
      const source = states.held(sourceId);
      return source && !source.hasProvisional ? heldRows(sourceId, source.generation, source.series.values()) : null;
    },
    forget: states.clear,
  };
}

interface States {
  of(sourceId: number): SourceState;
  held(sourceId: number): SourceState | undefined;
  clear(): void;
}

function openStates(db: Statements, series: SeriesTable): States {
  const load = db.prepare<[number], { generation: number; facts: string; state: SourceRow['state']; provisional: string | null }>(
    'SELECT generation, facts, state, provisional FROM sources WHERE id = ?',
  );
  const states = new Map<number, SourceState>();
  return {
    of(id) {
      const held = states.get(id);
      if (held) return held;
      const found = load.get(id);
      if (!found) throw new RangeError(`There is no source ${id}`);
      if (states.size >= MOST_SOURCES) states.clear();
      const { generation, facts, state } = found;
      const made = { id, generation, facts, state, hasProvisional: found.provisional !== null, series: series.states(id, generation) };
      states.set(id, made);
      return made;
    },
    held: (id) => states.get(id),
    clear: () => states.clear(),
  };
}

/** The state of a series of a batch, made if it is new; its hints are brought up to date. */
export function seriesOf({ series }: CommitTables, source: SourceState, found: BatchSeries): SeriesState {
  const key = keyOf(found);
  let state = source.series.get(key);
  if (!state) {
    state = series.make(source.id, source.generation, found);
    source.series.set(key, state);
    return state;
  }
  const hints = JSON.stringify(found.hints);
  if (hints !== state.hints && hints !== '{}') series.setHints(state, hints);
  return state;
}

function startAfresh({ config, problems }: CommitTables, source: SourceState, mode: 'replace' | 'generation'): void {
  config.dropAll(source.id);
  source.facts = '{}';
  source.state = null;
  if (mode === 'generation') {
    source.generation += 1;
    source.series = new Map();
  } else problems.dropAll(source.id);
}

function appendSeries(tables: CommitTables, source: SourceState, batch: Batch): void {
  for (const found of batch.list) {
    if (found.points.length > 0) tables.series.append(seriesOf(tables, source, found), found.points, found.restarts);
    else if (found.restarts.length > 0) restartLater(tables, source.series.get(keyOf(found)));
  }
  if (!batch.restarted) return;
  const named = new Set(batch.list.map(keyOf));
  for (const [key, state] of source.series) if (!named.has(key)) restartLater(tables, state);
}

function restartLater({ series }: CommitTables, state: SeriesState | undefined): void {
  if (!state || state.summary.count === 0) return;
  setFlag(state.summary, RESTART_DUE);
  series.save(state);
}

function takeWords({ config, problems }: CommitTables, source: SourceState, batch: Batch): void {
  for (const [key, value] of batch.configs) config.set(source.id, key, value);
  if (batch.facts.size > 0) source.facts = toJson({ ...(fromJson(source.facts) as object), ...Object.fromEntries(batch.facts) });
  if (batch.state) source.state = batch.state;
  problems.add(source.id, source.generation, batch, false);
}

function dropProvisional({ series, problems }: CommitTables, source: SourceState): void {
  series.dropProvisional(source.id);
  problems.dropProvisional(source.id);
}

/** Keeps what a last line without its newline said, and returns the words among it. */
function addProvisional(tables: CommitTables, source: SourceState, batch: Batch): string {
  for (const found of batch.list) {
    if (found.points.length > 0) tables.series.addProvisional(seriesOf(tables, source, found), source.id, found);
  }
  tables.problems.add(source.id, source.generation, batch, true);
  const words: ProvisionalWords = { config: [...batch.configs], facts: [...batch.facts], state: batch.state };
  return toJson(words);
}
