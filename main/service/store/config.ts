/** Hyper-parameters of the sources. */
import type { Database } from 'better-sqlite3';
import type { ConfigValue } from '../formats/format.ts';
import { fromJson, toJson, wellFormed } from './json.ts';
import type { ProvisionalWords } from './sources.ts';

type Config = Map<string, ConfigValue>;

export interface ConfigTable {
  set(sourceId: number, key: string, value: ConfigValue): void;
  dropAll(sourceId: number): void;
  /** By key, with what a last line without its newline said. */
  read(sourceId: number): Config;
  /** The same for all sources of a root, by source; sources without any are left out. */
  ofRoot(rootId: number): Map<number, Config>;
}

interface Stored {
  id: number;
  key: string;
  value: string;
}

export function openConfig(db: Database): ConfigTable {
  const set = db.prepare('INSERT OR REPLACE INTO config (source_id, key, value) VALUES (?, ?, ?)');
  const dropAll = db.prepare('DELETE FROM config WHERE source_id = ?');
  const ofSource = db.prepare<[number], Stored>('SELECT source_id AS id, key, value FROM config WHERE source_id = ? ORDER BY key');
  const provisional = db.prepare<[number], string | null>('SELECT provisional FROM sources WHERE id = ?').pluck();
  // By source, then by key: as the table is ordered.
  const ofRoot = db.prepare<[number], Stored>('SELECT id, key, value FROM sources CROSS JOIN config ON source_id = id WHERE root_id = ?');
  const provisionalOfRoot = db.prepare<[number], { id: number; words: string }>('SELECT id, provisional AS words FROM sources WHERE root_id = ? AND provisional IS NOT NULL');
  return {
    set: (sourceId, key, value) => void set.run(sourceId, wellFormed(key), toJson(value)),
    dropAll: (sourceId) => void dropAll.run(sourceId),
    read(sourceId) {
      const words = provisional.get(sourceId);
      return gathered(ofSource.all(sourceId), words ? [{ id: sourceId, words }] : []).get(sourceId) ?? new Map<string, ConfigValue>();
    },
    ofRoot: (rootId) => gathered(ofRoot.all(rootId), provisionalOfRoot.all(rootId)),
  };
}

function gathered(rows: readonly Stored[], provisional: readonly { id: number; words: string }[]): Map<number, Config> {
  const bySource = new Map<number, Config>();
  const put = (id: number, key: string, value: ConfigValue): void => {
    const config = bySource.get(id) ?? new Map<string, ConfigValue>();
    bySource.set(id, config.set(key, value));
  };
  for (const { id, key, value } of rows) put(id, key, fromJson(value) as ConfigValue);
  for (const { id, words } of provisional) for (const [key, value] of (fromJson(words) as ProvisionalWords).config) put(id, key, value as ConfigValue);
  return bySource;
}
