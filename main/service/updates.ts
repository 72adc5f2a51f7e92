/**
 * What the window is told, and when: growth of what is on the screen at once, everything else gathered and sent ten times a second; with
 * hundreds of growing files off the screen their rows are refreshed every two seconds only.
 */
import type { Events } from '../../preload/contract.ts';
import type { Clock } from './clock.ts';
import type { Catalogue, Run } from './runs/catalogue.ts';

/** Changed rows are sent at most this often, in milliseconds. */
const FLUSH_MS = 100;
/** With more growing sources than this off the screen, their rows are refreshed this often only. */
const MANY = 40;
const MANY_MS = 2000;
/** A run whose curves were asked for within this time is on the screen. */
const ON_SCREEN_MS = 60_000;

export interface Updates {
  /** These sources have new points. */
  grew(sourceIds: readonly number[]): void;
  /** Takes in what the catalogue says of changed and removed runs. */
  take(result: { changed: string[]; removed: string[] }): void;
  /** Rows of these runs are sent with the next flush. */
  touch(keys: Iterable<string>): void;
  /** Curves of this run are looked at. Returns all runs that are on the screen. */
  look(run: Run): Run[];
  /** Sources that grew unseen are looked at now. */
  catchUp(): void;
  close(): void;
}

export interface UpdateSources {
  clock: Clock;
  catalogue: Catalogue;
  emit<K extends keyof Events>(event: K, payload: Events[K]): void;
  /** A run's stored data changed, or the run went. */
  changed(run: Run): void;
  removed(key: string): void;
  /** The event with these rows and keys, with roots and totals. */
  describe(runs: Run[], removed: string[]): Events['changed'];
}

export function openUpdates({ clock, catalogue, emit, changed, removed, describe }: UpdateSources): Updates {
  const touched = new Set<string>();
  const gone = new Set<string>();
  const grown = new Set<string>();
  const stale = new Set<number>();
  const onScreen = new Map<string, number>();
  let refreshedAt = -Infinity;
  let cancel: (() => void) | null = null;
  let closed = false;

  function isShown(key: string | undefined): boolean {
    return key !== undefined && (onScreen.get(key) ?? -Infinity) > clock.steady() - ON_SCREEN_MS;
  }

  function schedule(): void {
    if (!closed) cancel ??= clock.after(FLUSH_MS, flush);
  }

  function take(result: { changed: string[]; removed: string[] }): void {
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
    if (shown.length > 0) emit('grew', { runs: shown, diagnosed: [], committedAtMs: clock.wall() });
    for (const key of result.changed) if (!isShown(key)) grown.add(key);
    schedule();
  }

  function flush(): void {
    cancel = null;
    const due = refreshedAt + (stale.size > MANY ? MANY_MS : FLUSH_MS);
    if (stale.size > 0 && clock.steady() >= due) catchUp();
    if (stale.size > 0) schedule();
    if (grown.size > 0) emit('grew', { runs: [...grown], diagnosed: [], committedAtMs: clock.wall() });
    const runs = [...touched].flatMap((key) => catalogue.run(key) ?? []);
    const lost = [...gone].filter((key) => catalogue.run(key) === null);
    grown.clear();
    touched.clear();
    gone.clear();
    emit('changed', describe(runs, lost));
  }

  function catchUp(): void {
    if (stale.size === 0) return;
    refreshedAt = clock.steady();
    const ids = [...stale];
    stale.clear();
    take(catalogue.refresh(ids));
  }

  return {
    grew(sourceIds) {
      const shown = sourceIds.filter((id) => isShown(catalogue.runOfSource(id)?.key));
      if (shown.length > 0) take(catalogue.refresh(shown));
      for (const id of sourceIds) if (!shown.includes(id)) stale.add(id);
      schedule();
    },
    take,
    touch(keys) {
      for (const key of keys) touched.add(key);
      schedule();
    },
    look(run) {
      onScreen.set(run.key, clock.steady());
      for (const key of onScreen.keys()) if (!isShown(key) || !catalogue.run(key)) onScreen.delete(key);
      return [...onScreen.keys()].flatMap((key) => catalogue.run(key) ?? []);
    },
    catchUp,
    close() {
      closed = true;
      cancel?.();
    },
  };
}
