/** Gathers what arrives between two frames and hands it over once. */

export interface FrameQueue<T> {
  push(item: T): void;
  /** Hands over at once what is waiting. */
  flush(): void;
  /** Drops what is waiting and takes nothing more. */
  stop(): void;
}

/**
 * Makes a queue that calls `deliver` at most once per `schedule` (an animation frame in the window) with everything pushed since.
 * `schedule` must call back later, never at once. A `deliver` that throws does not stop the queue.
 */
export function frameQueue<T>(deliver: (items: T[]) => void, schedule: (run: () => void) => unknown): FrameQueue<T> {
  let waiting: T[] = [];
  let scheduled = false;
  let stopped = false;
  const flush = () => {
    scheduled = false;
    const items = waiting;
    waiting = [];
    if (items.length > 0 && !stopped) deliver(items);
  };
  return {
    push(item) {
      if (stopped) return;
      waiting.push(item);
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    flush,
    stop() {
      stopped = true;
      waiting = [];
    },
  };
}
