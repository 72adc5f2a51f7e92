/**
 * Walks the fields of a protobuf message (wire format) without making objects: one cursor per level of nesting, used again and again.
 *
 * Nothing here throws: a field that reaches beyond its message ends the walk and marks the message as broken.
 */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const EMPTY = new DataView(new ArrayBuffer(0));

export class Fields {
  view: DataView = EMPTY;
  /** Number and wire type of the current field. */
  number = 0;
  wire = 0;
  /** Where the value of the current field begins and ends (for BYTES: without its length). */
  from = 0;
  to = 0;
  /** True once a field did not fit into the message. */
  broken = false;
  #at = 0;
  #end = 0;

  /** Starts at the first field of the message in `view` from `from` to `to` (exclusive). */
  over(view: DataView, from: number, to: number): this {
    this.view = view;
    this.#at = from;
    this.#end = to;
    this.broken = false;
    return this;
  }

  /** Starts at the first field of the message that is the current field of `outer`. */
  inside(outer: Fields): this {
    return this.over(outer.view, outer.from, outer.to);
  }

  /** Goes to the next field; false at the end of the message and where it is broken. */
  next(): boolean {
    if (this.broken || this.#at >= this.#end) return false;
    const key = this.#varint();
    this.number = Math.floor(key / 8);
    this.wire = key & 7;
    this.from = this.#at;
    if (this.wire === BYTES) {
      const length = this.#varint();
      this.from = this.#at;
      this.#at += length;
    } else if (this.wire === VARINT) this.#skipVarint();
    else if (this.wire === FIXED32) this.#at += 4;
    else if (this.wire === FIXED64) this.#at += 8;
    else this.broken = true;
    this.to = this.#at;
    if (this.number === 0 || this.#at > this.#end || !(this.#at >= this.from)) this.broken = true;
    return !this.broken;
  }

  get length(): number {
    return this.to - this.from;
  }

  /** Value of a varint field as a signed 64-bit integer; exact up to 2^53. */
  varint(): number {
    return this.wire === VARINT ? varintAt(this.view, this.from, this.to) : 0;
  }

  /** Value of a fixed 64-bit field as a double; NaN if it is none. */
  double(): number {
    return this.wire === FIXED64 ? this.view.getFloat64(this.from, true) : NaN;
  }

  /** Value of a fixed 32-bit field as a float; NaN if it is none. */
  float(): number {
    return this.wire === FIXED32 ? this.view.getFloat32(this.from, true) : NaN;
  }

  /** The bytes of a length-delimited field; no copy. */
  bytes(): Uint8Array {
    if (this.wire !== BYTES) return new Uint8Array(0);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.from, this.to - this.from);
  }

  /** The text of a length-delimited field. */
  text(): string {
    return decoder.decode(this.bytes());
  }

  /** An unsigned varint that must fit into 2^53, for keys and lengths. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    while (this.#at < this.#end) {
      const byte = this.view.getUint8(this.#at);
      this.#at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
      if (scale > 2 ** 49) break;
    }
    this.broken = true;
    return 0;
  }

  #skipVarint(): void {
    for (let count = 0; count < 10 && this.#at < this.#end; count += 1) {
      const byte = this.view.getUint8(this.#at);
      this.#at += 1;
      if (byte < 128) return;
    }
    this.broken = true;
  }
}

const decoder = new TextDecoder();

/** The varint that begins at `from` as a signed 64-bit integer, exact up to 2^53; reads no further than `to`. */
export function varintAt(view: DataView, from: number, to: number): number {
  let low = 0;
  let middle = 0;
  let high = 0;
  for (let count = 0; count < 10 && from + count < to; count += 1) {
    const byte = view.getUint8(from + count);
    const bits = byte & 127;
    if (count < 4) low |= bits << (7 * count);
    else if (count < 8) middle |= bits << (7 * (count - 4));
    else high |= bits << (7 * (count - 8));
    if (byte < 128) break;
  }
  return ((middle >>> 4) | (high << 24)) * 2 ** 32 + ((low | (middle << 28)) >>> 0);
}
