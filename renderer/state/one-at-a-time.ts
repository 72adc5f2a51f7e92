/** Keeps one request in flight: calls that come meanwhile are merged into one that follows. */

export interface OneAtATime {
  /** Runs the work now, or once more after the run in progress. */
  ask(): void;
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
  stop(): void;
}

/** `work` must not reject; `pause` is awaited between two runs (a frame in the window). */
export function oneAtATime(work: () => Promise<void>, pause: () => Promise<void>): OneAtATime {
  let wanted = false;
  let stopped = false;
  let running: Promise<void> | null = null;
  const loop = async () => {
    while (wanted && !stopped) {
      wanted = false;
      await work();
      if (wanted) await pause();
    }
    running = null;
  };
  return {
    ask() {
      if (stopped) return;
      wanted = true;
      running ??= loop();
    },
    async idle() {
      while (running) await running;
    },
    stop() {
      stopped = true;
    },
  };
}
