/** MLflow's database (format reference 3.2): `mlflow.db`, the default since MLflow 3.7. One source for each run in it. */
import { addConfig } from './config-values.ts';
import { columnsOf, type Database, isSqlite, readForeign, showsTables } from './foreign-database.ts';
import type { DatabaseFormat, Probe, Sink } from './format.ts';
import { stateOf } from './mlflow-state.ts';

export const mlflowDb: DatabaseFormat = {
  id: 'mlflow-db',
  title: 'MLflow database (mlflow.db)',
  kind: 'database',
  detect: (probe: Probe) => isSqlite(probe) && (isNamedSo(probe) || showsTables(probe, ['experiments', 'runs', 'metrics'])),
  poll: (file, mark, sinkOf) => readForeign(file, (database) => readNew(database, mark as Mark | undefined, sinkOf)),
};

/** The schema of a current mlflow.db does not fit into the first bytes, so its name or the folder of its artifacts has to do. */
function isNamedSo(probe: Probe): boolean {
  return /mlflow|mlruns/i.test(probe.name) || probe.siblings.has('mlruns') || probe.siblings.has('mlartifacts');
}

interface MetricRow {
  rowid: number;
  key: string;
  value: number;
  timestamp: number;
  run_uuid: string;
  step: number;
  is_nan: number;
}

interface Mark {
  /** Last row of `metrics` that was read, whole, so that it is known again when VACUUM has given it another number. */
  metric: MetricRow | null;
  param: number;
  run: number;
  /** Runs that had not ended. */
  open: string[];
  /** Runs that the user deleted in MLflow: left out, unless they are restored. */
  deleted: string[];
}

const START: Mark = { metric: null, param: 0, run: 0, open: [], deleted: [] };
/** How MLflow stores infinity. */
const LARGEST = Number.MAX_VALUE;

function readNew(database: Database, mark: Mark = START, sinkOf: (run: string) => Sink): Mark {
  const columns = columnsOf(database, 'metrics');
  if (!columns.has('run_uuid') || !columnsOf(database, 'runs').has('run_uuid')) throw new Error('it has no tables of MLflow');
  const { restored, ...runs } = readRuns(database, mark, sinkOf);
  const source: Source = { database, columns, sinkOf };
  for (const run of restored) readWhole(source, run, mark);
  return { ...runs, metric: readMetrics(source, mark.metric, runs.deleted), param: readParams(source, mark.param, runs.deleted) };
}

interface Source {
  database: Database;
  /** Columns of `metrics`; old versions lack some. */
  columns: ReadonlySet<string>;
  sinkOf: (run: string) => Sink;
}

interface RunRow {
  rowid: number;
  run_uuid: string;
  name: string | null;
  status: string | null;
  experiment: string | null;
  deleted: number;
}

/** Runs that are new, or had not ended or were deleted at the last poll. */
function readRuns(database: Database, mark: Mark, sinkOf: (run: string) => Sink): Omit<Mark, 'metric' | 'param'> & { restored: string[] } {
  const name = columnsOf(database, 'runs').has('name') ? 'runs.name' : 'NULL';
  const rows = database
    .prepare(
      `SELECT runs.rowid AS rowid, run_uuid, ${name} AS name, status, experiments.name AS experiment,
         runs.lifecycle_stage = 'deleted' AS deleted
       FROM runs LEFT JOIN experiments USING (experiment_id)
       WHERE runs.rowid > ? OR run_uuid IN (SELECT value FROM json_each(?)) ORDER BY runs.rowid`,
    )
    .all(mark.run, JSON.stringify([...mark.open, ...mark.deleted])) as RunRow[];
  const tags = database.prepare(`SELECT value FROM tags WHERE run_uuid = ? AND key = 'mlflow.runName'`).pluck();
  const before = new Set(mark.deleted);
  const result = { run: mark.run, open: [] as string[], deleted: [] as string[], restored: [] as string[] };
  for (const row of rows) {
    result.run = Math.max(result.run, row.rowid);
    if (row.deleted) {
      result.deleted.push(row.run_uuid);
      continue;
    }
    if (before.has(row.run_uuid)) result.restored.push(row.run_uuid);
    const sink = sinkOf(row.run_uuid);
    const named = row.name || (tags.get(row.run_uuid) as string | undefined);
    if (named) sink.fact('name', named);
    if (row.experiment) sink.fact('project', row.experiment);
    const state = stateOf(row.status);
    if (state !== null) sink.runState(state);
    if (state === null || state === 'running') result.open.push(row.run_uuid);
  }
  return result;
}

