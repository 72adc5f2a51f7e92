/** What of a file would be on the disk if the power failed now: what was synced, and of later writes any part in any order. */
import { readFileSync } from 'node:fs';

export interface Unsynced {
  wrote(path: string, offset: number, bytes: Buffer): void;
  resized(path: string, size: number): void;
  /** What the file holds now is safe. */
  synced(path: string, real: string): void;
  moved(from: string, to: string): void;
  removed(path: string): void;
  /** The files as a power cut leaves them. `random` gives numbers in [0, 1). */
  cut(random: () => number): Map<string, Buffer>;
}

type Change = { offset: number; bytes: Buffer } | { size: number };

/** Disks write sectors whole. */
const SECTOR = 512;

export function openUnsynced(): Unsynced {
  const files = new Map<string, { safe: Buffer; changes: Change[] }>();

  function of(path: string): { safe: Buffer; changes: Change[] } {
    let file = files.get(path);
    if (!file) files.set(path, (file = { safe: Buffer.alloc(0), changes: [] }));
    return file;
  }

  return {
    wrote: (path, offset, bytes) => void of(path).changes.push({ offset, bytes: Buffer.from(bytes) }),
    resized: (path, size) => void of(path).changes.push({ size }),
    synced(path, real) {
      files.set(path, { safe: readFileSync(real), changes: [] });
    },
    moved(from, to) {
      for (const [path, file] of [...files]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        files.delete(path);
        files.set(to + path.slice(from.length), file);
      }
    },
    removed: (path) => void files.delete(path),
    cut(random) {
      return new Map([...files].map(([path, { safe, changes }]) => [path, changes.reduce((now, change) => apply(now, change, random), safe)]));
    },
  };
}

function apply(now: Buffer, change: Change, random: () => number): Buffer {
  const dice = random();
  if (dice < 0.4) return now;
  if ('size' in change) return Buffer.concat([now, Buffer.alloc(Math.max(0, change.size - now.length))]).subarray(0, change.size);
  const sectors = Math.floor(random() * (change.bytes.length / SECTOR));
  const bytes = dice < 0.6 ? change.bytes.subarray(0, sectors * SECTOR) : change.bytes;
  const next = Buffer.alloc(Math.max(now.length, change.offset + bytes.length));
  now.copy(next);
  bytes.copy(next, change.offset);
  return next;
}
