/** SQLite has no checksums of its own, so that a flipped bit on the disk would show as a wrong extreme or setting: blobs without one inside end with a CRC-32. */
import { crc32 } from 'node:zlib';
import { StoreDamaged } from './errors.ts';

/** Bytes of a checksum. */
export const LENGTH = 4;

/** The bytes and, little-endian, the CRC-32 of `beside` (what stands in other columns of the row) and them. */
export function withChecksum(bytes: Uint8Array, beside = ''): Uint8Array {
  const all = new Uint8Array(bytes.length + LENGTH);
  all.set(bytes);
  new DataView(all.buffer).setUint32(bytes.length, crc32(bytes, crc32(beside)), true);
  return all;
}

/** The CRC-32 of a text. */
export function checksumOf(text: string): number {
  return crc32(text);
}

/** For each byte, what it does to a CRC-32 (reflected polynomial 0xEDB88320). */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/**
 * The CRC-32 of what `before` is of and the bytes from `from` to `to`. For thousands of short pieces of one array: zlib, which is far faster
 * with long ones, takes a view and a call for each, which cost more.
 */
export function crcAfter(before: number, bytes: Uint8Array, from: number, to: number): number {
  let crc = ~before;
  for (let at = from; at < to; at += 1) crc = TABLE[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The CRC-32 of a short text. */
export function crcOfText(text: string): number {
  let crc = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return crc32(text);
    crc = TABLE[(crc ^ code) & 255]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** What stands before the checksum. Throws `StoreDamaged` if it does not fit; `what` names the blob. */
export function checked(all: Uint8Array, what: string, beside = ''): Uint8Array {
  const length = all.length - LENGTH;
  const bytes = all.subarray(0, Math.max(0, length));
  if (length < 0 || new DataView(all.buffer, all.byteOffset + length, LENGTH).getUint32(0, true) !== crc32(bytes, crc32(beside))) {
    throw new StoreDamaged(`The ${what} fails its checksum`);
  }
  return bytes;
}
