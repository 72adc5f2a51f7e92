/** Follows one root: scans, compares, reads, commits, in one loop, so that reading never runs ahead of storing. */
import type { Format, Probe } from '../formats/format.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../watch/disk.ts';
import { openHints, type Hints } from '../watch/hints.ts';
import { openPace } from '../watch/pace.ts';
import { folderOf, openTree, type FileFact, type Scan } from '../watch/tree.ts';
import { ACTIVE_MS, IDLE_MS, openCollection } from './collection.ts';
import type { Progress, RootState, TailEvent, Trouble } from './events.ts';
import type { Followed } from './followed.ts';
import { lookAt, offer, type Looking } from './look.ts';
import { openPending } from './pending.ts';
import { formerFolders, reconcile } from './reconcile.ts';
import { StorageStop, storageSentence } from './storage.ts';

export interface RootOptions {
  rootId: number;
  /** Absolute, without links. */
  path: string;
  store: Store;
  disk: Disk;
  clock: Clock;
  recognise(probe: Probe): Format | null;
  formatById(id: string): Format | null;
  isVisible(sourceId: number): boolean;
  emit(event: TailEvent): void;
  /** Ask the system for notifications; without them the root is polled. */
  hints: boolean;
  /** One-shot: read to the end, wait for nothing. */
  once: boolean;
}

export interface RootTail {
  /** Does everything that is due now and resolves when nothing more is. */
  work(): Promise<void>;
  /** Works whenever something is due, until `close`. */
  start(): void;
  /** Something may have changed while we were not looking (the machine slept): look at everything once. */
  lookAgain(): void;
  troubles(): Trouble[];
  notUnderstood(): Map<string, string>;
  progress(): Progress;
  close(): Promise<void>;
}

const ACTIVE_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 15_000;
const SCAN_EVERY_MS = 60_000;
const POLL_SCAN_EVERY_MS = 10_000;
/** Looking at everything may cost this part of the time. */
const SHARE = 1 / 400;
const DIRTY_EVERY_MS = 100;
const FLUSH_MS = 60;
const FLUSH_BYTES = 4 * 1024 * 1024;
const PROGRESS_EVERY_MS = 100;
const STAT_BATCH = 512;

