/** Whose turn it is: hinted files at once, then round by round, each file one look a round; what the user sees first, then the newest. */
import type { Followed } from './followed.ts';

export interface Queue {
  /** To be looked at in the next rounds. */
  add(file: Followed): void;
  /** To be looked at before everything else: it has just grown. */
  urge(file: Followed): void;
  /** The next file, or null. It is taken out; add it again if there is more. */
  next(): Followed | null;
  remove(file: Followed): void;
  readonly size: number;
}

/** `isVisible` tells whether the user is looking at a file. */
export function openQueue(isVisible: (file: Followed) => boolean): Queue {
  const waiting = new Set<Followed>();
  const urgent = new Set<Followed>();
  let round: Followed[] = [];

  function nextRound(): void {
    const visible: Followed[] = [];
    round = [];
    for (const file of waiting) (isVisible(file) ? visible : round).push(file);
    // Taken from the end. Sorting is what a hundred thousand files feel, so the two kinds are sorted apart, by one number.
    const oldestFirst = (a: Followed, b: Followed): number => a.mtimeMs - b.mtimeMs;
    round.sort(oldestFirst).push(...visible.sort(oldestFirst));
  }

  function take(file: Followed): Followed {
    waiting.delete(file);
    urgent.delete(file);
    return file;
  }

  return {
    add: (file) => void waiting.add(file),
    urge: (file) => void urgent.add(file),
    next() {
      for (const file of urgent) return take(file);
      if (waiting.size === 0) {
        round = [];
        return null;
      }
      for (;;) {
        if (round.length === 0) nextRound();
        const file = round.pop();
        if (file && waiting.has(file)) return take(file);
      }
    },
    remove: (file) => void take(file),
    get size() {
      return waiting.size + urgent.size;
    },
  };
}
