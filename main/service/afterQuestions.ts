/** What can wait until the window has what it asks for first: the database has rows and curves of what is known, files may wait that long. */
import type { Clock } from './clock.ts';

/** Nothing was asked for so many milliseconds: by then the window has drawn what it was told, for which it needs the cores. */
const SILENCE_MS = 100;
/** A window that goes on asking is not waited for any longer. */
const LATEST_MS = 500;

export interface Waiting {
  /** A question came, or was answered. */
  asked(): void;
  /** It is not to be done any more. */
  stop(): void;
}

/** Does `work` once, when nothing is asked for a moment. */
export function afterQuestions(clock: Clock, work: () => void): Waiting {
  const latest = clock.steady() + LATEST_MS;
  let cancel: (() => void) | null = null;

  function wait(ms: number): void {
    cancel = clock.after(ms, () => {
      cancel = null;
      work();
    });
  }

  wait(SILENCE_MS);
  return {
    asked() {
      if (!cancel) return;
      cancel();
      wait(Math.max(0, Math.min(SILENCE_MS, latest - clock.steady())));
    },
    stop() {
      cancel?.();
      cancel = null;
    },
  };
}
