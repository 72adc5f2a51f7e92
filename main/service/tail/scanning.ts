/** When to look where: scans of folders, comparisons of known files, and the hints that make both prompt. */
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { Stat } from '../watch/disk.ts';
import type { RootDisk } from '../watch/root-disk.ts';
import { openHints, type Hints } from '../watch/hints.ts';
import { folderOf } from '../watch/names.ts';
import { openPace } from '../watch/pace.ts';
import { openSurvey, type Survey, type Surveyed } from '../watch/survey.ts';
import { openTree, type Scan, type Tree } from '../watch/tree.ts';
import type { Announcer } from './announcer.ts';
import type { Collection } from './collection.ts';
import { openComparing } from './comparing.ts';
import type { Followed } from './followed.ts';
import { openHinted } from './hinted.ts';
import type { Pending } from './pending.ts';
import { formerFolders, reconcile, type Ledger } from './reconcile.ts';
import { restAfter } from './share.ts';
import { openTaste } from './taste.ts';

const SCAN_EVERY_MS = 60_000;
/** Without notifications new files are found by scanning alone. */
const POLL_SCAN_EVERY_MS = 10_000;
const ROOT_GONE_MS = 3_000;
/** Twice this after a scan that left something unsure, and twice as long after each more. */
const UNSURE_MS = 1_000;
/** A network folder is asked for this often, so that it is noticed when it no longer answers although nothing in it is expected to grow. */
const PULSE_MS = 1_500;
/** And a local one: nobody tells when a folder above it is renamed. */
const LOCAL_PULSE_MS = 5_000;
const DIRTY_EVERY_MS = 100;

export interface Scanning {
  tree: Tree;
  /** Scans what is due, and compares the stats that are due. */
  look(): Promise<void>;
  /** Hinted files go to the front of the queue. Cheap: called between any two files. */
  takeHints(): void;
  /** True if a hinted folder may be scanned now. */
  hasDirty(): boolean;
  /** This folder is to be scanned soon. */
  rescan(folder: string): void;
  /** Everything is to be looked at. */
  lookAgain(): void;
  /** Steady milliseconds at which something is due of itself. */
  nextAt(): number;
  /** False while the folder is not there. */
  rooted(): boolean;
  close(): void;
}

export interface ScanningParts {
  rootId: number;
  path: string;
  hints: boolean;
  clock: Clock;
  disk: RootDisk;
  store: Store;
  collection: Collection;
  pending: Pending;
  announcer: Announcer;
  /** True for a folder below the root that is followed as a root of its own. */
  isRoot(path: string): boolean;
  finish: Ledger['finish'];
  flush(): void;
  /** See taste.ts; without it the first scan is finished before anything is read. */
  readFirst?: (() => Promise<boolean>) | undefined;
  /** True after the first loading of the root. */
  complete(): boolean;
  /** True while growth that nobody looks at is gathered. */
  gathering(): boolean;
  /** True for the path of a file whose growth waits meanwhile. */
  waits(path: string): boolean;
  /** Work came; `hinted` is the path of a file that may have grown, if it is only that. */
  wake(hinted?: string): void;
}

