import { skipBlank, stringEnd } from './json-shape.ts';
import { TagTable } from './tag-table.ts';

/** Bytes of a spelling at most; buffers are looked up that far ahead. */
const LONGEST = 64;
/** Spellings that begin alike, beyond which the rest are left to the slow way, as are those for which there is no room. */
const MOST_ALIKE = 16;
const ROOM = 8192;
const PLACE_BITS = 10;

/**
 * Numbers the keys of JSON objects by their bytes. A key that has been seen is found with all that stands between its first letter and its
 * value, as in `loss": `: its first four bytes say where to look, and what lies there is compared word by word, which finds its end as well.
 * With a look for the closing quote, a guess by the key before and a hash where that went wrong, reading such logs took 1.3 times as long.
 */
export class KeyTable {
  /** Index of the value of the key found last. */
  valueAt = -1;
  #tags: TagTable;
  /** By hash of their first word: where the spelling seen last begins in `#spellings`, 0 if there is none. */
  #places = new Int32Array(1 << PLACE_BITS);
  /** Each spelling: where the next of its place begins, the number of its key, its length, its first word, its last, and those between. */
  #spellings = new Int32Array(ROOM);
  #used = 1;

  constructor(limit: number) {
    this.#tags = new TagTable(limit);
  }

  /** The keys by their numbers. */
  get names(): readonly string[] {
    return this.#tags.names;
  }

  /**
   * Number of the key whose opening quote is at `at`, in `view`, which is that of `bytes`; a new key gets the next one. -1 if there is no key
   * without escapes before `to`, or the table is full.
   */
  find(bytes: Uint8Array, view: DataView, at: number, to: number): number {
    if (bytes[at] !== 0x22) return -1;
    const from = at + 1;
    if (from + LONGEST > bytes.length) return this.#search(bytes, view, at, to);
    const first = view.getInt32(from, true);
    const spellings = this.#spellings;
    for (let own = this.#places[placeOf(first)]!; own > 0; own = spellings[own]!) {
      const last = from + spellings[own + 2]! - 4;
      if (spellings[own + 3] !== first || spellings[own + 4] !== view.getInt32(last, true)) continue;
      let word = own + 5;
      let next = from + 4;
      for (; next < last && spellings[word] === view.getInt32(next, true); next += 4) word += 1;
      if (next < last) continue;
      this.valueAt = skipBlank(bytes, last + 4);
      return spellings[own + 1]!;
    }
    const number = this.#search(bytes, view, at, to);
    if (number >= 0) this.#remember(view, from, this.valueAt - from, number);
    return number;
  }

  /** The same, for any key. */
  #search(bytes: Uint8Array, view: DataView, at: number, to: number): number {
    const close = stringEnd(bytes, at, to);
    if (close < 0) return -1;
    const colon = skipBlank(bytes, close);
    if (bytes[colon] !== 0x3a) return -1;
    this.valueAt = skipBlank(bytes, colon + 1);
    return this.#tags.find(view, at + 1, close - 1);
  }

  #remember(view: DataView, from: number, length: number, number: number): void {
    const spellings = this.#spellings;
    if (length < 4 || length > LONGEST || this.#used + 5 + length / 4 > ROOM) return;
    const first = view.getInt32(from, true);
    const place = placeOf(first);
    let alike = 0;
    for (let own = this.#places[place]!; own > 0; own = spellings[own]!) alike += 1;
    if (alike >= MOST_ALIKE) return;
    const last = from + length - 4;
    spellings.set([this.#places[place]!, number, length, first, view.getInt32(last, true)], this.#used);
    this.#places[place] = this.#used;
    this.#used += 5;
    for (let next = from + 4; next < last; next += 4) {
      spellings[this.#used] = view.getInt32(next, true);
      this.#used += 1;
    }
  }
}

function placeOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - PLACE_BITS);
}
