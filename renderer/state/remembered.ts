/** Small choices of the view that survive a restart: axis, smoothing, order of the list. */

const NAME = 'gapwatch.view';

/** Everything remembered, by name; empty where storage is not to be had. */
export function recall(): Map<string, unknown> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(NAME) ?? '{}');
    return new Map(stored && typeof stored === 'object' ? Object.entries(stored) : []);
  } catch {
    return new Map();
  }
}

/** Remembers one choice. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(Object.fromEntries(recall().set(name, value))));
  } catch {
    // Without storage the choice holds until the window is closed.
  }
}

/** A remembered choice if it is one of `allowed`, else the first of them. */
export function recallOne<T extends string | number | boolean>(name: string, allowed: readonly [T, ...T[]]): T {
  const stored = recall().get(name);
  return allowed.find((one) => one === stored) ?? allowed[0];
}
