/** Hyper-parameters of the sources. */
import type { Database } from 'better-sqlite3';
import type { ConfigValue } from '../formats/format.ts';
import { fromJson, toJson, wellFormed } from './json.ts';
import type { ProvisionalWords } from './sources.ts';

export interface ConfigTable {
  set(sourceId: number, key: string, value: ConfigValue): void;
  dropAll(sourceId: number): void;
  /** By key, with what a last line without its newline said. */
  read(sourceId: number): Map<string, ConfigValue>;
}

export function openConfig(db: Database): ConfigTable {
  const set = db.prepare('INSERT OR REPLACE INTO config (source_id, key, value) VALUES (?, ?, ?)');
  const dropAll = db.prepare('DELETE FROM config WHERE source_id = ?');
  const ofSource = db.prepare<[number], { key: string; value: string }>('SELECT key, value FROM config WHERE source_id = ? ORDER BY key');
  const provisional = db.prepare<[number], string | null>('SELECT provisional FROM sources WHERE id = ?').pluck();
  return {
    set: (sourceId, key, value) => void set.run(sourceId, wellFormed(key), toJson(value)),
    dropAll: (sourceId) => void dropAll.run(sourceId),
    read(sourceId) {
      const config = new Map(ofSource.all(sourceId).map(({ key, value }) => [key, fromJson(value) as ConfigValue]));
      const words = provisional.get(sourceId);
      if (words) for (const [key, value] of (fromJson(words) as ProvisionalWords).config) config.set(key, value as ConfigValue);
      return config;
    },
  };
}
