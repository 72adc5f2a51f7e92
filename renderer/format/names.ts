/** Names: their order, and the words that they are made of. */

/** So many characters at the end of a name stay in sight where it is cut, or the whole words in them: names of one family differ there. */
export const END = 9;

let collator: Intl.Collator | undefined;

/** For sorting: below zero where `a` comes first. Numbers count as numbers, seed2 before seed10. Capitals differ only where nothing else does. */
export function byName(a: string, b: string): number {
  // Made when there is something to sort: the first picture of a start needs none.
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}

/** Whether a character stands between words; the minus of 3e-4 does not. */
export function isSeparator(name: string, i: number): boolean {
  return /[-_/,; ]/.test(name.charAt(i)) && !/\de$/.test(name.slice(Math.max(0, i - 2), i));
}

/** Where the end of a name begins: its last words with what stands before them, in at most so many characters; those where no word begins there. */
export function endOf(name: string, most: number): number {
  const first = Math.max(0, name.length - most);
  for (let i = first; i < name.length - 1; i++) if (isSeparator(name, i)) return i;
  return first;
}
