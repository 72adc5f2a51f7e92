/** Which runs the user pinned or hid. Held in memory: every row that the window is told asks for it. */
import type { Documents } from './store/store.ts';

export type Mark = 'pinned' | 'hidden';

export interface Marks {
  has(mark: Mark, run: string): boolean;
  set(mark: Mark, run: string, on: boolean): void;
  /** Reads them anew. */
  reload(): void;
}

export function openMarks(documents: Documents): Marks {
  const marked = (mark: Mark): Set<string> => new Set(documents.all<boolean>(mark).map(({ key }) => key));
  const read = (): Record<Mark, Set<string>> => ({ pinned: marked('pinned'), hidden: marked('hidden') });
  let held = read();
  return {
    has: (mark, run) => held[mark].has(run),
    set(mark, run, on) {
      if (on) {
        documents.set(mark, run, true);
        held[mark].add(run);
      } else {
        documents.delete(mark, run);
        held[mark].delete(run);
      }
    },
    reload() {
      held = read();
    },
  };
}
