/** Which runs wait to be diagnosed: one between two turns of the event loop; what is not urgent seldom, all of it together. */
import type { Clock } from './clock.ts';
import type { Run } from './runs/catalogue.ts';
import { SELDOM_MS, type Urgencies } from './urgency.ts';

/** Part of the time that diagnosing again what only grew may take; with hundreds of growing runs it comes round less often, at least this often. */
const SHARE = 1 / 120;
const SELDOMEST_MS = 60_000;

export interface DiagnosisQueue {
  /** At once if the run is urgent and has rested, else when it is due. */
  want(run: Run): void;
  close(): void;
}

export interface DiagnosisQueueParts {
  clock: Clock;
  urgencies: Pick<Urgencies, 'isUrgent' | 'isRested'>;
  /** What is to be awaited before the first run; null once that has come. */
  loading(): Promise<unknown> | null;
  diagnose(key: string): void;
  /** Milliseconds that one diagnosis takes on average. */
  usualMs(): number;
}

export function openDiagnosisQueue({ clock, urgencies, loading, diagnose, usualMs }: DiagnosisQueueParts): DiagnosisQueue {
  const queue = new Set<string>();
  const late = new Set<string>();
  let lateAt = -Infinity;
  let cancel: (() => void) | null = null;
  let cancelLate: (() => void) | null = null;
  let closed = false;

  function turn(): void {
    cancel = null;
    const awaited = loading();
    if (awaited) return void awaited.then(next);
    const [key] = queue;
    if (key === undefined) return;
    queue.delete(key);
    diagnose(key);
    next();
  }

  function next(): void {
    if (!closed && queue.size > 0) cancel ??= clock.after(0, turn);
  }

  function lateTurn(): void {
    cancelLate = null;
    const early = lateAt + Math.min(SELDOMEST_MS, (late.size * usualMs()) / SHARE) - clock.steady();
    if (early > 0) return wakeLate(early);
    lateAt = clock.steady();
    for (const key of late) {
      if (!urgencies.isRested(key)) continue;
      late.delete(key);
      queue.add(key);
    }
    if (late.size > 0) wakeLate(SELDOM_MS);
    next();
  }

  function wakeLate(ms: number): void {
    if (!closed) cancelLate ??= clock.after(ms, lateTurn);
  }

  return {
    want(run) {
      if (urgencies.isUrgent(run) && urgencies.isRested(run.key)) {
        queue.add(run.key);
        next();
      } else {
        late.add(run.key);
        wakeLate(SELDOM_MS);
      }
    },
    close() {
      closed = true;
      cancel?.();
      cancelLate?.();
    },
  };
}
