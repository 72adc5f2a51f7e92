/** Bytes written one after another into a buffer that grows and is used again, and read back. */

export interface Writer {
  bytes: Uint8Array;
  view: DataView;
  at: number;
}

export interface Cursor {
  bytes: Uint8Array;
  view: DataView;
  at: number;
}

export function writer(capacity = 1 << 16): Writer {
  const bytes = new Uint8Array(capacity);
  return { bytes, view: new DataView(bytes.buffer), at: 0 };
}

export function cursor(bytes: Uint8Array): Cursor {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
}

/** Makes room for `more` bytes after the current place. */
export function reserve(out: Writer, more: number): void {
  if (out.at + more <= out.bytes.length) return;
  const wide = new Uint8Array(Math.max(out.bytes.length * 2, out.at + more));
  wide.set(out.bytes.subarray(0, out.at));
  out.bytes = wide;
  out.view = new DataView(wide.buffer);
}

/** Moves on to the next multiple of `to`, filling with zeros. */
export function align(out: Writer, to: number): void {
  reserve(out, to);
  while (out.at % to !== 0) out.bytes[out.at++] = 0;
}

/** Writes a whole number 0 <= n <= 2^53 in groups of 7 bits, lowest first. The caller has reserved 8 bytes. */
export function putVarint(bytes: Uint8Array, at: number, n: number): number {
  while (n >= 0x8000_0000) {
    bytes[at++] = (n % 128) | 0x80;
    n = Math.floor(n / 128);
  }
  let low = n | 0;
  while (low >= 0x80) {
    bytes[at++] = (low & 0x7f) | 0x80;
    low >>>= 7;
  }
  bytes[at++] = low;
  return at;
}

/** Reads what `putVarint` wrote and moves the cursor on. Throws on a number longer than 8 bytes or cut off. */
export function getVarint(from: Cursor): number {
  const bytes = from.bytes;
  let at = from.at;
  let byte = bytes[at++] ?? endOfBytes();
  let n = byte & 0x7f;
  let scale = 128;
  while (byte >= 0x80) {
    byte = bytes[at++] ?? endOfBytes();
    n += (byte & 0x7f) * scale;
    scale *= 128;
    if (scale > 2 ** 56) throw new RangeError('a number in a chunk is too long');
  }
  from.at = at;
  return n;
}

function endOfBytes(): never {
  throw new RangeError('a chunk ends in the middle of a number');
}

/** Folds the sign into the lowest bit; exact for |n| <= 2^52. */
export function zigzag(n: number): number {
  return n < 0 ? -2 * n - 1 : 2 * n;
}

export function unzigzag(n: number): number {
  return n % 2 === 1 ? -(n + 1) / 2 : n / 2;
}
