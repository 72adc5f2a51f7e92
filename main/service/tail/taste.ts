/**
 * The first curves of a root that was never read: what the first scan meets (the newest folders first) is read at once, until there are
 * points, while the rest of the root is still to be listed. Nothing in it can have moved or gone, so that this need not wait for the whole.
 */
import type { Stat } from '../watch/disk.ts';
import type { Survey } from '../watch/survey.ts';
import type { Found } from '../watch/tree.ts';
import { newcomer, type Followed } from './followed.ts';
import { keyOf } from './reconcile.ts';

export interface TasteParts {
  files: Map<string, Followed>;
  survey: Survey;
  /** Steady milliseconds. */
  now(): number;
  /** Queues the file if it is worth a look. */
  consider(file: Followed, stat: Stat): void;
  /** Reads and commits what is queued, until there are points. Returns whether there are. */
  read(): Promise<boolean>;
}

/** For one scan: to be told of the files of each folder in turn. */
export function openTaste({ files, survey, now, consider, read }: TasteParts): (found: Found) => Promise<void> {
  const inodes = new Set<string>();
  let done = false;
  return async (found) => {
    if (done) return;
    for (const fact of await survey.ask([found])) {
      const key = keyOf(fact.stat);
      // A second name of a file is left to `reconcile`.
      if (inodes.has(key)) continue;
      inodes.add(key);
      const file = newcomer(fact, now());
      file.scannedInode = fact.stat.inode;
      files.set(fact.path, file);
      consider(file, fact.stat);
    }
    done = await read();
  };
}
