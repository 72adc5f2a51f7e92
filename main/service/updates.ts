/**
 * What the window is told, and when: growth of what is on the screen at once, everything else gathered and sent ten times a second at most.
 * Refreshing the rows of what grows off the screen gets a fixed share of the time: hundreds of growing files are told every few seconds.
 */
import type { Events } from '../../preload/contract.ts';
import type { Clock } from './clock.ts';
import type { Catalogue, Run } from './runs/catalogue.ts';
import { appendedAt } from './runs/rows.ts';
import { isOfDatabase } from './store/errors.ts';

/** Changed rows are sent at most this often, in milliseconds. */
const FLUSH_MS = 100;
/** Part of a core that may go into rows off the screen, and how old they may become by it, in milliseconds. */
const SHARE = 1 / 80;
const OLDEST_MS = 4000;
/** What the database did not give is asked for again after so many milliseconds. */
const AGAIN_MS = 1000;
/** A run whose curves were asked for within this time is on the screen. */
const ON_SCREEN_MS = 60_000;

export interface Updates {
  /** These sources have new points. */
  grew(sourceIds: readonly number[]): void;
  /** The runs of this root are to be put together anew. */
  regroup(rootId: number): void;
  /** Rows of these runs are sent with the next flush. */
  touch(keys: Iterable<string>): void;
  /** Curves of this run are looked at. Returns all runs that are on the screen. */
  look(run: Run): Run[];
  /** True for a run that is on the screen. */
  isShown(key: string): boolean;
  /** Sources that grew unseen are looked at now. */
  catchUp(): void;
  /** Steady milliseconds of the last growth (-Infinity: none yet), and since then. */
  lastGrowth(): number;
  quietFor(): number;
  close(): void;
}

export interface UpdateSources {
  clock: Clock;
  catalogue: Catalogue;
  emit<K extends keyof Events>(event: K, payload: Events[K]): void;
  /** The first to hear what the catalogue says. */
  regrouped(result: { changed: string[]; removed: string[] }): void;
  /** A run's stored data changed, or the run went. */
  changed(run: Run): void;
  removed(key: string): void;
  /** The event with these rows and keys, with roots and totals. */
  describe(runs: Run[], removed: string[]): Events['changed'];
}

export function openUpdates({ clock, catalogue, emit, regrouped, changed, removed, describe }: UpdateSources): Updates {
  const touched = new Set<string>();
  const gone = new Set<string>();
  const grown = new Set<string>();
  const stale = new Set<number>();
  const staleRoots = new Set<number>();
  const onScreen = new Map<string, number>();
  let cancel: (() => void) | null = null;
  let cancelCatchUp: (() => void) | null = null;
  /** The next refresh of rows off the screen is due then. */
  let catchUpAt = -Infinity;
  let closed = false;
  let grewAt = -Infinity;

  function isShown(key: string | undefined): boolean {
    return key !== undefined && (onScreen.get(key) ?? -Infinity) > clock.steady() - ON_SCREEN_MS;
  }

  function schedule(): void {
    if (!closed) cancel ??= clock.after(FLUSH_MS, flush);
  }

  function take(result: { changed: string[]; removed: string[] }): void {
    regrouped(result);
    for (const key of result.changed) {
      touched.add(key);
      const run = catalogue.run(key);
      if (run) changed(run);
    }
    for (const key of result.removed) {
      gone.add(key);
      removed(key);
    }
    const shown = result.changed.filter(isShown);
    if (shown.length > 0) emit('grew', { runs: shown, diagnosed: [], appendedAtMs: oldest(shown) });
    for (const key of result.changed) if (!isShown(key)) grown.add(key);
    schedule();
  }

  /** When the newest bytes of these runs were appended; of several runs the earliest. */
  function oldest(keys: readonly string[]): number | null {
    const times = keys.flatMap((key) => {
      const run = catalogue.run(key);
      return (run && appendedAt(run)) ?? [];
    });
    return times.length > 0 ? Math.min(...times) : null;
  }

  /** False if the database fails at it for a moment: then it is to be done again. What else goes wrong is a mistake of ours, and thrown. */
  function isDone(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (!isOfDatabase(error)) throw error;
      return false;
    }
  }

  function flush(): void {
    cancel = null;
    if (!isDone(tell) && !closed) cancel = clock.after(AGAIN_MS, flush);
  }

  function tell(): void {
    if (grown.size > 0) emit('grew', { runs: [...grown], diagnosed: [], appendedAtMs: null });
    const runs = [...touched].flatMap((key) => catalogue.run(key) ?? []);
    const lost = [...gone].filter((key) => catalogue.run(key) === null);
    emit('changed', describe(runs, lost));
    grown.clear();
    touched.clear();
    gone.clear();
  }

  function refresh(sourceIds: readonly number[]): void {
    if (isDone(() => take(catalogue.refresh(sourceIds)))) return;
    for (const id of sourceIds) stale.add(id);
    tryAgain();
  }

  function regroup(rootId: number): void {
    if (isDone(() => take(catalogue.reload(rootId)))) return;
    staleRoots.add(rootId);
    tryAgain();
  }

  function tryAgain(): void {
    if (!closed) cancelCatchUp ??= clock.after(AGAIN_MS, catchUp);
  }

  function catchUp(): void {
    cancelCatchUp?.();
    cancelCatchUp = null;
    const roots = [...staleRoots];
    staleRoots.clear();
    roots.forEach(regroup);
    if (stale.size === 0) return;
    const ids = [...stale];
    stale.clear();
    const before = process.cpuUsage();
    refresh(ids);
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    catchUpAt = clock.steady() + Math.min(OLDEST_MS, Math.max(FLUSH_MS, took / SHARE));
  }

  return {
    lastGrowth: () => grewAt,
    quietFor: () => clock.steady() - grewAt,
    grew(sourceIds) {
      grewAt = clock.steady();
      const shown = sourceIds.filter((id) => isShown(catalogue.runOfSource(id)?.key));
      if (shown.length > 0) refresh(shown);
      for (const id of sourceIds) if (!shown.includes(id)) stale.add(id);
      if (stale.size === 0 || closed) return;
      // Nobody waits longer than needed for the first run of all.
      if (catalogue.isEmpty()) {
        catchUp();
        cancel?.();
        flush();
      } else cancelCatchUp ??= clock.after(Math.max(FLUSH_MS, catchUpAt - clock.steady()), catchUp);
    },
    regroup,
    touch(keys) {
      for (const key of keys) touched.add(key);
      schedule();
    },
    look(run) {
      onScreen.set(run.key, clock.steady());
      for (const key of onScreen.keys()) if (!isShown(key) || !catalogue.run(key)) onScreen.delete(key);
      return [...onScreen.keys()].flatMap((key) => catalogue.run(key) ?? []);
    },
    isShown,
    catchUp,
    close() {
      closed = true;
      cancel?.();
      cancelCatchUp?.();
    },
  };
}
