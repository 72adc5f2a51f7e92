/** Roots and sources: which files there are and where reading them goes on. */
import { fromJson, toJson } from './json.ts';
import type { Statements } from './lazyStatements.ts';
import type { ShownSource, SourcePosition, SourceRow, Store } from './store.ts';

interface StoredShown {
  id: number;
  root_id: number;
  path: string;
  format: string;
  generation: number;
  mtime: number;
  grew_at: number | null;
  facts: string;
  state: SourceRow['state'];
  gone: number;
  provisional: string | null;
}

interface StoredSource extends StoredShown {
  device: number;
  inode: number;
  size: number;
  offset: number;
  marker: string;
  reader: string | null;
}

const SHOWN = 'SELECT id, root_id, path, format, generation, mtime, grew_at, facts, state, gone, provisional FROM sources';

/** What a last line without its newline said beside its points. */
export interface ProvisionalWords {
  config: [string, unknown][];
  facts: [string, string | number][];
  state: SourceRow['state'];
}

export type SourceTables = Pick<
  Store,
  'addRoot' | 'roots' | 'removeRoot' | 'sources' | 'source' | 'shownSources' | 'shownSource' | 'addSource' | 'moveSource' | 'markGone'
> & { rootAt(path: string): number | undefined };

export function openSources(db: Statements, now: () => number): SourceTables {
  const addRoot = db.prepare('INSERT INTO roots (path, added_at) VALUES (?, ?) ON CONFLICT (path) DO NOTHING');
  const rootId = db.prepare<[string], number>('SELECT id FROM roots WHERE path = ?').pluck();
  const roots = db.prepare<[], { id: number; path: string; addedAtMs: number }>(
    'SELECT id, path, added_at AS addedAtMs FROM roots ORDER BY id',
  );
  const removeRoot = db.prepare('DELETE FROM roots WHERE id = ?');
  const sourcesOf = db.prepare<[number], StoredSource>('SELECT * FROM sources WHERE root_id = ? ORDER BY id');
  const sourceById = db.prepare<[number], StoredSource>('SELECT * FROM sources WHERE id = ?');
  const shownOf = db.prepare<[number], StoredShown>(`${SHOWN} WHERE root_id = ? ORDER BY id`);
  const shownById = db.prepare<[number], StoredShown>(`${SHOWN} WHERE id = ?`);
  const sourceByPath = db.prepare<[number, string], StoredSource>('SELECT * FROM sources WHERE root_id = ? AND path = ?');
  const addSource = db.prepare('INSERT INTO sources (root_id, path, format) VALUES (?, ?, ?)');
  const setFormat = db.prepare('UPDATE sources SET format = ? WHERE id = ?');
  const moveSource = db.prepare('UPDATE sources SET path = ? WHERE id = ?');
  const markGone = db.prepare('UPDATE sources SET gone = ? WHERE id = ?');
  return {
    addRoot(path) {
      addRoot.run(path, now());
      return rootId.get(path)!;
    },
    rootAt: (path) => rootId.get(path),
    roots: () => roots.all(),
    removeRoot: (id) => void removeRoot.run(id),
    sources: (id) => sourcesOf.all(id).map(sourceRow),
    source(id) {
      const found = sourceById.get(id);
      return found ? sourceRow(found) : null;
    },
    shownSources: (id) => shownOf.all(id).map(shownSource),
    shownSource(id) {
      const found = shownById.get(id);
      return found ? shownSource(found) : null;
    },
    addSource(root, path, format) {
      const found = sourceByPath.get(root, path);
      if (found && found.format !== format) setFormat.run(format, found.id);
      if (found) return sourceRow({ ...found, format });
      const { lastInsertRowid } = addSource.run(root, path, format);
      return sourceRow(sourceById.get(Number(lastInsertRowid))!);
    },
    moveSource: (id, path) => void moveSource.run(path, id),
    markGone: (id, gone) => void markGone.run(gone ? 1 : 0, id),
  };
}

function sourceRow(stored: StoredSource): SourceRow {
  const { device, inode, size, offset, marker } = stored;
  const reader = stored.reader === null ? undefined : fromJson(stored.reader);
  return { ...shownSource(stored), device, inode, size, offset, marker, reader };
}

function shownSource(stored: StoredShown): ShownSource {
  const words = stored.provisional === null ? null : (fromJson(stored.provisional) as ProvisionalWords);
  const facts = stored.facts === '{}' ? {} : (fromJson(stored.facts) as Record<string, string | number>);
  return {
    id: stored.id,
    rootId: stored.root_id,
    path: stored.path,
    format: stored.format,
    generation: stored.generation,
    mtimeMs: stored.mtime,
    grewAtMs: stored.grew_at,
    facts: words ? { ...facts, ...Object.fromEntries(words.facts) } : facts,
    state: words?.state ?? stored.state,
    gone: stored.gone !== 0,
  };
}

/** The reader's state as text, null if it has none. */
export function readerText(position: SourcePosition): string | null {
  return position.reader === undefined ? null : toJson(position.reader);
}
