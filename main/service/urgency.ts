/** How urgent it is to diagnose a run again: what was new when it was diagnosed last, when that was, and how long it took. */
import type { Clock } from './clock.ts';
import { evalsOf } from './diagnosedRun.ts';
import type { Run } from './runs/catalogue.ts';

/** Growth without a new eval is diagnosed again after this long, in milliseconds: spikes and stalls show up in steps, too. */
export const SELDOM_MS = 15_000;
/** A run is not diagnosed again before it has been left alone for so many times what its last diagnosis took: one of a million points takes seconds. */
const REST = 10;

/** The last diagnosis of a run in this session: its steady milliseconds, and how many it took. */
export interface Last {
  evals: string;
  atMs: number;
  tookMs: number;
}

export interface Urgencies {
  /** The run is being diagnosed; what that takes is to be noted in what is returned. */
  begin(run: Run): Last;
  /** False for a run that was not looked at in this session. */
  has(run: Run): boolean;
  /** An eval or a value that is not finite is new. */
  isUrgent(run: Run): boolean;
  isOld(run: Run): boolean;
  isRested(run: Run): boolean;
  forget(key: string): void;
}

export function openUrgencies(clock: Clock): Urgencies {
  const byKey = new Map<string, Last>();
  return {
    begin(run) {
      const last = { evals: evalsOf(run), atMs: clock.steady(), tookMs: 0 };
      byKey.set(run.key, last);
      return last;
    },
    has: ({ key }) => byKey.has(key),
    isUrgent: (run) => byKey.get(run.key)?.evals !== evalsOf(run),
    isOld: ({ key }) => clock.steady() - (byKey.get(key)?.atMs ?? -Infinity) > SELDOM_MS,
    isRested({ key }) {
      const last = byKey.get(key);
      return !last || clock.steady() - last.atMs > REST * last.tookMs;
    },
    forget: (key) => void byKey.delete(key),
  };
}
