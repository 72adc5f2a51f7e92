/**
 * Finds the number of a tag by its bytes. Decoding a tag to a string costs more than reading the rest of its record, so a tag is
 * decoded once; writers repeat their tags in the same order, so the tag that followed last time is tried first.
 */
export class TagTable {
  /** The decoded tags by their numbers. */
  readonly names: string[] = [];
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  #starts: number[] = [];
  #lengths: number[] = [];
  /** Number of the tag that came after each tag when it was last seen. */
  #followers: number[] = [];
  #byHash = new Map<number, number[]>();
  #last = -1;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of the tag in `view` from `from` to `to`; one not seen before gets the next number, or -1 where the table is full. */
  find(view: DataView, from: number, to: number): number {
    const last = this.#last;
    if (last >= 0) {
      const guess = this.#followers[last]!;
      if (this.#is(guess, view, from, to)) {
        this.#last = guess;
        return guess;
      }
    }
    const found = this.#search(view, from, to);
    if (found < 0) return found;
    if (last >= 0) this.#followers[last] = found;
    this.#last = found;
    return found;
  }

  #is(tag: number, view: DataView, from: number, to: number): boolean {
    if (this.#lengths[tag] !== to - from) return false;
    const own = this.#view;
    let mine = this.#starts[tag]!;
    let at = from;
    for (; at + 4 <= to; at += 4, mine += 4) if (own.getInt32(mine, true) !== view.getInt32(at, true)) return false;
    for (; at < to; at += 1, mine += 1) if (own.getUint8(mine) !== view.getUint8(at)) return false;
    return true;
  }

  #search(view: DataView, from: number, to: number): number {
    const hash = hashOf(view, from, to);
    const bucket = this.#byHash.get(hash);
    if (bucket) for (const tag of bucket) if (this.#is(tag, view, from, to)) return tag;
    if (this.names.length >= this.#limit) return -1;
    const tag = this.#add(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
    if (bucket) bucket.push(tag);
    else this.#byHash.set(hash, [tag]);
    return tag;
  }

  #add(bytes: Uint8Array): number {
    const tag = this.names.length;
    if (this.#used + bytes.length > this.#bytes.length) {
      const wide = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + bytes.length));
      wide.set(this.#bytes);
      this.#bytes = wide;
      this.#view = new DataView(wide.buffer);
    }
    this.#bytes.set(bytes, this.#used);
    this.#starts.push(this.#used);
    this.#lengths.push(bytes.length);
    this.#used += bytes.length;
    this.#followers.push(tag);
    this.names.push(new TextDecoder().decode(bytes));
    return tag;
  }
}

/** Like FNV-1a, but four bytes at a time: tags that come in no order are hashed at each point. */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = 0x811c9dc5;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < to; at += 1) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
  return hash;
}
