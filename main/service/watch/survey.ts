/**
 * The stat of each file that a scan found. A pass of its own: the stats cost more than all the rest of finding files, and which files there
 * are is known before.
 */
import type { Disk, Native, Stat } from './disk.ts';
import { nameOf, pathOf } from './listing.ts';
import { below } from './names.ts';
import { openPace } from './pace.ts';
import { statEach } from './stats.ts';
import type { Found, Scan } from './tree.ts';

export interface FileFact {
  /** Relative to the root, '/' separators. */
  path: string;
  native: Native;
  stat: Stat;
}

export interface Survey {
  /** The files of the folders that were asked for, by path, without what has gone or is no regular file any more. */
  facts: Map<string, FileFact>;
  /** Files whose stat could not be had: there, for all that is known. */
  unsure: Set<string>;
  /** Asks once for each file of these folders. Returns what came to `facts`. */
  ask(folders: Iterable<Found>): Promise<FileFact[]>;
}

/** A scan and what is known of its files. */
export type Surveyed = Scan & Pick<Survey, 'facts' | 'unsure'>;

/** A survey of no folder yet. */
export function openSurvey(disk: Disk): Survey {
  const facts = new Map<string, FileFact>();
  const unsure = new Set<string>();
  const asked = new Set<string>();
  const pace = openPace();
  return {
    facts,
    unsure,
    async ask(folders) {
      const natives: Native[] = [];
      const paths: string[] = [];
      for (const { path, native, files } of folders) {
        if (asked.has(path)) continue;
        asked.add(path);
        for (const entry of files) {
          natives.push(pathOf(native, entry));
          paths.push(below(path, nameOf(entry)));
        }
      }
      const came: FileFact[] = [];
      await statEach(disk, natives, pace, (stat, at) => {
        const path = paths[at]!;
        if (!('kind' in stat)) {
          if (stat.code !== 'ENOENT') unsure.add(path);
        } else if (stat.kind === 'file') came.push({ path, native: natives[at]!, stat });
      });
      for (const fact of came) facts.set(fact.path, fact);
      return came;
    },
  };
}
