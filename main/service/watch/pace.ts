import { steadyMs } from '../clock.ts';

/** Lets long work yield to the event loop, so that queries are answered while a folder loads. */
export interface Pace {
  /** True once the slice is over. Asked before each `rest`: a scan would else make a promise and take a turn for every file of hundreds. */
  isSpent(): boolean;
  /** Resolves after other work had its turn; a new slice begins. */
  rest(): Promise<void>;
}

/** A pace with slices of `sliceMs` milliseconds. Real time on purpose: what is measured is this thread, not the world. */
export function openPace(sliceMs = 8): Pace {
  let began = steadyMs();
  return {
    isSpent: () => steadyMs() - began >= sliceMs,
    async rest() {
      await new Promise<void>((resume) => setImmediate(resume));
      began = steadyMs();
    },
  };
}
