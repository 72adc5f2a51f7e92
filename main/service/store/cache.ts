/** A cache that forgets what was used longest ago once it holds more bytes than it may. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, bytes: number): void;
  /** Forgets every entry whose key begins like this. */
  drop(prefix: string): void;
  clear(): void;
  readonly bytes: number;
}

interface Entry<V> {
  value: V;
  bytes: number;
  /** Number of the last question that it answered. */
  used: number;
}

/** At the limit so much is forgotten at once that the search for the oldest entries is worth it. */
const KEPT = 0.8;

export function byteCache<V>(limit: number): Cache<V> {
  const entries = new Map<string, Entry<V>>();
  let held = 0;
  let questions = 0;
  const forget = (key: string) => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  const forgetOldest = () => {
    const oldest = [...entries].sort(([, a], [, b]) => a.used - b.used);
    for (const [key] of oldest) {
      if (held <= limit * KEPT) break;
      forget(key);
    }
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entry.used = questions += 1;
      return entry.value;
    },
    set(key, value, bytes) {
      forget(key);
      entries.set(key, { value, bytes, used: (questions += 1) });
      held += bytes;
      if (held > limit) forgetOldest();
    },
    drop(prefix) {
      for (const key of entries.keys()) if (key.startsWith(prefix)) forget(key);
    },
    clear() {
      entries.clear();
      held = 0;
    },
    get bytes() {
      return held;
    },
  };
}
