/** Paths of files that the system says have changed, until they are looked at. */
export interface Hinted {
  add(path: string): void;
  has(path: string): boolean;
  /** Hands out every path that is not to wait; with `gathering` those for which `waits` holds stay, and are not asked again until it ends. */
  take(gathering: boolean, waits: (path: string) => boolean, each: (path: string) => void): void;
}

/** No hints yet. */
export function openHinted(): Hinted {
  const fresh = new Set<string>();
  /** Asked once, not before every file that is read: of 500 growing files nearly all wait. */
  const waiting = new Set<string>();
  return {
    add: (path) => void fresh.add(path),
    has: (path) => fresh.has(path) || waiting.has(path),
    take(gathering, waits, each) {
      if (!gathering) {
        for (const path of waiting) fresh.add(path);
        waiting.clear();
      }
      for (const path of fresh) {
        fresh.delete(path);
        if (gathering && waits(path)) waiting.add(path);
        else {
          waiting.delete(path);
          each(path);
        }
      }
    },
  };
}
