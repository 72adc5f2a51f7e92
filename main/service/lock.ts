import Database from 'better-sqlite3';
import { join } from 'node:path';

/**
 * Takes the data folder for this process. The lock is SQLite's own on an empty file beside the store, so that the operating system frees it
 * however the process ends. Throws with a sentence for the user when another process has it.
 */
export function lockDataFolder(dataFolder: string): { release(): void } {
  const database = new Database(join(dataFolder, 'lock.db'), { timeout: 300 });
  try {
    database.pragma('journal_mode = DELETE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new Error(`The data folder ${dataFolder} is in use by another Gapwatch. Close it, or give another folder with --data.`, { cause: error });
  }
  return { release: () => database.close() };
}
