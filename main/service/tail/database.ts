/**
 * Another program's SQLite file: polled by its own marks. The file has a source that keeps the mark; each run in it has a source
 * `<file>#<run>`; all of them are committed together.
 */
import { Batch } from '../formats/batch.ts';
import type { DatabaseFormat } from '../formats/format.ts';
import type { Commit, SourceRow, Store } from '../store/store.ts';
import type { Followed } from './followed.ts';
import { positionOf, resumeOf, START, type Look } from './identity.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

export interface Polled extends Outcome {
  sourceIds: number[];
  points: number;
}

/** Path of the source of one run in a database file. */
export function runPath(file: string, run: string): string {
  return `${file}#${run}`;
}

/** Polls a database and commits what is new. The format opens the file itself, read-only. */
export async function visitDatabase(
  file: Followed,
  format: DatabaseFormat,
  look: Look,
  turn: Turn & { store: Store; rootId: number },
): Promise<Polled> {
  const { store, rootId } = turn;
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
  const grewAtMs = file.grewAt === null ? null : turn.clock.wall();
  const commits: Commit[] = [];
  let main: SourceRow | null = file.source;
  const sourceIds: number[] = [];
  let points = 0;
  store.transaction(() => {
    main = store.addSource(rootId, file.path, format.id);
    commits.push({ sourceId: main.id, position: positionOf(START, look, next), batch: new Batch(), mode: 'append', grewAtMs });
    for (const [run, batch] of batches) {
      const source = store.addSource(rootId, runPath(file.path, run), format.id);
      const mode = renewed ? 'generation' : 'append';
      commits.push({ sourceId: source.id, position: positionOf(START, look, null), batch, mode, grewAtMs: grewAtMs ?? source.grewAtMs });
      if (source.gone) store.markGone(source.id, false);
      sourceIds.push(source.id);
      points += batch.pointCount;
    }
    store.commit(commits);
  });
  file.source = main;
  file.saved = next === undefined ? undefined : resumeOf({ ...positionOf(START, look, next) }).state;
  file.last = look;
  return { more: false, bytes: 0, sourceIds, points };
}

function batchOf(batches: Map<string, Batch>, run: string): Batch {
  const known = batches.get(run);
  if (known) return known;
  const batch = new Batch();
  batches.set(run, batch);
  return batch;
}
