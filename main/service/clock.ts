/** Time as the service sees it: injected, so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds since 1970; may jump when the clock is set. Only for what is stored and shown. */
  wall(): number;
  /** Milliseconds that never go back: for delays. */
  steady(): number;
  /** Runs `work` once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, work: () => void): () => void;
}

/** The real clock. Its timers never keep the process alive. */
export const systemClock: Clock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
