/**
 * Which files lie below a root: walks it once, then re-reads only folders whose modification time moved. Files are told by the listings of
 * their folders alone: to ask for the stat of each costs more than all the rest, see survey.ts.
 * Links are never followed: what they lead to inside the root is met under its own name, what leaves the root is not read.
 */
import type { Disk, Native, Stat } from './disk.ts';
import { openLinks } from './links.ts';
import { nameOf, pathOf, type Entry, type Listing } from './listing.ts';
import { below, DEEPEST, isUnmistakable, skipsFile, skipsFolder } from './names.ts';
import { openPace, type Pace } from './pace.ts';
import { statEach } from './stats.ts';

/** The files of one folder that may be logs. */
export interface Found {
  /** The folder relative to the root, '/' separators; '' for the root itself. */
  path: string;
  native: Native;
  files: Entry[];
}

export interface Scan {
  /** The folders that were read, by path: a known file of one of them that is not among its files has gone. */
  read: Map<string, Found>;
  /** Folders that are no longer there; what lay below them has gone. */
  removed: string[];
  /** Folders that could not be read: nothing is known of what lies below them. */
  failed: Set<string>;
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
  /** A folder below the root that is a root of its own, which reads what lies in it. */
  isRoot?(path: string): boolean;
  /** Something that the user should know about a path (null: it is over); the scan goes on. */
  problem?(path: string, text: string | null): void;
  /** Milliseconds since 1970. */
  now?(): number;
}

export interface Tree {
  /** Scans everything, or only these folders and what is new below them. `met` is awaited with the files of each folder that was read. */
  scan(only?: Iterable<string>, met?: (found: Found) => Promise<void>): Promise<Scan>;
  /** Names beside the files of a folder. */
  names(folder: string): ReadonlySet<string>;
  has(folder: string): boolean;
  /** Lets the next full scan read this folder, or every one, whatever the time stamps say. */
  distrust(folder?: string): void;
}

interface Folder {
  path: string;
  native: Native;
  depth: number;
  stat: Stat;
  listedAt: number;
  /** The folders in it, by path. */
  folders: ReadonlyMap<string, Native>;
  /** As it was listed until the names are asked for: of most folders they never are, and sets of all were a tenth of the first scan. */
  names: Listing | ReadonlySet<string>;
}

/** `stat`: as it was a moment ago. */
type Step = Pick<Folder, 'path' | 'native' | 'depth'> & { stat?: Stat };

interface Visit {
  thorough: boolean;
  /** Folders by device and inode. */
  entered: Set<string>;
  result: Scan;
}

/** A folder changed this shortly before it was listed may change again without a new time stamp (2 s on some file systems). */
const SETTLED_MS = 3000;
/** Every so many full scans no time stamp is trusted. */
const THOROUGH = 10;
/** Bytes of a folder itself, above which it has some ten thousand entries. */
const LARGE = 512 * 1024;
const NO_NAMES: ReadonlySet<string> = new Set();
const NO_FOLDERS: ReadonlyMap<string, Native> = new Map();

