/** Hyper-parameters of the sources. */
import type { ConfigValue } from '../formats/format.ts';
import { crc32OfText } from '../crc32.ts';
import { StoreDamaged } from './errors.ts';
import { fromJson, toJson, wellFormed } from './json.ts';
import type { Statements } from './lazyStatements.ts';
import type { ProvisionalWords } from './sources.ts';

type Config = Map<string, ConfigValue>;
type ReadonlyConfig = ReadonlyMap<string, ConfigValue>;

/** The configuration of more sources than this is not held at once. */
const MOST_HELD = 2000;

export interface ConfigTable {
  set(sourceId: number, key: string, value: ConfigValue): void;
  dropAll(sourceId: number): void;
  /** By key, with what a last line without its newline said. Held for sources that grow: most lines of a log say nothing new. */
  read(sourceId: number): ReadonlyConfig;
  /** The same for all sources of a root, by source; sources without any are left out. */
  ofRoot(rootId: number): Map<number, Config>;
  /** What is held of a source is no longer what the database has; of all of them without one. */
  forget(sourceId?: number): void;
}

const NONE: ReadonlyConfig = new Map();

interface Stored {
  id: number;
  key: string;
  value: string;
  checksum: number;
}

export function openConfig(db: Statements): ConfigTable {
  const set = db.prepare('INSERT OR REPLACE INTO config (source_id, key, value, checksum) VALUES (?, ?, ?, ?)');
  const dropAll = db.prepare('DELETE FROM config WHERE source_id = ?');
  const ofSource = db.prepare<[number], Stored>('SELECT source_id AS id, key, value, checksum FROM config WHERE source_id = ? ORDER BY key');
  const provisional = db.prepare<[number], string | null>('SELECT provisional FROM sources WHERE id = ?').pluck();
  // By source, then by key: as the table is ordered.
  const ofRoot = db.prepare<[number], Stored>('SELECT id, key, value, checksum FROM sources CROSS JOIN config ON source_id = id WHERE root_id = ?');
  const provisionalOfRoot = db.prepare<[number], { id: number; words: string }>('SELECT id, provisional AS words FROM sources WHERE root_id = ? AND provisional IS NOT NULL');
  const held = new Map<number, ReadonlyConfig>();
  return {
    set(sourceId, key, value) {
      held.delete(sourceId);
      const row = { id: sourceId, key: wellFormed(key), value: toJson(value) };
      set.run(row.id, row.key, row.value, crc32OfText(textOf(row)));
    },
    dropAll(sourceId) {
      held.delete(sourceId);
      dropAll.run(sourceId);
    },
    read(sourceId) {
      const known = held.get(sourceId);
      if (known) return known;
      const words = provisional.get(sourceId);
      const config = gathered(ofSource.all(sourceId), words ? [{ id: sourceId, words }] : []).get(sourceId) ?? NONE;
      if (held.size >= MOST_HELD) held.clear();
      held.set(sourceId, config);
      return config;
    },
    forget(sourceId) {
      if (sourceId === undefined) held.clear();
      else held.delete(sourceId);
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
  for (const row of rows) put(row.id, row.key, soundValue(row));
  for (const { id, words } of provisional) for (const [key, value] of (fromJson(words) as ProvisionalWords).config) put(id, key, value as ConfigValue);
  return bySource;
}

function soundValue(row: Stored): ConfigValue {
  if (crc32OfText(textOf(row)) !== row.checksum) throw new StoreDamaged(`A setting of source ${row.id} fails its checksum`);
  return fromJson(row.value) as ConfigValue;
}

function textOf({ id, key, value }: Omit<Stored, 'checksum'>): string {
  return `${id} ${key} ${value}`;
}
