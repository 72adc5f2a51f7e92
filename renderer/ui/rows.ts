/** Cards in rows that are all filled. */

/**
 * How many cards each row takes so that no row has a hole and no two rows differ by more than one: 5 cards, at most 3 a row, are 3 and 2.
 */
export function rowsOf(cards: number, most: number): number[] {
  const rows = Math.ceil(cards / Math.max(1, most));
  return Array.from({ length: rows }, (_, i) => Math.floor(cards / rows) + (i < cards % rows ? 1 : 0));
}
