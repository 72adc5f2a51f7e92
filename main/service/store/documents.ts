import { fromJson, toJson } from './json.ts';
import type { Statements } from './lazyStatements.ts';
import type { Documents } from './store.ts';

/** Small JSON documents by kind and key. */
export function openDocuments(db: Statements): Documents {
  const get = db.prepare<[string, string], string>('SELECT value FROM documents WHERE kind = ? AND key = ?').pluck();
  const set = db.prepare('INSERT OR REPLACE INTO documents (kind, key, value) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM documents WHERE kind = ? AND key = ?');
  const all = db.prepare<[string], { key: string; value: string }>('SELECT key, value FROM documents WHERE kind = ? ORDER BY key');
  return {
    get<T>(kind: string, key: string) {
      const text = get.get(kind, key);
      return text === undefined ? null : (fromJson(text) as T);
    },
    set: (kind, key, value) => void set.run(kind, key, toJson(value ?? null)),
    delete: (kind, key) => void remove.run(kind, key),
    all: <T>(kind: string) => all.all(kind).map(({ key, value }) => ({ key, value: fromJson(value) as T })),
  };
}
