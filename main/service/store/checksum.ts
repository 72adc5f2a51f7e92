/** SQLite has no checksums of its own, so that a flipped bit on the disk would show as a wrong extreme or setting: blobs without one inside end with a CRC-32. */
import { crc32, crc32OfText } from '../crc32.ts';
import { StoreDamaged } from './errors.ts';

/** Bytes of a checksum. */
export const LENGTH = 4;

/** The bytes and, little-endian, the CRC-32 of `beside` (what stands in other columns of the row) and them. */
export function withChecksum(bytes: Uint8Array, beside = ''): Uint8Array {
  const all = new Uint8Array(bytes.length + LENGTH);
  all.set(bytes);
  new DataView(all.buffer).setUint32(bytes.length, crc32(bytes, crc32OfText(beside)), true);
  return all;
}

/** What stands before the checksum. Throws `StoreDamaged` if it does not fit; `what` names the blob. */
export function checked(all: Uint8Array, what: string, beside = ''): Uint8Array {
  const length = all.length - LENGTH;
  const bytes = all.subarray(0, Math.max(0, length));
  if (length < 0 || new DataView(all.buffer, all.byteOffset + length, LENGTH).getUint32(0, true) !== crc32(bytes, crc32OfText(beside))) {
    throw new StoreDamaged(`The ${what} fails its checksum`);
  }
  return bytes;
}
