/** Time as the service sees it: injected, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since 1970; may jump when the clock is set. Only for what is stored and shown. */
  wall(): number;
  /** Milliseconds that never go back: for delays. */
  steady(): number;
  /** Runs `work` once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** Milliseconds that never go back. By the older of Node's two ways, which is as fast: the other one's module takes 2 ms to load. */
export function steadyMs(): number {
  const time = process.hrtime();
  return time[0] * 1e3 + time[1] / 1e6;
}

/** The real clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  steady: steadyMs,
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