/** A tree over the folder `root` (absolute, without links). */
export function openTree(disk: Disk, root: string, options: TreeOptions = {}): Tree {
  const { depth: deepest = DEEPEST, crowd = 5000, now = Date.now } = options;
  const known = new Map<string, Folder>();
  const troubled = new Set<string>();
  const links = openLinks(disk, root);
  let scans = 0;

  async function scan(only?: Iterable<string>, met?: (found: Found) => Promise<void>): Promise<Scan> {
    const result: Scan = { read: new Map(), failed: new Set(), removed: [], whole: only === undefined, rooted: true };
    const steps: Step[] = [];
    for (const path of only ?? ['']) {
      const step = path === '' ? { path, native: root, depth: 0 } : known.get(path);
      // Without the stat of the last scan.
      if (step) steps.push({ path, native: step.native, depth: step.depth });
    }
    const thorough = only !== undefined || scans % THOROUGH === 0;
    if (only === undefined) scans += 1;
    const visit: Visit = { thorough, entered: new Set(), result };
    const pace = openPace();
    for (let step = steps.pop(); step; step = steps.pop()) {
      if (pace.isSpent()) await pace.rest();
      const next = await look(step, visit);
      if (met) {
        const found = result.read.get(step.path);
        if (found) await met(found);
        await newestLast(next, pace);
      }
      for (const folder of next) if (only === undefined || !known.has(folder.path)) steps.push(folder);
    }
    return result;
  }

  /** So that the folder that changed last is entered first. */
  async function newestLast(steps: Step[], pace: Pace): Promise<void> {
    await statEach(disk, steps.map(({ native }) => native), pace, (stat, at) => {
      if ('kind' in stat) steps[at]!.stat = stat;
    });
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
      const listing = await disk.list(step.native, stat.size > LARGE);
      const folder = { path: step.path, native: step.native, depth: step.depth, stat, listedAt, folders: foldersIn(step, listing), names: listing };
      remember(folder, result);
      for (const link of listing.link) await noteLink(folder, link);
      result.read.set(step.path, { path: step.path, native: step.native, files: wanted(step.path, listing) });
      if (troubled.delete(step.path)) options.problem?.(step.path, null);
      return stepsBelow(folder);
    } catch (error) {
      return failed(step, error as NodeJS.ErrnoException, result);
    }
  }

  function foldersIn(step: Step, listing: Listing): ReadonlyMap<string, Native> {
    if (listing.folder.length === 0 || step.depth >= deepest) return NO_FOLDERS;
    const folders = new Map<string, Native>();
    for (const entry of listing.folder) {
      const name = nameOf(entry);
      const path = below(step.path, name);
      if (!skipsFolder(name) && !options.isRoot?.(path)) folders.set(path, pathOf(step.native, entry));
    }
    return folders;
  }

  function remember(folder: Folder, result: Scan): void {
    const before = known.get(folder.path);
    for (const path of before?.folders.keys() ?? []) if (!folder.folders.has(path)) forget(path, result);
    known.set(folder.path, folder);
  }

  /** The files of a folder that may be logs, by their names. */
  function wanted(path: string, listing: Listing): Entry[] {
    let files = listing.file;
    if (files.length > crowd) {
      options.problem?.(path, `${files.length} files in one folder: taken for a data set, only event files are read there`);
      files = files.filter((entry) => isUnmistakable(nameOf(entry)));
    }
    return files.filter((entry) => !skipsFile(nameOf(entry)));
  }

  /** Says once of each link that leaves the root that it is not followed. */
  async function noteLink(folder: Folder, entry: Entry): Promise<void> {
    const path = below(folder.path, nameOf(entry));
    if (typeof folder.native === 'string' && (await links.leaves(path))) {
      options.problem?.(path, 'a link that leaves the chosen folder is not followed; add the folder it leads to instead');
    }
  }

  function failed(step: Step, error: NodeJS.ErrnoException, result: Scan): Step[] {
    if (step.path === '') result.rooted = false;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') forget(step.path, result);
    else {
      result.failed.add(step.path);
      troubled.add(step.path);
      distrust(step.path);
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
    for (const inner of folder.folders.keys()) forget(inner, result);
  }

  function distrust(path?: string): void {
    const folder = path === undefined ? undefined : known.get(path);
    if (folder) folder.listedAt = 0;
    else if (path === undefined) scans = 0;
  }

  return {
    scan,
    names: (folder) => namesOf(known.get(folder)),
    has: (folder) => known.has(folder),
    distrust,
  };
}

function stepsBelow({ folders, depth }: Folder): Step[] {
  const steps: Step[] = [];
  for (const [path, native] of folders) steps.push({ path, native, depth: depth + 1 });
  return steps;
}

function namesOf(folder: Folder | undefined): ReadonlySet<string> {
  if (!folder) return NO_NAMES;
  if (folder.names instanceof Set) return folder.names;
  return (folder.names = new Set(Object.values(folder.names as Listing).flat().map(nameOf)));
}

function sameFolder(before: Folder, stat: Stat): boolean {
  const same = before.stat.inode === stat.inode && before.stat.mtimeMs === stat.mtimeMs && before.stat.ctimeMs === stat.ctimeMs;
  return same && before.listedAt - stat.mtimeMs > SETTLED_MS;
}
