/** JSON that keeps NaN and the infinities apart, for what is stored as text. */
import { StoreDamaged } from './errors.ts';

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

/** The value of a text from `toJson`. Throws `StoreDamaged` if it is not what `toJson` wrote. */
export function fromJson(text: string): unknown {
  try {
    return text.includes('{"number":') ? JSON.parse(text, numberAgain) : JSON.parse(text);
  } catch (error) {
    throw new StoreDamaged(`A stored text is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function numberAgain(_key: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  const [entry, ...more] = Object.entries(part);
  const number = entry?.[0] === 'number' && more.length === 0 ? NUMBERS.get(String(entry[1])) : undefined;
  return number ?? part;
}

/** Text that UTF-8 can hold: a lone half of a surrogate pair becomes U+FFFD, as SQLite would store it. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replaceAll(/\p{Surrogate}/gu, '\ufffd') : text;
}
