/** Follows one root: looks, reads, commits, in one loop, so that reading never runs ahead of storing. */
import type { Clock } from '../clock.ts';
import type { Format, Probe } from '../formats/format.ts';
import type { Store } from '../store/store.ts';
import type { rootDisk } from '../watch/root-disk.ts';
import { folderOf } from '../watch/names.ts';
import { openAnnouncer } from './announcer.ts';
import { IDLE_MS, openCollection } from './collection.ts';
import type { Progress, TailEvent, Trouble } from './events.ts';
import { finish } from './finish.ts';
import type { Followed } from './followed.ts';
import type { Looking } from './look.ts';
import { openLoop } from './loop.ts';
import { openPending } from './pending.ts';
import { openScanning } from './scanning.ts';
import { openServing } from './serving.ts';
import { isStoreTrouble, StorageStop } from './storage.ts';

export interface RootOptions {
  rootId: number;
  /** Absolute, without links. */
  path: string;
  store: Store;
  clock: Clock;
  recognise(probe: Probe): Format | null | Promise<Format | null>;
  formatById(id: string): Format | null | Promise<Format | null>;
  isVisible(sourceId: number): boolean;
  /** True for a folder below this root, given relative to it, that is a root of its own. */
  isRoot(path: string): boolean;
  emit(event: TailEvent): void;
  /** Ask the system for notifications; without them the root is polled. */
  hints: boolean;
  /** One-shot: read to the end, wait for nothing. */
  once: boolean;
  openDisk: typeof rootDisk;
}

export interface RootTail {
  /** Does everything that is due now and resolves when nothing more is. */
  work(): Promise<void>;
  /** Works whenever something is due, until `close`. */
  start(): void;
  /** Something may have changed while we were not looking (the machine slept): look at everything once. */
  lookAgain(): void;
  troubles(): Trouble[];
  /** Path and first line of files of no known format. */
  notUnderstood(): Map<string, string>;
  progress(): Progress;
  /** Bytes that were read since the root was opened. */
  bytesRead(): number;
  /** True while a call into a network mount has not come back. */
  stuck(): boolean;
  close(): Promise<void>;
}

const FLUSH_MS = 60;
const FLUSH_BYTES = 4 * 1024 * 1024;
/** Until there are points, so many files are committed each by itself, the newest first: its curves are drawn while others are read. */
const FIRST_COMMITS = 20;
const PROGRESS_EVERY_MS = 100;
const STORAGE_WAIT_MS = 500;
const STORAGE_LONGEST_MS = 15_000;

