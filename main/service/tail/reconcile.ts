/** Brings what is known of a root into line with what a scan found: new, moved, gone and returned files. */
import type { SourceRow, Store } from '../store/store.ts';
import type { Disk } from '../watch/disk.ts';
import { folderOf } from '../watch/names.ts';
import { openPace } from '../watch/pace.ts';
import type { FileFact, Surveyed } from '../watch/survey.ts';
import type { Tree } from '../watch/tree.ts';
import { runsInFile } from './database.ts';
import { newcomer, type Followed } from './followed.ts';
import { HEAD, hashOf, MARKER } from './identity.ts';

export interface Changes {
  /** Files to be looked at: new ones, and those whose stat has to be compared. */
  look: Followed[];
  moved: Followed[];
  gone: Followed[];
  back: Followed[];
  /** No longer followed: overwritten by another known file, or gone before anything was stored. */
  dropped: Followed[];
  /** Paths at which a known file no longer lies. */
  left: string[];
}

export interface Ledger {
  rootId: number;
  files: Map<string, Followed>;
  disk: Disk;
  tree: Tree;
  store: Store;
  /** Steady milliseconds. */
  now(): number;
  /** Takes and commits what a file that went away still holds. */
  finish(files: Iterable<Followed>): Promise<void>;
}

/** Applies a scan. What is waiting must have been committed before: paths change here. */
export async function reconcile(scan: Surveyed, ledger: Ledger): Promise<Changes> {
  const changes: Changes = { look: [], moved: [], gone: [], back: [], dropped: [], left: [] };
  const vanished = findVanished(scan, ledger);
  applyMoves(await findMoves(scan, ledger, vanished), ledger, changes, vanished);
  await ledger.finish(vanished);
  markGone(vanished, ledger, changes);
  markBack(scan, ledger, changes);
  // Of no use where every file is known, as at most starts.
  let inodes: Map<string, string> | null = null;
  const pace = openPace();
  for (const fact of scan.facts.values()) {
    if (pace.isSpent()) await pace.rest();
    const file = ledger.files.get(fact.path);
    if (file) {
      file.native = fact.native;
      file.scannedInode = fact.stat.inode;
      changes.look.push(file);
    } else if (!isSecondName(fact, (inodes ??= inodesOf(ledger.files, scan)), scan)) {
      const fresh = newcomer(fact, ledger.now());
      ledger.files.set(fact.path, fresh);
      inodes.set(keyOf(fact.stat), fresh.path);
      changes.look.push(fresh);
    }
  }
  return changes;
}

/** Known files that a complete listing of their folder no longer names. */
function findVanished(scan: Surveyed, { files, tree }: Ledger): Set<Followed> {
  const vanished = new Set<Followed>();
  const removed = new Set(scan.removed);
  for (const file of files.values()) {
    if (scan.facts.has(file.path) || scan.unsure.has(file.path)) continue;
    const folder = folderOf(file.path);
    const unknown = scan.whole && scan.rooted && !tree.has(folder) && !isBelow(folder, scan.failed);
    if (scan.read.has(folder) || isBelow(folder, removed) || unknown) vanished.add(file);
  }
  return vanished;
}

function isBelow(folder: string, removed: Set<string>): boolean {
  if (removed.size === 0) return false;
  if (removed.has('')) return true;
  for (let at = folder; at !== ''; at = folderOf(at)) if (removed.has(at)) return true;
  return false;
}

/** Known files whose inode now has another name, and whose content says that it is they. */
async function findMoves(scan: Surveyed, { files, disk }: Ledger, vanished: Set<Followed>): Promise<Map<Followed, FileFact>> {
  // By inode alone, as devices may be numbered anew; the content decides.
  const homeless = new Map<number, Followed[]>();
  for (const file of files.values()) {
    if (!file.last || !file.source || file.place.offset === 0 || file.format?.kind === 'database') continue;
    const here = scan.facts.get(file.path);
    const lost = vanished.has(file) || file.gone || (here !== undefined && here.stat.inode !== file.last.inode);
    if (!lost) continue;
    const { inode } = file.last;
    homeless.set(inode, [...(homeless.get(inode) ?? []), file]);
  }
  const moves = new Map<Followed, FileFact>();
  if (homeless.size === 0) return moves;
  for (const fact of scan.facts.values()) {
    for (const file of homeless.get(fact.stat.inode) ?? []) {
      if (file.path === fact.path || moves.has(file) || !(await isSame(file, fact, disk))) continue;
      moves.set(file, fact);
      break;
    }
  }
  return moves;
}

