import type { Clock } from '../clock.ts';

/** Runs `work` every `ms` milliseconds, the first time after `ms`. The returned function stops it. */
export function every(clock: Clock, ms: number, work: () => void): () => void {
  let cancel = clock.after(ms, again);
  function again(): void {
    cancel = clock.after(ms, again);
    work();
  }
  return () => cancel();
}
