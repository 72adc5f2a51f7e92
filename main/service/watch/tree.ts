/**
 * Which files lie below a root: walks it once, then re-reads only folders whose modification time moved.
 * Links are never followed: what they lead to inside the root is met under its own name, what leaves the root is not read.
 */
import { joinNative, type Disk, type Entry, type Native, type Stat } from './disk.ts';
import { below, isUnmistakable, skipsFile, skipsFolder } from './names.ts';
import { openPace, type Pace } from './pace.ts';

export interface FileFact {
  /** Relative to the root, '/' separators. */
  path: string;
  native: Native;
  device: number;
  inode: number;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

export interface Scan {
  /** Every file of the folders that were read in this scan. */
  facts: Map<string, FileFact>;
  /** The folders that were read ('' is the root): a known file of one of them that is not in `facts` has gone. */
  read: Set<string>;
  /** Folders that are no longer there; what lay below them has gone. */
  removed: string[];
  /** Folders that could not be read: nothing is known of what lies below them. */
  failed: Set<string>;
  /** Files whose stat could not be had: there, for all that is known. */
  unsure: Set<string>;
  /** True if everything was scanned: a file whose folder is not in the tree has gone, unless it lies below a failed one. */
  whole: boolean;
  /** True if the root itself could be read. */
  rooted: boolean;
}

export interface TreeOptions {
  /** Folders below the root deeper than this are not entered. */
  depth?: number;
  /** A folder with more files than this is taken for a data set: only unmistakable logs are read there. */
  crowd?: number;
  /** Called before a folder is read, so that a watch misses nothing. */
  entering?(path: string, native: Native): void;
  leaving?(path: string): void;
  /** Something that the user should know about a path (null: it is over); the scan goes on. */
  problem?(path: string, text: string | null): void;
  /** Milliseconds since 1970. */
  now?(): number;
}

export interface Tree {
  /** Scans everything, or only these folders and what is new below them. `met` is awaited with the files of each folder that was read. */
  scan(only?: Iterable<string>, met?: (facts: FileFact[]) => Promise<void>): Promise<Scan>;
  /** Names beside the files of a folder. */
  names(folder: string): ReadonlySet<string>;
  has(folder: string): boolean;
  /** Lets the next full scan read every folder, whatever the time stamps say. */
  distrust(): void;
}

interface Folder {
  path: string;
  native: Native;
  depth: number;
  stat: Stat;
  listedAt: number;
  folders: Set<string>;
  /** A list until it is asked for: of most folders it never is, and sets of all names were a tenth of the first scan. */
  names: string[] | ReadonlySet<string>;
}

/** `stat`: as it was a moment ago. */
type Step = Pick<Folder, 'path' | 'native' | 'depth'> & { stat?: Stat };

interface Visit {
  thorough: boolean;
  /** Folders by device and inode. */
  entered: Set<string>;
  result: Scan;
  /** The files of the folder that was looked at last, if it was read. */
  listed: FileFact[];
}

/** A folder changed this shortly before it was listed may change again without a new time stamp (2 s on some file systems). */
const SETTLED_MS = 3000;
/** Every so many full scans no time stamp is trusted. */
const THOROUGH = 10;
/** Bytes of a folder itself, above which it has some ten thousand entries. */
const LARGE = 512 * 1024;
const STAT_BATCH = 512;
const NO_NAMES: ReadonlySet<string> = new Set();

/** A tree over the folder `root` (absolute, without links). */
export function openTree(disk: Disk, root: string, options: TreeOptions = {}): Tree {
  const { depth: deepest = 8, crowd = 5000, now = Date.now } = options;
  const known = new Map<string, Folder>();
  const troubled = new Set<string>();
  const linksSeen = new Set<string>();
  let scans = 0;

  async function scan(only?: Iterable<string>, met?: (facts: FileFact[]) => Promise<void>): Promise<Scan> {
    const result: Scan = { facts: new Map(), read: new Set(), failed: new Set(), unsure: new Set(), removed: [], whole: only === undefined, rooted: true };
    const steps: Step[] = [];
    for (const path of only ?? ['']) {
      const step = path === '' ? { path, native: root, depth: 0 } : known.get(path);
      // Without the stat of the last scan.
      if (step) steps.push({ path, native: step.native, depth: step.depth });
    }
    const thorough = only !== undefined || scans % THOROUGH === 0;
    if (only === undefined) scans += 1;
    const visit: Visit = { thorough, entered: new Set(), result, listed: [] };
    const pace = openPace();
    for (let step = steps.pop(); step; step = steps.pop()) {
      await pace.rest();
      visit.listed = [];
      const next = await look(step, visit);
      if (met) {
        await met(visit.listed);
        await newestLast(next, pace);
      }
      for (const folder of next) if (only === undefined || !known.has(folder.path)) steps.push(folder);
    }
    return result;
  }

  /** So that the folder that changed last is entered first. */
  async function newestLast(steps: Step[], pace: Pace): Promise<void> {
    for (let at = 0; at < steps.length; at += STAT_BATCH) {
      const batch = steps.slice(at, at + STAT_BATCH);
      const stats = await disk.stat(batch.map(({ native }) => native)).catch(() => []);
      stats.forEach((stat, n) => {
        if ('kind' in stat) batch[n]!.stat = stat;
      });
      await pace.rest();
    }
    steps.sort((a, b) => (a.stat?.mtimeMs ?? 0) - (b.stat?.mtimeMs ?? 0));
  }

  /** Looks at one folder and returns those below it. */
  async function look(step: Step, visit: Visit): Promise<Step[]> {
    const { thorough, entered, result } = visit;
    const [stat] = step.stat ? [step.stat] : await disk.stat([step.native]).catch((error: NodeJS.ErrnoException) => [error]);
    if (!stat || !('kind' in stat)) return failed(step, stat as NodeJS.ErrnoException, result);
    if (stat.kind !== 'folder') return failed(step, Object.assign(new Error('not a folder'), { code: 'ENOTDIR' }), result);
    const identity = `${stat.device}:${stat.inode}`;
    if (entered.has(identity)) return [];
    entered.add(identity);
    const before = known.get(step.path);
    if (before && !thorough && sameFolder(before, stat)) return stepsBelow(before);
    options.entering?.(step.path, step.native);
    try {
      const listedAt = now();
      const entries = await disk.list(step.native, stat.size > LARGE);
      const folder = remember({ ...step, stat, listedAt, folders: new Set(), names: entries.map(({ name }) => name) }, entries, result);
      const facts = await factsOf(folder, entries, result);
      for (const fact of facts) result.facts.set(fact.path, fact);
      result.read.add(step.path);
      if (troubled.delete(step.path)) options.problem?.(step.path, null);
      visit.listed = facts;
      return stepsBelow(folder);
    } catch (error) {
      return failed(step, error as NodeJS.ErrnoException, result);
    }
  }

  function remember(folder: Folder, entries: Entry[], result: Scan): Folder {
    for (const entry of entries) {
      if (entry.kind === 'folder' && folder.depth < deepest && !skipsFolder(entry.name)) {
        const path = below(folder.path, entry.name);
        folder.folders.add(path);
        natives.set(path, joinNative(folder.native, entry.native));
      }
    }
    const before = known.get(folder.path);
    for (const path of before?.folders ?? []) if (!folder.folders.has(path)) forget(path, result);
    known.set(folder.path, folder);
    return folder;
  }

  const natives = new Map<string, Native>();

  function stepsBelow(folder: Folder): Step[] {
    return [...folder.folders].map((path) => ({ path, native: natives.get(path) ?? `${root}/${path}`, depth: folder.depth + 1 }));
  }

  async function factsOf(folder: Folder, entries: Entry[], result: Scan): Promise<FileFact[]> {
    let files = entries.filter((entry) => entry.kind === 'file');
    if (files.length > crowd) {
      options.problem?.(folder.path, `${files.length} files in one folder: taken for a data set, only event files are read there`);
      files = files.filter((entry) => isUnmistakable(entry.name));
    }
    files = files.filter((entry) => !skipsFile(entry.name));
    for (const entry of entries) if (entry.kind === 'link') await noteLink(folder, entry);
    const paths = files.map((entry) => joinNative(folder.native, entry.native));
    const facts: FileFact[] = [];
    const stats = await disk.stat(paths);
    stats.forEach((stat, index) => {
      const entry = files[index];
      const native = paths[index];
      if (!entry || native === undefined) return;
      const path = below(folder.path, entry.name);
      if ('kind' in stat) {
        if (stat.kind === 'file') facts.push(factOf(path, native, stat));
      } else if (stat.code !== 'ENOENT') {
        result.unsure.add(path);
        folder.listedAt = 0;
      }
    });
    return facts;
  }

  /** Says once for each link that leaves the root that it is not followed. */
  async function noteLink(folder: Folder, entry: Entry): Promise<void> {
    const path = below(folder.path, entry.name);
    if (linksSeen.has(path) || typeof folder.native !== 'string' || linksSeen.size > 10_000) return;
    linksSeen.add(path);
    const target = await disk.realpath(`${root}/${path}`).catch(() => null);
    if (target === null || target === root || target.startsWith(root === '/' ? root : `${root}/`)) return;
    options.problem?.(path, 'a link that leaves the chosen folder is not followed; add the folder it leads to instead');
  }

  function failed(step: Step, error: NodeJS.ErrnoException, result: Scan): Step[] {
    if (step.path === '') result.rooted = false;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') forget(step.path, result);
    else {
      result.failed.add(step.path);
      troubled.add(step.path);
      const folder = known.get(step.path);
      if (folder) folder.listedAt = 0;
      options.problem?.(step.path, `the folder cannot be read: ${error.message}`);
    }
    return [];
  }

  function forget(path: string, result: Scan): void {
    const folder = known.get(path);
    result.removed.push(path);
    if (!folder) return;
    known.delete(path);
    options.leaving?.(path);
    for (const inner of folder.folders) forget(inner, result);
    for (const inner of folder.folders) natives.delete(inner);
  }

  return {
    scan,
    names: (folder) => namesOf(known.get(folder)),
    has: (folder) => known.has(folder),
    distrust: () => void (scans = 0),
  };
}

/** A fact from a stat. */
export function factOf(path: string, native: Native, stat: Stat): FileFact {
  const { device, inode, size, mtimeMs, ctimeMs } = stat;
  return { path, native, device, inode, size, mtimeMs, ctimeMs };
}

function namesOf(folder: Folder | undefined): ReadonlySet<string> {
  if (Array.isArray(folder?.names)) folder.names = new Set(folder.names);
  return folder?.names ?? NO_NAMES;
}

/** The folder part of a relative path; '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function sameFolder(before: Folder, stat: Stat): boolean {
  const same = before.stat.inode === stat.inode && before.stat.mtimeMs === stat.mtimeMs && before.stat.ctimeMs === stat.ctimeMs;
  return same && before.listedAt - stat.mtimeMs > SETTLED_MS;
}
