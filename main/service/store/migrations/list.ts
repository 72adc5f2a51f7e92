import type { Database } from 'better-sqlite3';
import { tables } from './001-tables.ts';
import { checksums } from './002-checksums.ts';
import { words } from './003-words.ts';

export interface Migration {
  /** The `user_version` of the file after it. */
  version: number;
  name: string;
  up(db: Database): void;
}

/** In order, without gaps. Once released a migration is never changed; a change is a new one, with a test from before to after. */
export const migrations: readonly Migration[] = [tables, checksums, words];
