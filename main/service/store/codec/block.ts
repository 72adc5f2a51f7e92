/**
 * A block of points as bytes: header (version, count, checksum), values, steps, epochs, times. Sealed chunks and tails share it.
 *
 * SQLite has no checksums of its own, so that a flipped bit on the disk would show as a wrong loss; the block carries a CRC-32.
 */
import { crc32 } from 'node:zlib';
import { StoreDamaged } from '../errors.ts';
import type { Points } from '../../points.ts';
import { decodeAxis, encodeAxis } from './axis.ts';
import { type Cursor, align, cursor, reserve, writer } from './bytes.ts';
import { decodeValues, encodeValues } from './value.ts';

const VERSION = 1;
const HEADER = 16;
const out = writer(1 << 18);

/** A block, and for step, epoch and time the scale if it is even (see `encodeAxis`), else 0. Both are overwritten by the next call. */
export interface Block {
  bytes: Uint8Array;
  even: number[];
}

const block: Block = { bytes: out.bytes, even: [0, 0, 0] };

/** Bytes of the points `from` to `to` (not included). */
export function encodeBlock(points: Points, from: number, to: number): Block {
  const count = to - from;
  out.at = HEADER;
  encodeValues(points.value, from, count, out);
  block.even[0] = encodeAxis(points.step, from, count, out, null);
  block.even[1] = encodeAxis(points.epoch, from, count, out, points.step);
  block.even[2] = encodeAxis(points.time, from, count, out, null);
  // Readers look two bytes ahead.
  reserve(out, 8);
  align(out, 4);
  out.view.setUint32(0, VERSION, true);
  out.view.setUint32(4, count, true);
  out.view.setUint32(8, crc32(out.bytes.subarray(HEADER, out.at)), true);
  block.bytes = out.bytes.subarray(0, out.at);
  return block;
}

/** Decodes a block into the columns of `into` from index `at` on (its columns must be long enough). Throws `StoreDamaged`. */
export function decodeBlock(bytes: Uint8Array, into: Points, at: number): number {
  const from = opened(bytes);
  const count = from.view.getUint32(4, true);
  if (at + count > into.value.length) throw new StoreDamaged('A chunk holds more points than its series has room for');
  try {
    decodeValues(from, count, into.value, at);
    decodeAxis(from, count, into.step, at, null);
    decodeAxis(from, count, into.epoch, at, into.step);
    decodeAxis(from, count, into.time, at, null);
  } catch (error) {
    if (error instanceof RangeError) throw new StoreDamaged(`A chunk cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
  return count;
}

function opened(bytes: Uint8Array): Cursor {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const from = cursor(aligned);
  if (bytes.length < HEADER || from.view.getUint32(0, true) !== VERSION) throw new StoreDamaged('A chunk has an unknown header');
  if (crc32(aligned.subarray(HEADER)) !== from.view.getUint32(8, true)) throw new StoreDamaged('A chunk fails its checksum');
  from.at = HEADER;
  return from;
}
