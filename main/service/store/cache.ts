/** A cache that forgets what was used longest ago once it holds more bytes than it may. Values have an owner and a number. */
export interface Cache<V> {
  get(owner: number, key: number): V | undefined;
  set(owner: number, key: number, value: V, bytes: number): void;
  /** Forgets everything of this owner. */
  drop(owner: number): void;
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

/** Keys are two small numbers and not a text of both: a view of a million points asks five hundred times. */
export function byteCache<V>(limit: number): Cache<V> {
  const owners = new Map<number, Map<number, Entry<V>>>();
  let held = 0;
  let questions = 0;
  const forget = (owner: number, key: number) => {
    const entries = owners.get(owner);
    held -= entries?.get(key)?.bytes ?? 0;
    entries?.delete(key);
  };
  const forgetOldest = () => {
    const all: { owner: number; key: number; used: number }[] = [];
    for (const [owner, entries] of owners) for (const [key, { used }] of entries) all.push({ owner, key, used });
    all.sort((a, b) => a.used - b.used);
    for (const { owner, key } of all) {
      if (held <= limit * KEPT) break;
      forget(owner, key);
    }
    for (const [owner, entries] of owners) if (entries.size === 0) owners.delete(owner);
  };
  return {
    get(owner, key) {
      const entry = owners.get(owner)?.get(key);
      if (!entry) return undefined;
      entry.used = questions += 1;
      return entry.value;
    },
    set(owner, key, value, bytes) {
      forget(owner, key);
      let entries = owners.get(owner);
      if (!entries) owners.set(owner, (entries = new Map<number, Entry<V>>()));
      entries.set(key, { value, bytes, used: (questions += 1) });
      held += bytes;
      if (held > limit) forgetOldest();
    },
    drop(owner) {
      for (const { bytes } of owners.get(owner)?.values() ?? []) held -= bytes;
      owners.delete(owner);
    },
    clear() {
      owners.clear();
      held = 0;
    },
    get bytes() {
      return held;
    },
  };
}
