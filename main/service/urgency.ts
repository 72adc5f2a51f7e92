/** How urgent it is to diagnose a run again: what was new when it was diagnosed last, when that was, and how long it took. */
import type { Clock } from './clock.ts';
import { evalsOf } from './diagnosedRun.ts';
import type { Run } from './runs/catalogue.ts';

/** Growth without a new eval is diagnosed again after this long, in milliseconds: spikes and stalls show up in steps, too. */
export const SELDOM_MS = 15_000;
/** A run is not diagnosed again before it has been left alone for so many times what its last diagnosis took: one of a million points takes seconds. */
const REST = 10;
/** But no longer than this: whoever waits for an alert of the run waits, too. */
const LONGEST_REST_MS = 60_000;

/** The last look at a run in this session, and until when it is left alone; steady milliseconds. */
interface Last {
  evals: string;
  atMs: number;
  restsUntilMs: number;
}

export interface Urgencies {
  /** The run is looked at as it is now. */
  begin(run: Run): void;
  /** It was diagnosed, which took so many milliseconds. */
  end(key: string, tookMs: number): void;
  /** False for a run that was not looked at in this session. */
  has(run: Run): boolean;
  /** An eval or a value that is not finite is new. */
  isUrgent(run: Run): boolean;
  isOld(run: Run): boolean;
  isRested(key: string): boolean;
  forget(key: string): void;
}

export function openUrgencies(clock: Clock): Urgencies {
  const byKey = new Map<string, Last>();
  return {
    begin(run) {
      // Nothing may have changed since it was diagnosed: it goes on resting from that.
      const restsUntilMs = byKey.get(run.key)?.restsUntilMs ?? -Infinity;
      byKey.set(run.key, { evals: evalsOf(run), atMs: clock.steady(), restsUntilMs });
    },
    end(key, tookMs) {
      const last = byKey.get(key);
      if (last) last.restsUntilMs = clock.steady() + Math.min(LONGEST_REST_MS, REST * tookMs);
    },
    has: ({ key }) => byKey.has(key),
    isUrgent: (run) => byKey.get(run.key)?.evals !== evalsOf(run),
    isOld: ({ key }) => clock.steady() - (byKey.get(key)?.atMs ?? -Infinity) > SELDOM_MS,
    isRested: (key) => clock.steady() > (byKey.get(key)?.restsUntilMs ?? -Infinity),
    forget: (key) => void byKey.delete(key),
  };
}
