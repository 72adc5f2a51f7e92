/** The stats of many paths, in portions, so that the thread stays free. */
import type { Disk, Native, Stat } from './disk.ts';
import type { Pace } from './pace.ts';

/** Few enough that a disk that takes 40 ms for each does not seem to hang (see slow-disk.ts), and many beside what a message costs. */
const PORTION = 64;

/**
 * Asks for the stat of each path, links not followed, and hands it over with the place of its path in the list; an Error with its `code` in
 * place of what cannot be had. Never rejects: what a whole portion could not be asked for stands for each path of it.
 */
export async function statEach(disk: Disk, paths: readonly Native[], pace: Pace, each: (stat: Stat | NodeJS.ErrnoException, at: number) => void): Promise<void> {
  for (let from = 0; from < paths.length; from += PORTION) {
    const portion = paths.length > PORTION ? paths.slice(from, from + PORTION) : paths;
    const stats = await disk.stat(portion).catch((error: NodeJS.ErrnoException) => portion.map(() => error));
    stats.forEach((stat, n) => each(stat, from + n));
    if (pace.isSpent()) await pace.rest();
  }
}
