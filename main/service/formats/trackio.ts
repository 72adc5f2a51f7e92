/** trackio's database (format reference 3.3): `<project>.db`, by default in the Hugging Face cache. One source for each run in it. */
import { addConfig } from './config-values.ts';
import { columnsOf, type Database, isSqlite, readForeign, showsTables } from './foreign-database.ts';
import type { DatabaseFormat, Probe, Sink } from './format.ts';
import { parseJson } from './json.ts';
import { eachNumber } from './nested-numbers.ts';

export const trackio: DatabaseFormat = {
  id: 'trackio',
  title: 'trackio database (<project>.db)',
  kind: 'database',
  detect: (probe: Probe) => isSqlite(probe) && (isNamedSo(probe) || showsTables(probe, ['metrics', 'configs'])),
  poll: (file, mark, sinkOf) => readForeign(file, (database) => readNew(database, mark as Mark | undefined, sinkOf)),
};

/** The schema does not fit into the first bytes, so the folder or the lock file beside it has to do. */
function isNamedSo(probe: Probe): boolean {
  return /(^|\/)trackio\/[^/]+$/.test(probe.path) || probe.siblings.has(probe.name.replace(/\.db$/, '.lock'));
}

/** Last ids that were read. */
interface Mark {
  metrics: number;
  configs: number;
  system: number;
}

interface Row {
  id: number;
  run: string;
  name: string;
  at: string;
  step: number;
  /** JSON; the library stores bytes in a text column. */
  json: string | Uint8Array | null;
}

function readNew(database: Database, mark: Mark = { metrics: 0, configs: 0, system: 0 }, sinkOf: (run: string) => Sink): Mark {
  if (!columnsOf(database, 'metrics').has('run_name')) throw new Error('it has no tables of trackio');
  const named = new Set<string>();
  const nameRun = (row: Row): Sink => {
    const sink = sinkOf(row.run);
    if (!named.has(row.run)) sink.fact('name', row.name);
    named.add(row.run);
    return sink;
  };
  const metrics = readTable(database, 'metrics', 'metrics', mark.metrics, (row) => {
    const sink = nameRun(row);
    eachNumber('', parsed(row.json), (key, value) => sink.point(sink.series(key), row.step, NaN, secondsOf(row.at), value));
  });
  const system = readTable(database, 'system_metrics', 'metrics', mark.system, (row) => {
    const sink = nameRun(row);
    eachNumber('', parsed(row.json), (key, value) => sink.point(sink.series(`system/${key}`), NaN, NaN, secondsOf(row.at), value));
  });
  const configs = readTable(database, 'configs', 'config', mark.configs, (row) => addRunConfig(parsed(row.json), nameRun(row)));
  return { metrics, configs, system };
}

/** Calls `take` for each row with an id above `after`; returns the last id. Files of older versions lack some tables and columns. */
function readTable(database: Database, table: string, json: string, after: number, take: (row: Row) => void): number {
  const columns = columnsOf(database, table);
  if (!columns.has('id')) return after;
  const column = (name: string, instead: string): string => (columns.has(name) ? name : instead);
  const rows = database
    .prepare(
      `SELECT id, ${column('run_id', 'run_name')} AS run, run_name AS name, ${column('timestamp', 'created_at')} AS at,
         ${column('step', 'NULL')} AS step, ${json} AS json FROM ${table} WHERE id > ? ORDER BY id`,
    )
    .iterate(after) as IterableIterator<Row>;
  let last = after;
  for (const row of rows) {
    take({ ...row, run: row.run ?? row.name, step: row.step ?? NaN });
    last = row.id;
  }
  return last;
}

/** Keys that begin with '_' are the library's own. */
function addRunConfig(config: unknown, sink: Sink): void {
  if (typeof config !== 'object' || config === null) return;
  for (const [key, value] of Object.entries(config)) {
    if (!key.startsWith('_')) addConfig(sink, key, value);
    else if (key === '_Group' && typeof value === 'string') sink.fact('group', value);
  }
}

function parsed(json: Row['json']): unknown {
  try {
    return json === null ? null : parseJson(typeof json === 'string' ? json : new TextDecoder().decode(json));
  } catch {
    return null;
  }
}

/** Seconds since 1970 of trackio's ISO 8601 time; NaN where there is none. */
function secondsOf(text: string | null): number {
  return text === null ? NaN : Date.parse(text) / 1000;
}
