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
  /** Number + 1 of each tag, at its hash or the next free place behind it; at most half of the places are taken. */
  #places = new Int32Array(64);
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
      if (this.#lengths[guess] === to - from && this.#is(guess, view, from)) {
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

  /** Whether the bytes in `view` from `from` on, which are there, begin with those of the tag. */
  #is(tag: number, view: DataView, from: number): boolean {
    const own = this.#view;
    let mine = this.#starts[tag]!;
    let at = from;
    const to = from + this.#lengths[tag]!;
    for (; at + 4 <= to; at += 4, mine += 4) if (own.getInt32(mine, true) !== view.getInt32(at, true)) return false;
    for (; at < to; at += 1, mine += 1) if (own.getUint8(mine) !== view.getUint8(at)) return false;
    return true;
  }

  #search(view: DataView, from: number, to: number): number {
    const places = this.#places;
    let place = hashOf(view, from, to) & (places.length - 1);
    for (let tag = places[place]! - 1; tag >= 0; tag = places[place]! - 1) {
      if (this.#lengths[tag] === to - from && this.#is(tag, view, from)) return tag;
      place = (place + 1) & (places.length - 1);
    }
    if (this.names.length >= this.#limit) return -1;
    const tag = this.#add(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
    places[place] = tag + 1;
    if (2 * this.names.length > places.length) this.#spread();
    return tag;
  }

  /** Makes room for twice as many tags. */
  #spread(): void {
    const places = new Int32Array(this.#places.length * 2);
    this.#starts.forEach((start, tag) => {
      let place = hashOf(this.#view, start, start + this.#lengths[tag]!) & (places.length - 1);
      while (places[place] !== 0) place = (place + 1) & (places.length - 1);
      places[place] = tag + 1;
    });
    this.#places = places;
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
  return hash ^ (hash >>> 15);
}
