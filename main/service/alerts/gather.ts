import type { Clock } from '../clock.ts';
import { alertId, type Finding } from './policy.ts';

/** Findings that follow one another within this time are decided on together, so that a folder full of them is one message. */
const PAUSE_MS = 300;
/** Nobody waits longer than this for a first message: sooner than the 30 s of the reference, because somebody watches. */
const LONGEST_MS = 3000;
/** After a message, what is not critical waits this long and is then one message (reference section 6.2, group interval). */
const GROUP_MS = 5 * 60_000;

export interface Decided {
  said: boolean;
  /** Findings that are worth saying, later. */
  held: Finding[];
}

export interface Gathering {
  /** Everything that the newest diagnosis of a run found. */
  add(run: string, findings: readonly Finding[]): void;
  /** The run went: what was found in it is found again in the runs that have its files. */
  forget(run: string): void;
  close(): void;
}

/** Collects findings until nothing new came for a moment, and paces the messages. Findings on their way are dropped by `close`. */
export function gather(clock: Clock, decide: (runs: readonly string[], findings: Finding[], hold: boolean) => Decided): Gathering {
  let waiting = new Map<string, readonly Finding[]>();
  const held = new Map<string, Finding>();
  let since = 0;
  let nextAt = -Infinity;
  let cancel: (() => void) | null = null;
  let cancelHeld: (() => void) | null = null;

  function end(): void {
    cancel = null;
    const runs = [...waiting.keys()];
    const findings = [...waiting.values()].flat();
    waiting = new Map();
    decideOn(runs, findings);
  }

  function decideOn(runs: readonly string[], findings: Finding[]): void {
    const { said, held: later } = decide(runs, findings, clock.steady() < nextAt);
    if (said) nextAt = clock.steady() + GROUP_MS;
    for (const finding of later) held.set(alertId(finding), finding);
    if (held.size > 0) cancelHeld ??= clock.after(Math.max(0, nextAt - clock.steady()), release);
  }

  function release(): void {
    cancelHeld = null;
    const together = [...held.values()];
    held.clear();
    if (together.length > 0) decideOn([], together);
  }

  function dropHeld(run: string): void {
    for (const [id, finding] of held) if (finding.run === run) held.delete(id);
  }

  return {
    add(run, findings) {
      dropHeld(run);
      if (waiting.size === 0) since = clock.steady();
      waiting.set(run, findings);
      cancel?.();
      cancel = clock.after(Math.max(0, Math.min(PAUSE_MS, since + LONGEST_MS - clock.steady())), end);
    },
    forget(run) {
      dropHeld(run);
      waiting.delete(run);
    },
    close() {
      cancel?.();
      cancelHeld?.();
    },
  };
}
