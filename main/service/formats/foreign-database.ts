/** SQLite files of other programs: opened for reading only, for the time of one poll, and left without a trace. */
/* eslint-disable @typescript-eslint/no-restricted-imports -- a database has no bytes to offer: these formats read it themselves */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
/* eslint-enable @typescript-eslint/no-restricted-imports */
import type { Probe } from './format.ts';
import { decode } from './lines.ts';

export type { Database };

/** The writer holds its lock for milliseconds. A longer wait would hold up everything else; the next poll tries again. */
const BUSY_MS = 200;
/** Larger files are not taken into memory. */
const LARGEST_COPY = 256 * 2 ** 20;
/** Places in the file header that say 2 for write-ahead logging, 1 for a rollback journal (SQLite file format, 1.3.2). */
const WRITE_VERSION = 18;
const READ_VERSION = 19;

/**
 * Calls `read` with an open database inside one read transaction, so that everything read belongs together. Throws an Error with one
 * sentence if the file cannot be read now.
 */
export function readForeign<T>(file: string, read: (database: Database) => T): T {
  let database: Database;
  try {
    const resting = contentAtRest(file);
    database = resting ? new Sqlite(resting) : new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
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

/**
 * The content of a database with write-ahead logging that no program has open; null for any other. Opening such a file, even for reading,
 * makes SQLite leave two files beside it, and fails where the folder cannot be written.
 */
function contentAtRest(file: string): Buffer | null {
  const before = statSync(file);
  if (before.size > LARGEST_COPY || existsSync(`${file}-wal`)) return null;
  if (!isWriteAhead(file)) return null;
  const bytes = readFileSync(file);
  const after = statSync(file);
  if (existsSync(`${file}-wal`) || after.mtimeMs !== before.mtimeMs || bytes.length !== before.size) return null;
  bytes[WRITE_VERSION] = bytes[READ_VERSION] = 1;
  return bytes;
}

function isWriteAhead(file: string): boolean {
  const header = Buffer.alloc(READ_VERSION + 1);
  const handle = openSync(file, 'r');
  try {
    return readSync(handle, header, 0, header.length, 0) === header.length && header[READ_VERSION] === 2;
  } finally {
    closeSync(handle);
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
