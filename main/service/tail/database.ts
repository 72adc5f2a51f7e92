/**
 * Another program's SQLite file: polled by its own marks. The file has a source that keeps the mark; each run in it has a source
 * `<file>#<run>`; all of them are committed together.
 */
import { Batch } from '../formats/batch.ts';
import type { DatabaseFormat, Format } from '../formats/format.ts';
import type { Commit, SourceRow, Store } from '../store/store.ts';
import type { Followed } from './followed.ts';
import { sibling, type Disk, type Native, type Stat } from '../watch/disk.ts';
import { positionOf, START } from './identity.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

export interface Polled extends Outcome {
  sourceIds: number[];
  points: number;
}

/**
 * The stat of a database with that of its write-ahead log: new rows may be in the log alone for hours.
 * Rejects with the file system's error.
 */
export async function statDatabase(native: Native, disk: Disk): Promise<Stat> {
  const [main, log] = await disk.stat([native, sibling(native, '-wal')]);
  if (!main || !('kind' in main)) throw Object.assign(new Error('no answer'), main);
  if (!log || !('kind' in log)) return main;
  const latest = (key: 'mtimeMs' | 'ctimeMs'): number => Math.max(main[key], log[key]);
  return { ...main, size: main.size + log.size, mtimeMs: latest('mtimeMs'), ctimeMs: latest('ctimeMs') };
}

/** Whether a source is a run in a database file; only such sources have no resume record. */
export function isRunInFile(row: SourceRow, format: Format | null): boolean {
  return format?.kind === 'database' && row.reader === null;
}

/** The sources of the runs in a database file. */
export function runsInFile(store: Store, rootId: number, file: Followed): SourceRow[] {
  if (file.format?.kind !== 'database') return [];
  return store.sources(rootId).filter((row) => row.path.startsWith(`${file.path}#`) && isRunInFile(row, file.format));
}

/** Polls a database and commits what is new. The format opens the file itself, read-only. */
export async function visitDatabase(
  file: Followed,
  format: DatabaseFormat,
  turn: Turn & { store: Store; rootId: number },
): Promise<Polled> {
  const { store, rootId } = turn;
  const look = await statDatabase(file.native, turn.disk);
  const renewed = file.last !== null && file.last.inode !== look.inode;
  const mark = renewed ? undefined : file.saved;
  const batches = new Map<string, Batch>();
  let next: unknown;
  const { path, release } = await turn.disk.localCopy(file.native);
  try {
    next = format.poll(path, mark, (run) => batchOf(batches, run));
  } catch (error) {
    turn.trouble(file, (error as Error).message);
    return { ...NOTHING, sourceIds: [], points: 0 };
  } finally {
    release();
  }
  turn.trouble(file, null);
  file.last = look;
  if (batches.size === 0 && file.source !== null && JSON.stringify(next) === JSON.stringify(mark)) {
    return { ...NOTHING, sourceIds: [], points: 0 };
  }
  const grewAtMs = file.grewAt === null ? null : turn.clock.wall();
  const commits: Commit[] = [];
  let main: SourceRow | null = file.source;
  const sourceIds: number[] = [];
  let points = 0;
  const former = renewed ? runsInFile(store, rootId, file) : [];
  store.transaction(() => {
    main = store.addSource(rootId, file.path, format.id);
    commits.push({ sourceId: main.id, position: positionOf(START, look, next), batch: new Batch(), mode: 'append', grewAtMs });
    for (const [run, batch] of batches) {
      const source = store.addSource(rootId, `${file.path}#${run}`, format.id);
      const mode = renewed ? 'generation' : 'append';
      const position = { ...positionOf(START, look, null), reader: null };
      commits.push({ sourceId: source.id, position, batch, mode, grewAtMs: grewAtMs ?? source.grewAtMs });
      sourceIds.push(source.id);
      points += batch.pointCount;
    }
    store.commit(commits);
    for (const row of former) if (!sourceIds.includes(row.id)) store.markGone(row.id, true);
  });
  file.source = main;
  file.saved = next;
  return { more: false, bytes: 0, sourceIds, points };
}

function batchOf(batches: Map<string, Batch>, run: string): Batch {
  const known = batches.get(run);
  if (known) return known;
  const batch = new Batch();
  batches.set(run, batch);
  return batch;
}
