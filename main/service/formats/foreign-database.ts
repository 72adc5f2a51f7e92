/** SQLite files of other programs: opened for reading only, for the time of one poll. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a database has no bytes to offer: these formats read it themselves
import Sqlite, { type Database } from 'better-sqlite3';
import type { Probe } from './format.ts';
import { decode } from './lines.ts';

export type { Database };

/** The writer holds its lock for milliseconds. A longer wait would hold up everything else; the next poll tries again. */
const BUSY_MS = 200;

/**
 * Calls `read` with an open database inside one read transaction, so that everything read belongs together. Throws an Error with one
 * sentence if the file cannot be read now.
 */
export function readForeign<T>(file: string, read: (database: Database) => T): T {
  let database: Database;
  try {
    database = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  } catch (error) {
    throw new Error(`This database cannot be opened: ${(error as Error).message}.`, { cause: error });
  }
  try {
    return database.transaction(() => read(database))();
  } catch (error) {
    throw new Error(`This database cannot be read: ${(error as Error).message}.`, { cause: error });
  } finally {
    database.close();
  }
}

/** Names of the columns of a table, empty if there is none. */
export function columnsOf(database: Database, table: string): Set<string> {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?)').all(table) as { name: string }[];
  return new Set(rows.map(({ name }) => name));
}

/** True for a file that begins as SQLite does and is named as a database. */
export function isSqlite(probe: Probe): boolean {
  return /\.(db|sqlite|sqlite3)$/i.test(probe.name) && decode(probe.head, 0, Math.min(15, probe.head.length)) === 'SQLite format 3';
}

/** True if the first bytes show that these tables were made. Of a large schema they show nothing. */
export function showsTables(probe: Probe, tables: readonly string[]): boolean {
  const head = Buffer.from(probe.head.buffer, probe.head.byteOffset, probe.head.byteLength).toString('latin1');
  return tables.every((table) => new RegExp(`CREATE TABLE "?${table}"? ?\\(`).test(head));
}
