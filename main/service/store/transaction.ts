import type { Database } from 'better-sqlite3';
import { StoreDamaged, typedError } from './errors.ts';

export interface Transactions {
  /**
   * Runs work in one transaction; nested calls join it. If anything in it fails, also inside a nested call whose error was caught,
   * nothing of it is kept, and the error (one of errors.ts where it is SQLite's) is thrown.
   */
  write<T>(work: () => T): T;
  /** Runs work that reads by several statements: they see the same state, also while another process writes. */
  read<T>(work: () => T): T;
}

interface Listeners {
  /** What is held in memory is no longer what the database holds: a rollback, or another process wrote. */
  forget(): void;
  damaged(why: string): void;
}

export function openTransactions(db: Database, listeners: Listeners): Transactions {
  const begin = { write: db.prepare('BEGIN IMMEDIATE'), read: db.prepare('BEGIN') };
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const versionNow = db.prepare<[], number>('PRAGMA data_version').pluck();
  let version = versionNow.get();
  let failure: { error: unknown } | null = null;

  const outermost = <T>(kind: 'write' | 'read', work: () => T): T => {
    try {
      begin[kind].run();
      const seen = versionNow.get();
      if (seen !== version) listeners.forget();
      version = seen;
      const result = work();
      if (failure) throw failure.error;
      commit.run();
      return result;
    } catch (error) {
      const typed = typedError(error);
      // SQLite rolls back by itself when the disk is full.
      if (db.inTransaction) rollback.run();
      if (kind === 'write') listeners.forget();
      if (typed instanceof StoreDamaged) listeners.damaged(typed.message);
      throw typed;
    } finally {
      failure = null;
    }
  };

  const nested = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    write: (work) => (db.inTransaction ? nested(work) : outermost('write', work)),
    read: (work) => (db.inTransaction ? work() : outermost('read', work)),
  };
}