/** Opens a root; nothing is read before `work` or `start`. */
export function openRoot(options: RootOptions): RootTail {
  const { rootId, store, clock, once } = options;
  const announcer = openAnnouncer(rootId, clock, (event) => void (closed || options.emit(event)));
  const collection = openCollection(clock, (file) => file.source !== null && options.isVisible(file.source.id));
  const { files, queue, unfinished, delayed } = collection;
  const pending = openPending(store, rootId, () => clock.wall());
  const notUnderstood = new Map<string, string>();
  const disk = options.openDisk(options.path, { clock, onHang });
  const scanning = openScanning({
    rootId, path: options.path, hints: options.hints, isRoot: options.isRoot, clock, disk, store, collection, pending, announcer, flush, wake,
    gathering: () => loop.gathering, waits, finish: finishAll, readFirst: once ? undefined : () => serving.readFirst(), complete: () => complete,
  });
  const turn: Looking = {
    disk, clock, pending, store, rootId, once, notUnderstood, flush,
    recognise: options.recognise,
    siblings: (path) => scanning.tree.names(folderOf(path)),
    rescan(file) {
      file.scanAsked = !once;
      if (!once) scanning.rescan(folderOf(file.path));
      return !once;
    },
    trouble(file, text) {
      file.trouble = text;
      announcer.trouble(file.path, text);
    },
    polled: (sourceIds, points) => announcer.committed(sourceIds, [], points),
  };
  const serving = openServing({
    clock, once, disk, collection, scanning, turn, flush,
    served() {
      flushIfDue();
      showProgress();
    },
    hasPoints: () => announcer.points > 0, complete: () => complete, closed: () => closed,
  });
  const due = { flush: 0, progress: 0, storage: 0 };
  let commits = 0;
  let loaded = false;
  let complete = false;
  let hanging = false;
  let storageFailures = 0;
  let closed = false;
  let working: Promise<void> | null = null;
  const loop = openLoop({ clock, work, untilNext, growing: () => collection.active.size });

  function onHang(hangs: boolean): void {
    hanging = hangs;
    announcer.hangs(hangs);
  }

  /** `hinted` is the path of the file that may have grown; without it something else came. */
  function wake(hinted?: string): void {
    loop.wake(hinted === undefined || !waits(hinted));
  }

  /** What nobody looks at may wait a little. */
  function waits(path: string): boolean {
    const source = files.get(path)?.source;
    return source != null && !options.isVisible(source.id);
  }

  function flush(): void {
    due.flush = clock.steady() + FLUSH_MS;
    if (pending.empty()) return;
    commits += 1;
    try {
      const { sourceIds, added, points } = pending.flush();
      announcer.committed(sourceIds, added, points);
    } catch (error) {
      throw new StorageStop('the store did not take a commit', { cause: error });
    }
    storageFailures = 0;
    announcer.storage(null);
  }

  async function finishAll(ended: Iterable<Followed>): Promise<void> {
    for (const file of ended) await finish(file, turn);
    flush();
  }

  /** What was read is committed soon; in a one-shot run only when it has become much. */
  function flushIfDue(): void {
    const isFirst = announcer.points === 0 && commits < FIRST_COMMITS;
    if (pending.bytes >= FLUSH_BYTES || (!once && (isFirst || due.flush <= clock.steady()))) flush();
  }

  function showProgress(): void {
    if (complete || due.progress > clock.steady()) return;
    due.progress = clock.steady() + PROGRESS_EVERY_MS;
    announcer.progress(progress());
  }

  function progress(): Progress {
    return { ...collection.bytes(), points: announcer.points };
  }

  async function doWork(): Promise<void> {
    if (due.storage > clock.steady()) return;
    if (!loaded) await collection.load(store.sources(rootId), options.path, options.formatById);
    loaded = true;
    flush();
    do {
      await scanning.look();
      collection.releaseDelayed();
      await serving.serve();
      flush();
      if (closed) return;
    } while (queue.size > 0 || scanning.hasDirty());
    await serving.offerRests();
    if (!complete && scanning.rooted()) {
      complete = true;
      announcer.progress(progress());
      announcer.state('ok');
    }
  }

  async function work(): Promise<void> {
    while (working) await working.catch(() => {});
    working = doWork().catch(failed).finally(() => {
      working = null;
    });
    return working;
  }

  /** Everything stays as it is and is tried again; a one-shot run ends with the error. */
  function failed(error: unknown): void {
    if (once) throw error instanceof StorageStop ? error.cause : error;
    storageFailures += 1;
    due.storage = clock.steady() + Math.min(STORAGE_LONGEST_MS, STORAGE_WAIT_MS * 2 ** (storageFailures - 1));
    scanning.lookAgain();
    if (isStoreTrouble(error)) announcer.storage(error);
    else announcer.trouble('', `looking at this folder failed and is tried again: ${(error as Error).message}`);
  }

  /** Milliseconds until something is due of itself. */
  function untilNext(): number {
    const now = clock.steady();
    if (due.storage > now) return due.storage - now;
    let next = scanning.nextAt();
    for (const file of unfinished) next = Math.min(next, file.changedAt + IDLE_MS);
    for (const file of delayed) next = Math.min(next, file.notBefore);
    return Math.max(1, next - now);
  }

  return {
    work,
    start: () => loop.start(),
    lookAgain() {
      scanning.lookAgain();
      wake();
    },
    troubles: () => announcer.troubles(),
    notUnderstood: () => notUnderstood,
    progress,
    bytesRead: () => pending.bytesBefore + pending.bytes,
    stuck: () => hanging,
    async close() {
      closed = true;
      scanning.close();
      // A call that does not come back would keep the loop from its end: closing the disk makes it fail.
      await disk.close();
      await loop.stop();
      await working?.catch(() => {});
      await disk.close();
    },
  };
}
