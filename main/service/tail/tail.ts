/** Tailing of all roots: follow a folder live, or read it once to its end. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Format, Probe } from '../formats/format.ts';
import type { Store } from '../store/store.ts';
import { systemClock, type Clock } from '../clock.ts';
import { networkBelow } from '../watch/mounts.ts';
import { rootDisk } from '../watch/root-disk.ts';
import type { NotUnderstood, Progress, TailEvent, Trouble } from './events.ts';
import { openRoot, type RootTail } from './root.ts';

export interface TailOptions {
  store: Store;
  /** The format of a file, or null (formats/library.ts). */
  recognise(probe: Probe): Format | null | Promise<Format | null>;
  /** The format with this id. */
  formatById(id: string): Format | null | Promise<Format | null>;
  /** Called for everything that happens, between two reads: should be quick. */
  onEvent?(event: TailEvent): void;
  /** `onEvent` threw. That is a bug of the listener and no trouble of disk or store: reading goes on. Without this the error ends the process. */
  onListenerError?(error: unknown, event: TailEvent): void;
  clock?: Clock;
  /** false: no system notifications, only polling (tests, and users who wish it). */
  hints?: boolean;
  /** For tests: another disk in place of the real one. */
  openDisk?: typeof rootDisk;
}

/** What a one-shot reading came to. */
export interface CaughtUp {
  progress: Progress;
  /** Bytes that were new. */
  bytesRead: number;
  troubles: Trouble[];
  notUnderstood: NotUnderstood[];
}

export interface Tail {
  /** Follows a root of the store until `unfollow` or `close`. Returns at once; news come as events. */
  follow(rootId: number): void;
  /** Stops following; what was read is committed. */
  unfollow(rootId: number): Promise<void>;
  /** Reads a root to its end, a last line without newline included, and resolves. Rejects if the store cannot be written. */
  catchUp(rootId: number): Promise<CaughtUp>;
  /** These sources are on the screen: they are read first. Replaces the list before. */
  prioritise(sourceIds: Iterable<number>): void;
  /** What cannot be read at the moment, of one root or all. Damage inside files is in `store.problems`. */
  troubles(rootId?: number): Trouble[];
  /** Files of no known format. */
  notUnderstood(rootId: number): NotUnderstood[];
  progress(rootId: number): Progress | null;
  /** After the machine slept: one look at everything instead of waiting for the next one. */
  lookAgain(): void;
  /** For tests with a clock of their own: does all that is due now in roots that were opened by `attach`. */
  tick(): Promise<void>;
  /** Like `follow`, but nothing happens of itself: only `tick` works. */
  attach(rootId: number): void;
  /**
   * True while a call into a network mount has not come back. `close` does not wait for it, but the end of the process would: after
   * `close` leave with a SIGKILL to ourselves then.
   */
  stuck(): boolean;
  close(): Promise<void>;
}

/** Opens the tailing of a store; no file is touched before `follow` or `catchUp`. */
export function openTail(options: TailOptions): Tail {
  const { store, clock = systemClock } = options;
  const roots = new Map<number, RootTail>();
  /** Paths of the roots that are followed. What lies in two of them is read by the inner one. */
  const followed = new Map<number, string>();
  let visible = new Set<number>();

  function emit(event: TailEvent): void {
    try {
      options.onEvent?.(event);
    } catch (error) {
      if (options.onListenerError) return options.onListenerError(error, event);
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  function open(rootId: number, once: boolean): RootTail {
    const row = store.roots().find((root) => root.id === rootId);
    if (!row) throw new RangeError(`there is no root ${rootId}`);
    const isVisible = (sourceId: number): boolean => visible.has(sourceId);
    const { recognise, formatById } = options;
    const hints = !once && options.hints !== false;
    const openDisk = options.openDisk ?? rootDisk;
    // A network folder is not touched from this thread, also not to resolve its links.
    const path = networkBelow(row.path) === null ? resolved(row.path) : row.path;
    if (!once) followed.set(rootId, path);
    const isRoot = (inner: string): boolean => followed.size > 1 && [...followed.values()].includes(join(path, inner));
    return openRoot({ rootId, path, store, clock, recognise, formatById, isVisible, isRoot, emit, hints, once, openDisk });
  }

  function attach(rootId: number): RootTail {
    const known = roots.get(rootId);
    if (known) return known;
    const root = open(rootId, false);
    roots.set(rootId, root);
    return root;
  }

  return {
    follow: (rootId) => attach(rootId).start(),
    attach: (rootId) => void attach(rootId),
    async unfollow(rootId) {
      const root = roots.get(rootId);
      roots.delete(rootId);
      followed.delete(rootId);
      await root?.close();
      // A root around it reads from now on what lies in it.
      for (const other of roots.values()) other.lookAgain();
    },
    async catchUp(rootId) {
      const root = open(rootId, true);
      try {
        await root.work();
        return { progress: root.progress(), bytesRead: root.bytesRead(), troubles: root.troubles(), notUnderstood: listed(root) };
      } finally {
        await root.close();
      }
    },
    prioritise(sourceIds) {
      visible = new Set(sourceIds);
    },
    troubles: (rootId) => [...roots].flatMap(([id, root]) => (rootId === undefined || id === rootId ? root.troubles() : [])),
    notUnderstood: (rootId) => listed(roots.get(rootId)),
    progress: (rootId) => roots.get(rootId)?.progress() ?? null,
    lookAgain() {
      for (const root of roots.values()) root.lookAgain();
    },
    async tick() {
      await Promise.all([...roots.values()].map((root) => root.work()));
    },
    stuck: () => [...roots.values()].some((root) => root.stuck()),
    async close() {
      const open = [...roots.values()];
      roots.clear();
      await Promise.all(open.map((root) => root.close()));
    },
  };
}

/** The root without links; as it is if it is not there at the moment. */
function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function listed(root: RootTail | undefined): NotUnderstood[] {
  return [...(root?.notUnderstood() ?? [])].map(([path, firstLine]) => ({ path, firstLine }));
}