interface ParamRow {
  rowid: number;
  key: string;
  value: string;
  run_uuid: string;
}

function readParams({ database, sinkOf }: Source, after: number, deleted: readonly string[]): number {
  const rows = database.prepare('SELECT rowid, key, value, run_uuid FROM params WHERE rowid > ? ORDER BY rowid').all(after) as ParamRow[];
  const leftOut = new Set(deleted);
  for (const { key, value, run_uuid: run } of rows) if (!leftOut.has(run)) addConfig(sinkOf(run), key, value);
  return rows.at(-1)?.rowid ?? after;
}

function readMetrics(source: Source, after: MetricRow | null, deleted: readonly string[]): MetricRow | null {
  const { database, columns } = source;
  const [where, ...bound] = position(database, after, selectMetrics(columns));
  const leftOut = new Set(deleted);
  let last = after;
  for (const row of database.prepare(`${selectMetrics(columns)} WHERE ${where} ORDER BY rowid`).iterate(...bound) as Iterable<MetricRow>) {
    if (!leftOut.has(row.run_uuid)) addPoint(source, row);
    last = row;
  }
  return last;
}

/** Reads what was passed over of a run while it was deleted. */
function readWhole(source: Source, run: string, mark: Mark): void {
  const { database, columns, sinkOf } = source;
  const metrics = database.prepare(`${selectMetrics(columns)} WHERE run_uuid = ? AND rowid <= ? ORDER BY rowid`);
  for (const row of metrics.iterate(run, mark.metric?.rowid ?? 0) as Iterable<MetricRow>) addPoint(source, row);
  const params = database.prepare('SELECT rowid, key, value, run_uuid FROM params WHERE run_uuid = ? AND rowid <= ?');
  for (const { key, value } of params.all(run, mark.param) as ParamRow[]) addConfig(sinkOf(run), key, value);
}

function selectMetrics(columns: ReadonlySet<string>): string {
  const isNan = columns.has('is_nan') ? 'is_nan' : '0 AS is_nan';
  const step = columns.has('step') ? 'step' : '0 AS step';
  return `SELECT rowid, key, value, timestamp, run_uuid, ${step}, ${isNan} FROM metrics`;
}

function addPoint({ sinkOf }: Source, row: MetricRow): void {
  const sink = sinkOf(row.run_uuid);
  sink.point(sink.series(row.key), row.step, NaN, row.timestamp / 1000, valueOf(row));
}

/** The condition for rows not read yet. If the last row read has another number now (VACUUM), it is sought by its content, else by time. */
function position(database: Database, after: MetricRow | null, select: string): [string, ...number[]] {
  if (after === null) return ['1'];
  const there = database.prepare(`${select} WHERE rowid = ?`).get(after.rowid) as MetricRow | undefined;
  if (there && same(there, after)) return ['rowid > ?', after.rowid];
  const moved = database
    .prepare(`${select} WHERE key = ? AND timestamp = ? AND run_uuid = ? AND value = ?`)
    .all(after.key, after.timestamp, after.run_uuid, after.value) as MetricRow[];
  const found = moved.find((row) => same(row, after));
  return found ? ['rowid > ?', found.rowid] : ['timestamp > ?', after.timestamp];
}

function same(a: MetricRow, b: MetricRow): boolean {
  const fields = ['key', 'run_uuid', 'step', 'timestamp', 'value', 'is_nan'] as const;
  return fields.every((field) => a[field] === b[field]);
}

function valueOf({ value, is_nan: isNan }: MetricRow): number {
  if (isNan) return NaN;
  return Math.abs(value) === LARGEST ? Math.sign(value) * Infinity : value;
}
