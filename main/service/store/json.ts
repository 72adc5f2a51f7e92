/** JSON that keeps NaN and the infinities apart, for what is stored as text. */

const NUMBERS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The text of a value; a number that JSON has no word for becomes {"number": "NaN"}. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { number: String(part) } : part,
  );
}

/** The value of a text from `toJson`. */
export function fromJson(text: string): unknown {
  if (!text.includes('{"number":')) return JSON.parse(text);
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const [entry, ...more] = Object.entries(part);
    const number = entry?.[0] === 'number' && more.length === 0 ? NUMBERS.get(String(entry[1])) : undefined;
    return number ?? part;
  });
}

/** Text that UTF-8 can hold: a lone half of a surrogate pair becomes U+FFFD, as SQLite would store it. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replaceAll(/\p{Surrogate}/gu, '\ufffd') : text;
}
