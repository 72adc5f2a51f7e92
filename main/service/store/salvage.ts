/**
 * What a damaged database held that no log holds: the folders that were chosen (with their ids, which other keys build on) and the
 * documents (settings, notes, checklists, alerts). Whatever of it can still be read is taken over.
 */
import { existsSync, rmSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { APPLICATION_ID } from './layout.ts';

const TABLES = [
  { name: 'roots', columns: 'id, path, added_at', sound: 'true' },
  { name: 'documents', columns: 'kind, key, value', sound: 'json_valid(value)' },
];

/** Copies what can be read of `damaged` into the new database, and returns how many rows that was. */
export function salvage(damaged: string, into: Database): number {
  const litter = ['-wal', '-shm'].map((end) => damaged + end).filter((path) => !existsSync(path));
  let from: Database | null = null;
  try {
    from = new Sqlite(damaged, { readonly: true });
    from.pragma('trusted_schema = OFF');
    // Only so does SQLite read a file that is shorter than its first page says.
    from.unsafeMode(true);
    from.pragma('writable_schema = ON');
    if (from.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 0;
    let rows = 0;
    for (const { name, columns, sound } of TABLES) rows += copyTable(from, into, name, columns, sound);
    return rows;
  } catch {
    return 0;
  } finally {
    from?.close();
    for (const path of litter) rmSync(path, { force: true });
  }
}

/** Row by row, up to the first that cannot be read, without those that are not `sound`. */
function copyTable(from: Database, into: Database, name: string, columns: string, sound: string): number {
  const insert = into.prepare(`INSERT OR IGNORE INTO ${name} (${columns}) VALUES (?, ?, ?)`);
  let rows = 0;
  into.transaction(() => {
    try {
      for (const row of from.prepare<[], unknown[]>(`SELECT ${columns} FROM ${name} WHERE ${sound}`).raw().iterate()) rows += insert.run(...row).changes;
    } catch {
      // The rest of the table is lost; what came before is kept.
    }
  })();
  return rows;
}
