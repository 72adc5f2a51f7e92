import type { Clock } from '../clock.ts';
import type { Finding } from './policy.ts';

/** Findings that follow one another within this time are decided on together, so that a folder full of them is one message. */
const PAUSE_MS = 300;
/** Nobody waits longer than this for a message. */
const LONGEST_MS = 3000;

/** Collects findings until nothing new came for a moment. `decide` gets them all; findings on their way are dropped by `close`. */
export function gather(clock: Clock, decide: (findings: Finding[]) => void): { add(findings: readonly Finding[]): void; close(): void } {
  let waiting: Finding[] = [];
  let since = 0;
  let cancel: (() => void) | null = null;

  function end(): void {
    cancel = null;
    const together = waiting;
    waiting = [];
    decide(together);
  }

  return {
    add(findings) {
      if (findings.length === 0) return;
      if (waiting.length === 0) since = clock.steady();
      waiting.push(...findings);
      cancel?.();
      cancel = clock.after(Math.max(0, Math.min(PAUSE_MS, since + LONGEST_MS - clock.steady())), end);
    },
    close: () => cancel?.(),
  };
}