/** Opens the scanning of a root; nothing is read before `look`. */
export function openScanning(parts: ScanningParts): Scanning {
  const { path: root, clock, disk, store, collection, pending, announcer, wake } = parts;
  const { files, queue, active } = collection;
  const dirty = new Set<string>();
  const hinted = openHinted();
  const lost = (file: Followed): void => void dirty.add(folderOf(file.path));
  const comparing = openComparing({ clock, disk, collection, pending, hinted: hinted.has, lost });
  const due = { scan: 0, dirty: 0, pulse: Infinity };
  let pulseEvery = LOCAL_PULSE_MS;
  let rooted = true;
  let scanned = false;
  /** Whole scans in a row in which the stat of some file could not be had. */
  let unsureScans = 0;
  let hints: Hints | null = parts.hints ? openHints(root, { file: hintFile, folder: hintFolder, trouble: stopHints }) : null;
  const tree = openTree(disk, root, {
    entering: (path, native) => hints?.watch(path, native),
    leaving: (path) => hints?.unwatch(path),
    isRoot: parts.isRoot,
    problem: (path, text) => announcer.trouble(path, text),
    now: () => clock.wall(),
  });

  function hintFile(path: string): void {
    const file = path.endsWith('-wal') ? path.slice(0, -4) : path;
    hinted.add(file);
    wake(file);
  }

  function takeHint(path: string): void {
    const file = files.get(path);
    if (!file) dirty.add(folderOf(path));
    else if (!file.gone) {
      file.changedAt = clock.steady();
      file.notBefore = 0;
      active.add(file);
      // Opening it tells more than a stat.
      if (file.format !== null) queue.urge(file);
    }
  }

  function hintFolder(path: string): void {
    dirty.add(path);
    wake();
  }

  function stopHints(sentence: string): void {
    announcer.trouble('', sentence);
    hints?.close();
    hints = null;
  }

  /** A network file system tells nobody what other machines do. */
  function checkNetwork(): void {
    const type = disk.recheck();
    pulseEvery = type === null ? LOCAL_PULSE_MS : PULSE_MS;
    due.pulse = Math.min(due.pulse, clock.steady() + pulseEvery);
    if (type !== null && hints !== null) stopHints(`on a network file system (${type}): looked at once a second`);
  }

  async function scan(): Promise<void> {
    parts.flush();
    const began = clock.steady();
    const whole = due.scan <= clock.steady();
    if (whole) {
      // Who asks for another one from now on means what is looked at now, too.
      due.scan = Infinity;
      checkNetwork();
    }
    const only = [...dirty];
    dirty.clear();
    due.dirty = clock.steady() + DIRTY_EVERY_MS;
    const survey = openSurvey(disk);
    const result = await surveyed(survey, await tree.scan(whole ? undefined : only, whole ? tasteOf(survey) : undefined));
    if (!whole) {
      merge(result, await surveyed(survey, await tree.scan(formerFolders(result, files))));
      // Whether the root is there is for a whole scan to say.
      if (!result.rooted) due.scan = 0;
    } else {
      const every = restAfter(clock, began, hints === null ? POLL_SCAN_EVERY_MS : SCAN_EVERY_MS);
      if (!scanned) comparing.justAsked();
      scanned = true;
      unsureScans = result.unsure.size > 0 ? unsureScans + 1 : 0;
      const next = result.rooted ? Math.min(every, unsureScans > 0 ? UNSURE_MS * 2 ** unsureScans : Infinity) : ROOT_GONE_MS;
      due.scan = Math.min(due.scan, clock.steady() + next);
      rooted = result.rooted;
      if (!rooted) announcer.state('gone', 'The folder is not there or cannot be read.');
      else announcer.state(parts.complete() ? 'ok' : 'loading');
    }
    await apply(result);
  }

  /** Of a root of which nothing is known. */
  function tasteOf(survey: Survey): ReturnType<typeof openTaste> | undefined {
    const { readFirst } = parts;
    if (scanned || files.size > 0 || !readFirst) return undefined;
    return openTaste({ files, survey, now: () => clock.steady(), consider, read: readFirst });
  }

  async function surveyed(survey: Survey, scan: Scan): Promise<Surveyed> {
    await survey.ask(scan.read.values());
    for (const path of survey.unsure) tree.distrust(folderOf(path));
    return { ...scan, facts: survey.facts, unsure: survey.unsure };
  }

  async function apply(result: Surveyed): Promise<void> {
    const ledger: Ledger = { rootId: parts.rootId, files, disk, tree, store, now: () => clock.steady(), finish: parts.finish };
    const changes = await reconcile(result, ledger);
    for (const path of changes.left) announcer.trouble(path, null);
    for (const file of changes.dropped) {
      pending.drop(file);
      collection.drop(file);
    }
    const pace = openPace();
    for (const file of changes.look) {
      if (pace.isSpent()) await pace.rest();
      const fact = result.facts.get(file.path);
      if (fact) consider(file, fact.stat);
    }
    announcer.changed('gone', changes.gone);
    announcer.changed('back', changes.back);
    announcer.changed('moved', changes.moved);
  }

  function consider(file: Followed, stat: Stat): void {
    const isNew = file.last === null && file.sniffed === 0;
    // A file that appears while the root is watched is live from its first byte on; one that was there may be old.
    if (isNew && parts.complete()) file.grewAt ??= clock.steady();
    else if (isNew) file.changedAt = clock.steady() - Math.max(0, clock.wall() - stat.mtimeMs);
    // What a scan knows of a database lacks its write-ahead log: ask the database itself.
    if (file.format?.kind === 'database' && file.last !== null) queue.add(file);
    else collection.consider(file, stat);
  }

  return {
    tree,
    async look() {
      if (due.scan <= clock.steady() || dirty.size > 0) await scan();
      await comparing.compare();
      if (due.pulse > clock.steady()) return;
      const [there] = await disk.stat([root]);
      due.pulse = clock.steady() + pulseEvery;
      // What became of it is for a whole scan to say.
      if (rooted && !(there && 'kind' in there)) due.scan = 0;
    },
    takeHints: () => hinted.take(parts.gathering(), parts.waits, takeHint),
    hasDirty: () => dirty.size > 0 && due.dirty <= clock.steady(),
    rescan: (folder) => void dirty.add(folder),
    lookAgain() {
      tree.distrust();
      due.scan = 0;
      comparing.sweepSoon();
    },
    nextAt() {
      return Math.min(due.scan, due.pulse, comparing.nextAt(), dirty.size > 0 ? due.dirty : Infinity);
    },
    rooted: () => rooted,
    close() {
      hints?.close();
      hints = null;
    },
  };
}

function merge(into: Scan, more: Scan): void {
  for (const [path, found] of more.read) into.read.set(path, found);
  into.removed.push(...more.removed);
  for (const path of more.failed) into.failed.add(path);
}
