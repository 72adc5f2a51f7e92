/** What was read and is not yet committed: many files go into one transaction, each with its new offset. */
import { Batch } from '../formats/batch.ts';
import type { Commit, SourceRow, Store } from '../store/store.ts';
import { resumeOf, positionOf } from './identity.ts';
import type { Followed } from './followed.ts';

interface Entry {
  file: Followed;
  batch: Batch;
  provisional: Batch | null;
  mode: Commit['mode'];
}

export interface Flushed {
  sourceIds: number[];
  added: number[];
  points: number;
}

export interface Pending {
  /** The batch of a file, to be filled further. */
  batch(file: Followed, mode: Commit['mode']): Batch;
  /** Replaces what is waiting for a snapshot. */
  put(file: Followed, batch: Batch, mode: Commit['mode']): void;
  provisional(file: Followed, batch: Batch): void;
  /** Takes a provisional batch back that is still waiting. */
  withdraw(file: Followed): void;
  has(file: Followed): boolean;
  drop(file: Followed): void;
  /** Bytes that readers took since the last flush, and in all before it. */
  bytes: number;
  bytesBefore: number;
  empty(): boolean;
  /** Commits all. Throws what the store throws, with everything still waiting. */
  flush(): Flushed;
}

/** `wall` gives milliseconds since 1970 for sources that grew while being watched. */
export function openPending(store: Store, rootId: number, wall: () => number): Pending {
  const entries = new Map<Followed, Entry>();

  function entryOf(file: Followed, mode: Commit['mode']): Entry {
    const waiting = entries.get(file);
    if (waiting) return waiting;
    const entry: Entry = { file, batch: new Batch(), provisional: null, mode };
    entries.set(file, entry);
    return entry;
  }

  /** A new generation waits for its first points: until then the old ones stay what the run shows. */
  function isDue(entry: Entry): boolean {
    return entry.mode !== 'generation' || entry.batch.pointCount + (entry.provisional?.pointCount ?? 0) > 0 || entry.batch.configs.size > 0;
  }

  function commitOf(entry: Entry, sourceId: number): Commit {
    const { file, batch, mode, provisional } = entry;
    const look = file.last ?? { device: 0, inode: 0, size: 0, mtimeMs: 0, ctimeMs: 0 };
    const position = positionOf(file.place, look, file.reader ? file.reader.save() : file.saved);
    const grewAtMs = file.grewAt === null ? (file.source?.grewAtMs ?? null) : wall();
    return { sourceId, position, batch, mode, grewAtMs, ...(provisional ? { provisional } : {}) };
  }

  function flush(): Flushed {
    const due = [...entries.values()].filter(isDue);
    const added: number[] = [];
    if (due.length === 0) return { sourceIds: [], added, points: 0 };
    const rows: SourceRow[] = [];
    const commits = store.transaction(() => {
      const made = due.map((entry, index) => {
        const { source, path, format } = entry.file;
        const row = source && source.format === format?.id ? source : store.addSource(rootId, path, format?.id ?? '');
        rows[index] = row;
        // Read from its start although the store knows the path: by a format that is no longer there, or before the path was given up.
        const again = entry.file.source === null && row.size > 0 && entry.mode === 'append';
        return commitOf(again ? { ...entry, mode: 'generation' } : entry, row.id);
      });
      store.commit(made);
      return made;
    });
    let points = 0;
    due.forEach((entry, index) => {
      const { file } = entry;
      const commit = commits[index];
      const row = rows[index];
      if (!commit || !row) return;
      if (!file.source) added.push(row.id);
      file.source = { ...row, ...commit.position, grewAtMs: commit.grewAtMs };
      file.saved = resumeOf(commit.position).state;
      file.renewed = false;
      file.provisional = (commit.provisional?.pointCount ?? 0) > 0;
      points += entry.batch.pointCount + (commit.provisional?.pointCount ?? 0);
      entry.batch.release();
      entries.delete(file);
    });
    return { sourceIds: commits.map((commit) => commit.sourceId), added, points };
  }

  const pending: Pending = {
    bytes: 0,
    bytesBefore: 0,
    batch: (file, mode) => entryOf(file, mode).batch,
    put(file, batch, mode) {
      entries.set(file, { file, batch, provisional: null, mode });
    },
    provisional(file, batch) {
      entryOf(file, file.renewed ? 'generation' : 'append').provisional = batch;
    },
    withdraw(file) {
      const entry = entries.get(file);
      if (entry) entry.provisional = null;
    },
    has: (file) => entries.has(file),
    drop: (file) => void entries.delete(file),
    empty: () => entries.size === 0,
    flush() {
      const flushed = flush();
      pending.bytesBefore += pending.bytes;
      pending.bytes = 0;
      return flushed;
    },
  };
  return pending;
}
