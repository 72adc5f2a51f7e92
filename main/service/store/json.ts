/** JSON that keeps NaN and the infinities apart, for what is stored as text. */
import { StoreDamaged } from './errors.ts';

const NUMBERS = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** The text of a value; a number that JSON has no word for becomes {"number": "NaN"}. */
export function toJson(value: unknown): string {
  return JSON.stringify(spelt(value));
}

/**
 * The value with such numbers spelt out: itself where it has none. A replacer does the same at four times the cost, and every commit of a
 * file writes a text.
 */
function spelt(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { number: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? speltList(value) : speltRecord(value as Record<string, unknown>);
}

function speltList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (let i = 0; i < list.length; i += 1) {
    const part = spelt(list[i]);
    if (part !== list[i]) (copy ??= [...list])[i] = part;
  }
  return copy ?? list;
}

function speltRecord(record: Record<string, unknown>): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(record)) {
    const part = spelt(record[key]);
    // Keys are the log's: also "__proto__" is a key like others in a copy of entries.
    if (part !== record[key]) (copy ??= Object.fromEntries(Object.entries(record)))[key] = part;
  }
  return copy ?? record;
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
  return text.toWellFormed();
}
