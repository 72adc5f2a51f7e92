/** Names in their order: numbers inside them count as numbers, seed2 before seed10. Capitals differ only where nothing else does. */

let collator: Intl.Collator | undefined;

/** For sorting: below zero where `a` comes first. */
export function byName(a: string, b: string): number {
  // Made when there is something to sort: the first picture of a start needs none.
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}
