/** Works whenever something is due, and sleeps in between: no timer runs while there is nothing to do. */
import type { Clock } from '../clock.ts';

export interface Loop {
  start(): void;
  /** Something happened: work soon, and if it is urgent, before more of its kind is gathered. */
  wake(urgent: boolean): void;
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
/** While more files than this grow, those that nobody looks at are gathered for longer: a commit costs as much as ten files in it. */
const MANY = 40;
const GATHER_MS = 200;

/** A loop that is not yet running. */
export function openLoop({ clock, work, untilNext, growing }: LoopParts): Loop {
  let running: Promise<void> | null = null;
  let stopped = false;
  let woken = false;
  /** Something came that is not to wait until more is gathered. */
  let urgent = false;
  let wakeUp: (() => void) | null = null;

  async function run(): Promise<void> {
    while (!stopped) {
      const began = clock.steady();
      woken = false;
      urgent = false;
      await work();
      if (!woken) await sleep(untilNext(), () => true);
      await sleep(began + GAP_MS - clock.steady(), () => false);
      if (!urgent && growing() > MANY) await sleep(began + GATHER_MS - clock.steady(), () => urgent);
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
    async stop() {
      stopped = true;
      wakeUp?.();
      await running;
    },
  };
}
