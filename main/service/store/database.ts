import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { StoreDamaged, codeOf, saysDamaged, typedError } from './errors.ts';
import { APPLICATION_ID } from './layout.ts';
import { migrate } from './migrate.ts';
import { type Migration, migrations as known } from './migrations/list.ts';
import { salvage } from './salvage.ts';
import type { Store } from './store.ts';

export type Recovered = NonNullable<Store['recovered']>;

export interface Opened {
  db: Database;
  /** Set if a database that could not be read was set aside and a new one begun. */
  recovered: Recovered | null;
  readOnly: boolean;
  close(): void;
}

type Connection = Omit<Opened, 'recovered'>;

export interface DatabaseOptions {
  now: () => number;
  migrations?: readonly Migration[] | undefined;
}

/** Opens or makes the database; a damaged one is renamed and a new one begun. Throws `StoreTooNew`, `StoreBusy`, `StoreFull`. */
export function openDatabase(file: string, options: DatabaseOptions): Opened {
  try {
    return { ...attempt(file, options), recovered: null };
  } catch (error) {
    if (!isDamage(error) || !existsSync(file)) throw typedError(error);
    const why = error instanceof Error ? error.message : String(error);
    const movedTo = setAside(file, options.now());
    const opened = attempt(file, options);
    return { ...opened, recovered: { movedTo, why, salvaged: salvage(movedTo, opened.db) } };
  }
}

/** Notes that the database proved damaged in use: the next open sets it aside. A check of its pages would not see damage inside a value. */
export function suspect(file: string, why: string): void {
  try {
    writeFileSync(suspicionOf(file), `${why}\n`);
  } catch {
    // On a full or read-only disk the note is not possible; the damage will show again.
  }
}

function attempt(file: string, options: DatabaseOptions): Connection {
  checkSuspicion(file);
  const connection = connect(file);
  const { db, readOnly } = connection;
  try {
    checkVersion(db);
    if (!readOnly) migrate(db, file, options.migrations ?? known);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function connect(file: string): Connection {
  const db = new Sqlite(file);
  try {
    db.pragma('trusted_schema = OFF');
    // Looked at before anything is changed: the file might be someone else's.
    checkOwner(db);
    db.pragma('cell_size_check = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('busy_timeout = 2000');
    // Three tails of 400 points fill a page of 8 KiB; in one of 4 KiB each would leave a third of its page empty.
    db.pragma('page_size = 8192');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    // 16 MiB: what a WAL is cut back to after it has been written into the database.
    db.pragma('journal_size_limit = 16777216');
    return { db, readOnly: false, close: () => void db.close() };
  } catch (error) {
    db.close();
    if (!/^SQLITE_(READONLY|CANTOPEN)/.test(codeOf(error)) || !existsSync(file)) throw error;
    return connectReadOnly(file);
  }
}

/**
 * On a read-only disk SQLite reads a WAL database only if its log and the log's index are there. After a clean end they are not; a
 * copy elsewhere is read then, until the store is closed.
 */
function connectReadOnly(file: string): Connection {
  const db = new Sqlite(file, { readonly: true });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('user_version');
    return { db, readOnly: true, close: () => void db.close() };
  } catch (error) {
    db.close();
    if (codeOf(error) !== 'SQLITE_CANTOPEN' || existsSync(`${file}-wal`)) throw error;
    return connectCopy(file);
  }
}

function connectCopy(file: string): Connection {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-read-only-'));
  const copy = join(folder, basename(file));
  copyFileSync(file, copy);
  const db = new Sqlite(copy);
  db.pragma('trusted_schema = OFF');
  db.pragma('query_only = ON');
  const close = () => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, readOnly: true, close };
}

/** A file with our mark, or a new one, which gets it with its first tables. */
function checkOwner(db: Database): void {
  const mark = db.pragma('application_id', { simple: true });
  if (mark === APPLICATION_ID) return;
  const empty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
  if (mark !== 0 || !empty) throw new StoreDamaged('the file is a database of another program');
}

/** SQLite before 3.51.3 could damage a WAL database that two connections write to. */
function checkVersion(db: Database): void {
  const text = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  if (major * 1e6 + minor * 1e3 + patch < 3_051_003) throw new Error(`SQLite ${text} is too old for Gapwatch, it takes 3.51.3 or newer`);
}

function checkSuspicion(file: string): void {
  const note = suspicionOf(file);
  if (!existsSync(note)) return;
  if (existsSync(file)) throw new StoreDamaged(`it was found damaged while in use: ${readFileSync(note, 'utf8').trim()}`);
  rmSync(note);
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreDamaged || saysDamaged(codeOf(error));
}

/** Renames the database with its log and index, so that nothing is lost, and returns the new name. */
function setAside(file: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-').slice(0, 19);
  let movedTo = `${file}.damaged-${stamp}`;
  for (let n = 2; existsSync(movedTo); n += 1) movedTo = `${file}.damaged-${stamp}-${n}`;
  renameSync(file, movedTo);
  for (const end of ['-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, movedTo + end);
  rmSync(suspicionOf(file), { force: true });
  return movedTo;
}

function suspicionOf(file: string): string {
  return `${file}-suspect`;
}
