import { steadyMs } from '../clock.ts';

/** Lets long work yield to the event loop, so that queries are answered while a folder loads. */
export interface Pace {
  /** Resolves at once while the slice lasts, else after other work had its turn. */
  rest(): Promise<void>;
}

/** A pace with slices of `sliceMs` milliseconds. Real time on purpose: what is measured is this thread, not the world. */
export function openPace(sliceMs = 8): Pace {
  let began = steadyMs();
  return {
    async rest() {
      if (steadyMs() - began < sliceMs) return;
      await new Promise<void>((resume) => setImmediate(resume));
      began = steadyMs();
    },
  };
}
