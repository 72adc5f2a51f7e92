/** A cache that forgets what was used longest ago once it holds more bytes than it may. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V, bytes: number): void;
  /** Forgets every entry whose key begins like this. */
  drop(prefix: string): void;
  clear(): void;
  readonly bytes: number;
}

export function byteCache<V>(limit: number): Cache<V> {
  // A Map keeps the order of insertion: the first entry is the one not used for the longest time.
  const entries = new Map<string, { value: V; bytes: number }>();
  let held = 0;
  const forget = (key: string) => {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      forget(key);
      entries.set(key, { value, bytes });
      held += bytes;
      for (const oldest of entries.keys()) {
        if (held <= limit) break;
        forget(oldest);
      }
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
