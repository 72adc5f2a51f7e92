/** Reads a folder once to its end: what the command line, the tests and the benchmarks do with a store. */
import { isConfigOnly } from './formats/ids.ts';
import { formatById, recognise } from './formats/library.ts';
import { openCatalogue, type Run } from './runs/catalogue.ts';
import type { Store } from './store/store.ts';
import { openTail } from './tail/tail.ts';

export interface ReadFolder {
  runs: readonly Run[];
  /** Bytes that were new. */
  bytesRead: number;
  newPoints: number;
  /** All that the store holds. */
  points: number;
  problems: { file: string; offset: number; text: string }[];
}

/** Brings `store` up to date with the folder `root` (absolute, without links) and returns its runs. Rejects if nothing can be stored. */
export async function readFolder(store: Store, root: string): Promise<ReadFolder> {
  const rootId = store.addRoot(root);
  const before = store.totals().points;
  const tail = openTail({ store, recognise, formatById, hints: false });
  try {
    const { bytesRead, troubles } = await tail.catchUp(rootId);
    const unreadable = troubles.map(({ path, text }) => ({ file: path, offset: 0, text }));
    const damage = store.problems(rootId).map(({ path, offset, text }) => ({ file: path, offset, text }));
    const { points } = store.totals();
    return {
      runs: storedRuns(store, [rootId]),
      bytesRead,
      newPoints: points - before,
      points,
      problems: [...unreadable, ...damage],
    };
  } finally {
    await tail.close();
  }
}

/** The runs of some roots as the store has them, without reading a log. Their series are read when they are asked for: nothing may be written before. */
export function storedRuns(store: Store, rootIds: readonly number[]): readonly Run[] {
  const catalogue = openCatalogue(store, isConfigOnly, (rootId) => new Map(store.documents.get('corrections', String(rootId)) ?? []));
  for (const id of rootIds) catalogue.open(id);
  return catalogue.runs();
}
