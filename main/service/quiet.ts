/** What is done for the database while nothing grows. */
import type { Store } from './store/store.ts';
import { StoreDamaged } from './store/errors.ts';

/** After this long without a new point the database is tidied. */
const REST_MS = 20_000;

export interface Growth {
  /** Steady milliseconds of the last growth, -Infinity before the first. */
  lastGrowth(): number;
  /** Milliseconds since then. */
  quietFor(): number;
}

/**
 * Returns what is to be called every now and then. Once in a quiet time the log of the database is written into it and emptied; in the first one
 * in which nothing `isLoading` the database is also verified.
 */
export function openQuiet(store: Pick<Store, 'rest' | 'verify'>, growth: Growth, isLoading: () => boolean): () => void {
  let rested = -Infinity;
  let verified = false;
  return () => {
    if (growth.quietFor() <= REST_MS) return;
    if (!verified && !isLoading()) verify();
    if (rested === growth.lastGrowth()) return;
    rested = growth.lastGrowth();
    store.rest();
  };

  function verify(): void {
    try {
      store.verify();
      verified = true;
    } catch (error) {
      // Damage was told by `onDamaged`; what else keeps the database from being read shows everywhere, and is tried again.
      verified = error instanceof StoreDamaged;
    }
  }
}
