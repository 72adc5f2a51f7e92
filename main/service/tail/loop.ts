/** Works whenever something is due, and sleeps in between: no timer runs while there is nothing to do. */
import type { Clock } from '../clock.ts';

export interface Loop {
  start(): void;
  /** Something happened: work soon, and if it is urgent, before more of its kind is gathered. */
  wake(urgent: boolean): void;
  /** True in a turn that something urgent began before its time: what is not urgent waits on. */
  readonly gathering: boolean;
  /** Ends the loop after the present work. */
  stop(): Promise<void>;
}

export interface LoopParts {
  clock: Clock;
  work(): Promise<void>;
  /** Milliseconds until something is due of itself. */
  untilNext(): number;
  /** How many files grow at present. */
  growing(): number;
}

/** Hints of many files that grow are gathered for this long: one commit instead of a hundred. The first after a rest does not wait. */
const GAP_MS = 15;
/**
 * While more files than this grow, those that nobody looks at are gathered for longer, by so many milliseconds for each: a commit costs as
 * much as ten files in it, and two lines of a file cost hardly more than one.
 */
const MANY = 40;
const GATHER_MS = 6;
const GATHER_AT_MOST_MS = 3000;

/** A loop that is not yet running. */
export function openLoop({ clock, work, untilNext, growing }: LoopParts): Loop {
  let running: Promise<void> | null = null;
  let stopped = false;
  let woken = false;
  /** Something came that is not to wait until more is gathered. */
  let urgent = false;
  let wakeUp: (() => void) | null = null;
  let gathering = false;
  /** When the last turn for everything began. */
  let turnAt = -Infinity;

  /** Milliseconds from one turn for everything to the next. */
  function gatherFor(): number {
    const files = growing();
    return files > MANY ? Math.min(GATHER_AT_MOST_MS, files * GATHER_MS) : GAP_MS;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const began = clock.steady();
      woken = false;
      urgent = false;
      gathering = growing() > MANY && began < turnAt + gatherFor();
      if (!gathering) turnAt = began;
      await work();
      if (!woken && !gathering) await sleep(untilNext(), () => true);
      await sleep(began + GAP_MS - clock.steady(), () => false);
      if (!urgent) await sleep(turnAt + gatherFor() - clock.steady(), () => urgent);
    }
  }

  /** Waits, at most until something wakes us and `enough` holds. */
  function sleep(ms: number, enough: () => boolean): Promise<void> {
    if (stopped || ms <= 0) return Promise.resolve();
    return new Promise<void>((resume) => {
      const cancel = clock.after(ms, resume);
      wakeUp = () => {
        if (!stopped && !enough()) return;
        cancel();
        resume();
      };
    });
  }

  return {
    start() {
      running ??= run();
    },
    wake(now) {
      woken = true;
      urgent ||= now;
      wakeUp?.();
    },
    get gathering() {
      return gathering;
    },
    async stop() {
      stopped = true;
      wakeUp?.();
      await running;
    },
  };
}
