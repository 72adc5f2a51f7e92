/**
 * Descriptors of files that are being written, kept open for a short while: what a writer appended just before its file was deleted or
 * replaced can still be read from them. Few and not for long, so that nobody runs out of descriptors or disk space because of us.
 */
import { closeSync } from 'node:fs';
import { openRegular, readRanges, type Range, type ReadResult } from './regular-file.ts';

export interface Held {
  /** Keeps the file at this path open, if there is room. Never throws. */
  keep(path: string): void;
  /** Reads from the kept file, whatever lies at its path now; null if it is not kept (any more). */
  read(path: string, ranges: readonly Range[]): ReadResult | null;
  drop(path: string): void;
  /** Closes what was not used lately. */
  expire(): void;
  close(): void;
}

const CAP = 64;
const KEPT_MS = 30_000;
/** While there is no room, room is looked for this often: hundreds of growing files ask for it. */
const EXPIRE_EVERY_MS = 1000;

/** `steady` gives milliseconds that never go back. */
export function openHeld(steady: () => number): Held {
  const kept = new Map<string, { descriptor: number; usedAt: number }>();
  let expiredAt = -Infinity;

  function drop(path: string): void {
    const entry = kept.get(path);
    kept.delete(path);
    if (entry) closeSync(entry.descriptor);
  }

  function expire(): void {
    expiredAt = steady();
    for (const [path, entry] of kept) if (steady() - entry.usedAt > KEPT_MS) drop(path);
  }

  return {
    drop,
    expire,
    keep(path) {
      const entry = kept.get(path);
      if (entry) entry.usedAt = steady();
      else if (kept.size < CAP) {
        try {
          kept.set(path, { descriptor: openRegular(path).descriptor, usedAt: steady() });
        } catch {
          // Gone already, or no descriptors left: nothing can be kept.
        }
      } else if (steady() - expiredAt >= EXPIRE_EVERY_MS) expire();
    },
    read(path, ranges) {
      const entry = kept.get(path);
      if (!entry) return null;
      const wanted = ranges.reduce((sum, range) => sum + range.length, 0);
      try {
        return readRanges(entry.descriptor, ranges, Buffer.allocUnsafeSlow(wanted));
      } catch {
        drop(path);
        return null;
      }
    },
    close() {
      for (const path of [...kept.keys()]) drop(path);
    },
  };
}
