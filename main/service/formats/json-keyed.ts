/**
 * Records whose keys change in order or number from line to line, so that no form (json-shape.ts) is ever met again: read key by key,
 * without making objects, into the plan of their set of keys. Measured at 0.9 times the rate of `JSON.parse` alone, where parsing and going over objects had 0.5.
 */
import type { Field } from './axes.ts';
import type { RecordPlan } from './json-plan.ts';
import { TEXT, newLeaves, readLeaf, skipBlank, stringEnd, widen, type Leaves } from './json-shape.ts';
import { TagTable } from './tag-table.ts';

/** Keys and sets of keys beyond these are read by `JSON.parse`. */
const MOST_KEYS = 10_000;
const MOST_SETS = 512;
const MOST_IN_LINE = 100;

interface KeySet {
  plan: RecordPlan;
  /** By number of a key: its leaf in the plan, or -1. */
  leafOf: Int32Array;
  /** By leaf: the line that filled it last. */
  filled: Float64Array;
}

export class KeyedRecords {
  /** Index behind the line that was read last, -1 if it could not be read. */
  end = -1;
  #keys = new TagTable(MOST_KEYS);
  #sets = new Map<number, KeySet[]>();
  #count = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** The line that was scanned last: how many keys, their numbers, and its leaves, in its own order. */
  #length = 0;
  #numbers = new Int32Array(64);
  #found = newLeaves();
  #lines = 0;

  /**
   * Reads the line at `from` into `leaves` if the set of its keys is known, and returns its plan, or null. The byte at `to` must exist: it
   * ends this line, or, where the end of the line has not been looked for, a later one. `end` is then the index behind the line.
   */
  read(bytes: Uint8Array, from: number, to: number, leaves: Leaves): RecordPlan | null {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.end = this.#scan(bytes, from, to);
    if (this.end < 0) return null;
    const sets = this.#sets.get(this.#signature());
    if (sets) for (const set of sets) if (this.#fits(set, leaves)) return set.plan;
    return null;
  }

  /**
   * Remembers the plan that the line read last got by `JSON.parse`, for other lines with these keys. `fields` gives the roles of keys: if
   * they depend on the order of the keys, nothing is remembered.
   */
  learn(plan: RecordPlan, fields: (keys: readonly string[]) => Field[]): void {
    const numbers = this.#numbers.subarray(0, this.#length);
    const { keys } = plan;
    if (this.end < 0 || this.#count >= MOST_SETS || keys.length > MOST_IN_LINE || keys.length !== numbers.length) return;
    if (keys.some((key, at) => key !== this.#keys.names[numbers[at]!])) return;
    if (keys.some((_, by) => !hasSameRoles(plan, by, fields))) return;
    const leafOf = new Int32Array(Math.max(...numbers) + 1).fill(-1);
    numbers.forEach((number, leaf) => (leafOf[number] = leaf));
    const signature = this.#signature();
    const set = { plan, leafOf, filled: new Float64Array(keys.length) };
    this.#sets.set(signature, [...(this.#sets.get(signature) ?? []), set]);
    this.#count += 1;
  }

  /** Takes flat objects of plain values whose keys have no escapes. Returns the index behind the line, or -1. */
  #scan(bytes: Uint8Array, from: number, to: number): number {
    const found = this.#found;
    let leaf = 0;
    let at = skipBlank(bytes, from);
    if (bytes[at] !== 0x7b) return -1;
    do {
      const key = skipBlank(bytes, at + 1);
      const close = stringEnd(bytes, key, to);
      if (close < 0) return -1;
      const number = this.#keys.find(this.#view, key + 1, close - 1);
      at = skipBlank(bytes, close);
      if (number < 0 || bytes[at] !== 0x3a) return -1;
      if (leaf === this.#numbers.length) this.#widen();
      at = readLeaf(bytes, skipBlank(bytes, at + 1), to, leaf, found);
      if (at < 0) return -1;
      this.#numbers[leaf] = number;
      leaf += 1;
      at = skipBlank(bytes, at);
    } while (bytes[at] === 0x2c);
    this.#length = leaf;
    return bytes[at] === 0x7d ? skipBlank(bytes, at + 1) : -1;
  }

  #widen(): void {
    const wide = new Int32Array(this.#numbers.length * 2);
    wide.set(this.#numbers);
    this.#numbers = wide;
    widen(this.#found, wide.length);
  }

  /** The same for the same keys in any order. */
  #signature(): number {
    let sum = 0;
    for (let at = 0; at < this.#length; at += 1) sum = (sum + Math.imul(this.#numbers[at]! + 1, 0x9e3779b1)) | 0;
    return sum;
  }

  /** Puts the leaves into the order of the plan; false if the line has other keys, or one of them twice. */
  #fits({ plan, leafOf, filled }: KeySet, leaves: Leaves): boolean {
    const numbers = this.#numbers;
    const length = this.#length;
    const { kind, value, text } = this.#found;
    if (length !== plan.keys.length) return false;
    widen(leaves, length);
    leaves.count = length;
    const line = (this.#lines += 1);
    for (let at = 0; at < length; at += 1) {
      const number = numbers[at]!;
      const leaf = number < leafOf.length ? leafOf[number]! : -1;
      if (leaf < 0 || filled[leaf] === line) return false;
      filled[leaf] = line;
      leaves.kind[leaf] = kind[at]!;
      leaves.value[leaf] = value[at]!;
      if (kind[at] === TEXT) leaves.text[leaf] = text[at]!;
    }
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
