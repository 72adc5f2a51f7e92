export type RunState = 'running' | 'finished' | 'stalled' | 'failed' | 'unknown';

/** Writers flush every 120 s by default: shorter silence says nothing (format reference 1.7). Seconds. */
export const QUIET_S = 150;

/** Silence of this many usual intervals is a stall. */
const INTERVALS = 12;

/**
 * State of a run by explicit word, else by growth (format reference, section 6). Old history that has no end record is `unknown`, unless
 * it reached its plan: nothing more is claimed.
 *
 * Times in seconds since 1970; `interval` is the usual time between bytes, null if unknown.
 */
export function runState(run: {
  said: readonly ('running' | 'finished' | 'failed' | null)[];
  grewAt: number | null;
  modifiedAt: number | null;
  interval: number | null;
  reachedPlan: boolean;
  now: number;
}): RunState {
  if (run.said.includes('failed')) return 'failed';
  if (run.said.includes('finished')) return 'finished';
  const newest = Math.max(run.grewAt ?? -Infinity, run.modifiedAt ?? -Infinity);
  const silence = run.now - newest;
  const quiet = run.grewAt === null ? QUIET_S : Math.max(QUIET_S, INTERVALS * (run.interval ?? 0));
  if (silence <= quiet) return run.reachedPlan ? 'finished' : 'running';
  if (run.reachedPlan) return 'finished';
  return run.grewAt !== null || run.said.includes('running') ? 'stalled' : 'unknown';
}
