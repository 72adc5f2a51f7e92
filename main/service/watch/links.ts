/** Links below a root. They are never followed; the user is told of those that lead out of the root. */
import type { Disk } from './disk.ts';

export interface Links {
  /** Whether the link at this path (relative to the root) leaves the root. Asked again, it says no: once is enough to be told. */
  leaves(path: string): Promise<boolean>;
}

/** Links are kept in mind, and asked for, up to so many. */
const MOST = 10_000;

/** For one root (absolute, without links). */
export function openLinks(disk: Disk, root: string): Links {
  const seen = new Set<string>();
  return {
    async leaves(path) {
      if (seen.has(path) || seen.size > MOST) return false;
      seen.add(path);
      const target = await disk.realpath(`${root}/${path}`).catch(() => null);
      return target !== null && target !== root && !target.startsWith(root === '/' ? root : `${root}/`);
    },
  };
}
