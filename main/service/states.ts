/** The states of all runs as time passes: one that falls silent changes without a byte. */
import type { Clock } from './clock.ts';
import type { Catalogue, Run } from './runs/catalogue.ts';
import { stateOf } from './runs/rows.ts';

/** While a run is running its state is looked at this often. */
const STATE_MS = 5000;

export interface StateSources {
  clock: Clock;
  catalogue: Catalogue;
  isLoading(rootId: number): boolean;
  /** The state of a run is another one than when it was last looked at. */
  changed(run: Run): void;
  /** Called before each look. */
  quiet(): void;
}

/** Looks at all states every few seconds; returns the way to stop. */
export function watchStates({ clock, catalogue, isLoading, changed, quiet }: StateSources): () => void {
  const last = new Map<string, { state: string; version: number }>();
  let stop = clock.after(STATE_MS, look);
  return () => stop();

  function look(): void {
    stop = clock.after(STATE_MS, look);
    quiet();
    const now = clock.wall();
    for (const run of catalogue.runs()) {
      const before = last.get(run.key);
      // Time alone changes only what is running.
      if (before?.version === run.version && before.state !== 'running') continue;
      const state = stateOf(run, now);
      if (isLoading(run.rootId)) continue;
      last.set(run.key, { state, version: run.version });
      if (before?.state !== state) changed(run);
    }
  }
}
