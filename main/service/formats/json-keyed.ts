/**
 * Records whose keys change in order or number from line to line, so that no form (json-shape.ts) is ever met again: read key by key,
 * without making objects, into the plan of their set of keys. Measured at 1.2 times the rate of `JSON.parse` alone, where parsing and going over objects had 0.5.
 */
import type { Field } from './axes.ts';
import { KeyTable } from './json-keys.ts';
import { rearranged, type RecordPlan } from './json-plan.ts';
import { newLeaves, readLeaf, skipBlank, widen } from './json-shape.ts';

/** Keys and sets of keys beyond these are read by `JSON.parse`. */
const MOST_KEYS = 10_000;
const MOST_SETS = 512;
const MOST_IN_LINE = 100;

interface KeySet {
  plan: RecordPlan;
  numbers: Int32Array;
}

export class KeyedRecords {
  /** Index behind the line that was read last, -1 if it could not be read. */
  end = -1;
  /** Its values, each at the number of its key, as the plans of `read` expect them. */
  readonly leaves = newLeaves();
  #keys = new KeyTable(MOST_KEYS);
  #sets = new Map<number, KeySet[]>();
  #count = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** The line that was scanned last: how many keys, their numbers, and a sum that is the same for the same keys in any order. */
  #length = 0;
  #numbers = new Int32Array(MOST_IN_LINE);
  #sum = 0;
  #line = 0;
  /** By number of a key: the line that held it last. */
  #heldBy = new Float64Array(64);

  /**
   * Reads the line at `from` into `leaves` if the set of its keys is known, and returns its plan, or null. The byte at `to` must exist: it
   * ends this line, or, where the end of the line has not been looked for, a later one. `end` is then the index behind the line.
   */
  read(bytes: Uint8Array, from: number, to: number): RecordPlan | null {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.end = this.#scan(bytes, from, to);
    if (this.end < 0) return null;
    const sets = this.#sets.get(this.#sum);
    if (sets) for (const set of sets) if (this.#holds(set.numbers)) return set.plan;
    return null;
  }

  /**
   * Remembers the plan that the line read last got by `JSON.parse`, for other lines with these keys. `fields` gives the roles of keys: if
   * they depend on the order of the keys, nothing is remembered.
   */
  learn(plan: RecordPlan, fields: (keys: readonly string[]) => Field[]): void {
    const { keys } = plan;
    if (this.end < 0 || this.#count >= MOST_SETS || keys.length !== this.#length) return;
    const numbers = this.#numbers.slice(0, this.#length);
    if (keys.some((key, at) => key !== this.#keys.names[numbers[at]!])) return;
    if (keys.some((_, by) => !hasSameRoles(plan, by, fields))) return;
    this.#sets.set(this.#sum, [...(this.#sets.get(this.#sum) ?? []), { plan: rearranged(plan, numbers), numbers }]);
    this.#count += 1;
  }

  /** Takes flat objects of plain values whose keys have no escapes and are all different. Returns the index behind the line, or -1. */
  #scan(bytes: Uint8Array, from: number, to: number): number {
    const line = (this.#line += 1);
    let length = 0;
    let sum = 0;
    let at = skipBlank(bytes, from);
    if (bytes[at] !== 0x7b) return -1;
    do {
      const number = this.#keys.find(bytes, this.#view, skipBlank(bytes, at + 1), to);
      if (number < 0 || length === MOST_IN_LINE) return -1;
      if (number >= this.#heldBy.length) this.#widen(number + 1);
      if (this.#heldBy[number] === line) return -1;
      this.#heldBy[number] = line;
      at = readLeaf(bytes, this.#keys.valueAt, to, number, this.leaves);
      if (at < 0) return -1;
      this.#numbers[length] = number;
      length += 1;
      sum = (sum + Math.imul(number + 1, 0x9e3779b1)) | 0;
      at = skipBlank(bytes, at);
    } while (bytes[at] === 0x2c);
    this.#length = length;
    this.#sum = sum;
    return bytes[at] === 0x7d ? skipBlank(bytes, at + 1) : -1;
  }

  #widen(count: number): void {
    const wide = new Float64Array(count * 2);
    wide.set(this.#heldBy);
    this.#heldBy = wide;
    widen(this.leaves, count * 2);
  }

  /** Whether the line scanned last has these keys and no other. */
  #holds(numbers: Int32Array): boolean {
    if (numbers.length !== this.#length) return false;
    for (let at = 0; at < numbers.length; at += 1) if (this.#heldBy[numbers[at]!] !== this.#line) return false;
    return true;
  }
}

/** Whether the keys have the same roles when the first `by` of them stand last: each of them then comes first once, and before each other. */
function hasSameRoles({ keys, fields: known }: RecordPlan, by: number, fields: (keys: readonly string[]) => Field[]): boolean {
  const turned = fields([...keys.slice(by), ...keys.slice(0, by)]);
  return turned.every(({ role, name }, at) => {
    const own = known[(at + by) % keys.length];
    return own?.role === role && own.name === name;
  });
}