/** Opens a root; nothing is read before `work` or `start`. */
export function openRoot(options: RootOptions): RootTail {
  const { rootId, store, disk, clock, once } = options;
  const isVisible = (file: Followed): boolean => file.source !== null && options.isVisible(file.source.id);
  const collection = openCollection(clock, isVisible);
  const { files, queue, active, unfinished, delayed } = collection;
  const pending = openPending(store, rootId, () => clock.wall());
  const troubles = new Map<string, Trouble>();
  const notUnderstood = new Map<string, string>();
  const dirty = new Set<string>();
  const hinted = new Set<string>();
  let hints: Hints | null = options.hints ? openHints(options.path, { file: hintFile, folder: hintFolder, trouble: stopHints }) : null;
  const tree = openTree(disk, options.path, {
    entering: (path, native) => hints?.watch(path, native),
    leaving: (path) => hints?.unwatch(path),
    problem: (path, text) => setTrouble(path, text),
    now: () => clock.wall(),
  });
  const turn: Looking = {
    disk,
    clock,
    pending,
    store,
    rootId,
    once,
    notUnderstood,
    recognise: options.recognise,
    siblings: (path) => tree.names(folderOf(path)),
    flush,
    trouble: fileTrouble,
    polled: (sourceIds, points) => told(sourceIds, [], points),
  };
  const due = { scan: 0, dirty: 0, active: 0, sweep: 0, flush: 0, progress: 0, storage: 0 };
  let loaded = false;
  let complete = false;
  let points = 0;
  let state: RootState | null = null;
  let storageFailures = 0;
  let closed = false;
  let working: Promise<void> | null = null;
  let wakeUp: (() => void) | null = null;
  let woken = false;

  function hintFile(path: string): void {
    hinted.add(path.endsWith('-wal') ? path.slice(0, -4) : path);
    wake();
  }

  function hintFolder(path: string): void {
    dirty.add(path);
    wake();
  }

  function stopHints(sentence: string): void {
    setTrouble('', sentence);
    hints?.close();
    hints = null;
  }

  function wake(): void {
    woken = true;
    wakeUp?.();
  }

  function setTrouble(path: string, text: string | null): void {
    if ((troubles.get(path)?.text ?? null) === text) return;
    if (text === null) troubles.delete(path);
    else troubles.set(path, { rootId, path, text, atMs: clock.wall() });
    options.emit({ kind: 'problem', rootId, path, text });
  }

  function fileTrouble(file: Followed, text: string | null): void {
    file.trouble = text;
    setTrouble(file.path, text);
  }

  function setState(next: RootState, sentence: string | null = null): void {
    if (state === next) return;
    state = next;
    options.emit({ kind: 'root-state', rootId, state: next, sentence });
  }

  function told(sourceIds: number[], added: number[], count: number): void {
    points += count;
    if (added.length > 0) options.emit({ kind: 'added', rootId, sourceIds: added });
    if (sourceIds.length > 0) options.emit({ kind: 'grew', rootId, sourceIds, points: count });
  }

  function flush(): void {
    due.flush = clock.steady() + FLUSH_MS;
    if (pending.empty()) return;
    try {
      const { sourceIds, added, points: count } = pending.flush();
      told(sourceIds, added, count);
      if (storageFailures > 0) options.emit({ kind: 'storage', sentence: null });
      storageFailures = 0;
    } catch (error) {
      throw new StorageStop('the store did not take a commit', { cause: error });
    }
  }

  async function scan(): Promise<void> {
    flush();
    const began = performance.now();
    const now = clock.steady();
    const whole = due.scan <= now;
    const only = whole ? undefined : [...dirty];
    dirty.clear();
    due.dirty = now + DIRTY_EVERY_MS;
    const result = await tree.scan(only);
    if (!whole) merge(result, await tree.scan(formerFolders(result, files)));
    if (whole) {
      const every = hints === null ? POLL_SCAN_EVERY_MS : SCAN_EVERY_MS;
      due.scan = clock.steady() + (result.rooted ? Math.max(every, (performance.now() - began) / SHARE) : 3_000);
      if (result.rooted) setState(complete ? 'ok' : 'loading');
      else setState('gone', 'The folder is not there or cannot be read.');
    }
    const changes = await reconcile(result, { files, disk, tree, store, now: () => clock.steady() });
    for (const file of changes.look) {
      const fact = result.facts.get(file.path);
      if (fact) considerNew(file, fact);
    }
    tell('gone', changes.gone);
    tell('back', changes.back);
    tell('moved', changes.moved);
  }

  function considerNew(file: Followed, fact: FileFact): void {
    if (complete && file.last === null && file.grewAt === null) file.grewAt = clock.steady();
    if (!complete && file.last === null) file.changedAt = clock.steady() - Math.max(0, clock.wall() - fact.mtimeMs);
    collection.consider(file, fact);
  }

  function tell(kind: 'gone' | 'back' | 'moved', changed: Followed[]): void {
    const sourceIds = changed.flatMap((file) => (file.source ? [file.source.id] : []));
    if (sourceIds.length > 0) options.emit({ kind, rootId, sourceIds });
  }

  /** Hinted files need no stat: opening them tells. */
  function takeHints(): void {
    for (const path of hinted) {
      const file = files.get(path);
      if (!file) dirty.add(folderOf(path));
      else if (!file.gone) {
        file.changedAt = clock.steady();
        file.notBefore = 0;
        active.add(file);
        if (file.format !== null || file.sniffed === 0) queue.urge(file);
        else active.add(file);
      }
    }
    hinted.clear();
  }

  async function compare(): Promise<void> {
    const now = clock.steady();
    if (due.sweep <= now) {
      const began = performance.now();
      await compareAll([...files.values()]);
      due.sweep = clock.steady() + Math.max(SWEEP_EVERY_MS, (performance.now() - began) / SHARE);
      due.active = now + ACTIVE_EVERY_MS;
    } else if (due.active <= now) {
      for (const file of active) if (now - file.changedAt > ACTIVE_MS) active.delete(file);
      await compareAll([...active]);
      due.active = now + ACTIVE_EVERY_MS;
    }
  }

  async function compareAll(list: Followed[]): Promise<void> {
    const pace = openPace();
    for (let at = 0; at < list.length; at += STAT_BATCH) {
      const batch = list.slice(at, at + STAT_BATCH).filter((file) => !file.gone);
      const stats = await disk.stat(batch.map((file) => file.native));
      stats.forEach((stat, index) => {
        const file = batch[index];
        if (!file) return;
        if ('kind' in stat && stat.kind === 'file') collection.consider(file, stat);
        else dirty.add(folderOf(file.path));
      });
      await pace.rest();
    }
  }

  async function serve(): Promise<void> {
    const pace = openPace();
    while (!closed) {
      takeHints();
      if (dirty.size > 0 && due.dirty <= clock.steady() && !once) return;
      const file = queue.next();
      if (!file) return;
      if (file.notBefore > clock.steady()) {
        delayed.add(file);
        continue;
      }
      const outcome = await lookAt(file, turn);
      if (outcome.bytes > 0 && complete) file.grewAt = clock.steady();
      if (outcome.more) queue.add(file);
      else if (file.notBefore > clock.steady()) delayed.add(file);
      else if (file.format?.kind === 'stream' && file.place.offset < file.size) unfinished.add(file);
      if (pending.bytes >= FLUSH_BYTES || (due.flush <= clock.steady() && !once)) flush();
      showProgress();
      await pace.rest();
    }
  }

  function showProgress(): void {
    if (complete || due.progress > clock.steady()) return;
    due.progress = clock.steady() + PROGRESS_EVERY_MS;
    options.emit({ kind: 'progress', rootId, progress: progress() });
  }

  function progress(): Progress {
    let bytesDone = 0;
    let bytesTotal = 0;
    for (const file of files.values()) {
      if (file.gone || (file.format === null && file.sniffed > 0)) continue;
      bytesTotal += file.size;
      bytesDone += Math.min(file.size, file.place.offset);
    }
    return { files: files.size, bytesDone, bytesTotal, points };
  }

  async function offerRests(): Promise<void> {
    for (const file of unfinished) {
      if (!once && clock.steady() - file.changedAt < IDLE_MS) continue;
      unfinished.delete(file);
      if (!file.gone && (await offer(file, turn))) flush();
    }
  }

  async function doWork(): Promise<void> {
    if (!loaded) {
      loaded = true;
      collection.load(store.sources(rootId), options.path, options.formatById);
      due.sweep = clock.steady() + SWEEP_EVERY_MS;
    }
    if (due.storage > clock.steady()) return;
    flush();
    for (;;) {
      if (closed) return;
      if (due.scan <= clock.steady() || dirty.size > 0) await scan();
      await compare();
      collection.releaseDelayed();
      await serve();
      flush();
      if (queue.size === 0 && hinted.size === 0 && (dirty.size === 0 || due.dirty > clock.steady())) break;
    }
    await offerRests();
    flush();
    if (!complete && state !== 'gone') {
      complete = true;
      options.emit({ kind: 'progress', rootId, progress: progress() });
      setState('ok');
    }
  }

  async function work(): Promise<void> {
    while (working) await working;
    working = doWork()
      .catch((error: unknown) => {
        if (once) throw error instanceof StorageStop ? (error.cause ?? error) : error;
        storageFailures += 1;
        due.storage = clock.steady() + Math.min(30_000, 500 * 2 ** storageFailures);
        due.scan = 0;
        if (storageFailures === 1) options.emit({ kind: 'storage', sentence: storageSentence(error as Error) });
      })
      .finally(() => {
        working = null;
      });
    return working;
  }

  /** Milliseconds until something is due of itself. */
  function untilNext(): number {
    const now = clock.steady();
    if (due.storage > now) return due.storage - now;
    let next = Math.min(due.scan, due.sweep);
    if (active.size > 0) next = Math.min(next, due.active);
    if (dirty.size > 0) next = Math.min(next, due.dirty);
    for (const file of unfinished) next = Math.min(next, file.changedAt + IDLE_MS);
    for (const file of delayed) next = Math.min(next, file.notBefore);
    return Math.max(0, next - now);
  }

  async function loop(): Promise<void> {
    while (!closed) {
      woken = false;
      await work();
      if (closed || woken) continue;
      await new Promise<void>((resume) => {
        const cancel = clock.after(Math.max(1, untilNext()), resume);
        wakeUp = () => {
          cancel();
          resume();
        };
      });
      wakeUp = null;
    }
  }

  let looping: Promise<void> | null = null;
  return {
    work,
    start() {
      looping ??= loop();
    },
    lookAgain() {
      due.scan = 0;
      due.sweep = 0;
      wake();
    },
    troubles: () => [...troubles.values()],
    notUnderstood: () => notUnderstood,
    progress,
    async close() {
      closed = true;
      wake();
      hints?.close();
      await looping;
      await working?.catch(() => {});
      await disk.close();
    },
  };
}

function merge(into: Scan, more: Scan): void {
  for (const [path, fact] of more.facts) into.facts.set(path, fact);
  for (const path of more.read) into.read.add(path);
  into.removed.push(...more.removed);
  for (const path of more.failed) into.failed.add(path);
}