async function isSame(file: Followed, fact: FileFact, disk: Disk): Promise<boolean> {
  const { place } = file;
  if (fact.stat.size < place.offset) return false;
  const back = Math.min(MARKER, place.offset);
  try {
    if (file.format?.kind === 'snapshot') {
      const { parts } = await disk.read(fact.native, [{ offset: 0, length: place.offset + 1 }]);
      return hashOf(parts[0] ?? new Uint8Array()) === place.marker;
    }
    const { parts } = await disk.read(fact.native, [
      { offset: 0, length: HEAD },
      { offset: place.offset - back, length: back },
    ]);
    const head = parts[0]?.subarray(0, place.headLength);
    return hashOf(head ?? new Uint8Array()) === place.head && hashOf(parts[1] ?? new Uint8Array()) === place.marker;
  } catch {
    return false;
  }
}

/** Path of a source whose file was overwritten; nothing else has it. */
function setAside({ id, path }: SourceRow): string {
  return `${path}#overwritten-${id}`;
}

/** Whether a source has lost its path to another one. */
export function isSetAside({ id, path }: SourceRow): boolean {
  return path.endsWith(`#overwritten-${id}`);
}

/** Moves all at once, so that files may change places. A file whose path is taken and that is nowhere else has been overwritten. */
function applyMoves(moves: Map<Followed, FileFact>, { files, store }: Ledger, changes: Changes, vanished: Set<Followed>): void {
  if (moves.size === 0) return;
  const overwritten = [...moves.values()].flatMap((fact) => files.get(fact.path) ?? []).filter((owner) => !moves.has(owner));
  store.transaction(() => {
    for (const { source } of overwritten) {
      if (!source) continue;
      store.moveSource(source.id, setAside(source));
      store.markGone(source.id, true);
    }
    for (const { source } of moves.keys()) if (source) store.moveSource(source.id, setAside(source));
    for (const [{ source }, fact] of moves) if (source) store.moveSource(source.id, fact.path);
  });
  for (const owner of overwritten) {
    files.delete(owner.path);
    vanished.delete(owner);
    changes.dropped.push(owner);
    changes.gone.push(owner);
    changes.left.push(owner.path);
  }
  for (const file of moves.keys()) if (files.get(file.path) === file) files.delete(file.path);
  for (const [file, fact] of moves) {
    changes.left.push(file.path);
    file.path = fact.path;
    file.native = fact.native;
    files.set(fact.path, file);
    vanished.delete(file);
    changes.moved.push(file);
  }
}

function markGone(vanished: Set<Followed>, { store, files, rootId }: Ledger, changes: Changes): void {
  const gone = [...vanished].filter((file) => file.source !== null && !file.gone);
  mark(gone, true, store, rootId);
  for (const file of gone) file.gone = true;
  changes.gone.push(...gone);
  for (const file of vanished) {
    changes.left.push(file.path);
    if (file.source) continue;
    files.delete(file.path);
    changes.dropped.push(file);
  }
}

function markBack(scan: Surveyed, { store, files, rootId }: Ledger, changes: Changes): void {
  const back = [...files.values()].filter((file) => file.gone && scan.facts.has(file.path));
  mark(back, false, store, rootId);
  for (const file of back) file.gone = false;
  changes.back.push(...back);
}

/** The store first: if it cannot be written, all is as it was and is tried again. */
function mark(list: Followed[], gone: boolean, store: Store, rootId: number): void {
  if (list.length === 0) return;
  store.transaction(() => {
    for (const file of list) {
      if (file.source) store.markGone(file.source.id, gone);
      for (const run of runsInFile(store, rootId, file)) store.markGone(run.id, gone);
    }
  });
}

/** Where each inode lies. What the scan says comes first: the number of a device may be another one after a restart of the machine. */
function inodesOf(files: Map<string, Followed>, scan: Surveyed): Map<string, string> {
  const inodes = new Map<string, string>();
  for (const file of files.values()) {
    const look = scan.facts.get(file.path)?.stat ?? file.last;
    if (look && !file.gone) inodes.set(keyOf(look), file.path);
  }
  return inodes;
}

/** A hard link: the same file under a second name, while the first is still there. */
function isSecondName(fact: FileFact, inodes: Map<string, string>, scan: Surveyed): boolean {
  const first = inodes.get(keyOf(fact.stat));
  if (first === undefined || first === fact.path) return false;
  const there = scan.facts.get(first);
  return there === undefined ? !scan.read.has(folderOf(first)) : there.stat.inode === fact.stat.inode;
}

/** Folders that a partial scan has to read as well: those where files now found elsewhere used to lie. */
export function formerFolders(scan: Surveyed, files: Map<string, Followed>): Set<string> {
  const inodes = inodesOf(files, scan);
  const folders = new Set<string>();
  for (const fact of scan.facts.values()) {
    const first = inodes.get(keyOf(fact.stat));
    if (first !== undefined && first !== fact.path && !scan.read.has(folderOf(first))) folders.add(folderOf(first));
  }
  return folders;
}

/** A file as the system tells it from others. */
export function keyOf(look: { device: number; inode: number }): string {
  return `${look.device}:${look.inode}`;
}
