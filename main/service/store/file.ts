import { join } from 'node:path';

/** The store's file in a data folder. */
export function databaseIn(dataFolder: string): string {
  return join(dataFolder, 'gapwatch.db');
}
