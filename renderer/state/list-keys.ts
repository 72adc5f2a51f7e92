/** Keys that move through a list of rows, the same in every list. */

/** How many rows a key goes on, of a list that shows `page` of them; infinitely many to an end; 0 for any other key. */
export function stepOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, page: number): number {
  if (ctrlKey || metaKey || altKey) return 0;
  return new Map([['ArrowDown', 1], ['ArrowUp', -1], ['PageDown', page], ['PageUp', -page], ['Home', -Infinity], ['End', Infinity]]).get(key) ?? 0;
}

/** Where a step leads from a row, in a list of `length` rows; at the ends it stays. */
export function stepTo(from: number, by: number, length: number): number {
  return Math.max(0, Math.min(length - 1, from + by));
}
