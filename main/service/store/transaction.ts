import type { Database } from 'better-sqlite3';
import { typedError } from './errors.ts';

/**
 * Runs work in one transaction; nested calls join it. If anything in it fails, also inside a nested call whose error was caught,
 * nothing of it is kept, `rolledBack` is called, and the error (one of errors.ts where it is SQLite's) is thrown.
 */
export function transactions(db: Database, rolledBack: (error: unknown) => void): <T>(work: () => T) => T {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  let failure: { error: unknown } | null = null;

  const outermost = <T>(work: () => T): T => {
    try {
      begin.run();
      const result = work();
      if (failure) throw failure.error;
      commit.run();
      return result;
    } catch (error) {
      // SQLite rolls back by itself when the disk is full.
      if (db.inTransaction) rollback.run();
      const typed = typedError(error);
      rolledBack(typed);
      throw typed;
    } finally {
      failure = null;
    }
  };

  return (work) => {
    if (!db.inTransaction) return outermost(work);
    try {
      return work();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
}
