/**
 * A block of points as bytes: header (version, count, checksum), values, steps, epochs, times. Sealed chunks and tails share it.
 *
 * SQLite has no checksums of its own, so that a flipped bit on the disk would show as a wrong loss; the block carries a CRC-32.
 */
import { crc32 } from '../../crc32.ts';
import { StoreDamaged } from '../errors.ts';
import type { Points } from '../../points.ts';
import { decodeAxis, encodeAxis } from './axis.ts';
import { type Cursor, align, cursor, writer } from './bytes.ts';
import { type Values, decodeValues, encodeValues, valuesOf } from './value.ts';

const VERSION = 1;
/** Version, count, CRC-32 of all that follows it, and where each column begins (32 bits each). */
const HEADER = 32;
const CHECKED = 12;
const COLUMNS = ['value', 'step', 'epoch', 'time'] as const;
export type Column = (typeof COLUMNS)[number];

const out = writer(1 << 18);

/** A block, and for step, epoch and time the scale if it is even (see `encodeAxis`), else 0. Both are overwritten by the next call. */
export interface Encoded {
  bytes: Uint8Array;
  even: number[];
}

const encoded: Encoded = { bytes: out.bytes, even: [0, 0, 0] };

/** Bytes of the points `from` to `to` (not included). */
export function encodeBlock(points: Points, from: number, to: number): Encoded {
  const count = to - from;
  out.at = HEADER;
  COLUMNS.forEach((column, c) => {
    align(out, 8);
    out.view.setUint32(CHECKED + c * 4, out.at, true);
    if (column === 'value') encodeValues(points.value, from, count, out);
    else encoded.even[c - 1] = encodeAxis(points[column], from, count, out, column === 'epoch' ? points.step : null);
  });
  out.view.setUint32(0, VERSION, true);
  out.view.setUint32(4, count, true);
  out.view.setUint32(8, crc32(out.bytes.subarray(CHECKED, out.at)), true);
  encoded.bytes = out.bytes.subarray(0, out.at);
  return encoded;
}

/** A block that was found to be whole. */
export interface Block {
  count: number;
  cursor: Cursor;
}

/** Checks header and checksum. Throws `StoreDamaged`. */
export function openBlock(bytes: Uint8Array): Block {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const from = cursor(aligned);
  if (bytes.length < HEADER || from.view.getUint32(0, true) !== VERSION) throw new StoreDamaged('A chunk has an unknown header');
  if (crc32(aligned.subarray(CHECKED)) !== from.view.getUint32(8, true)) throw new StoreDamaged('A chunk fails its checksum');
  return { count: from.view.getUint32(4, true), cursor: from };
}

/** The values of a block, in an array of their own. */
export function readValues(block: Block): Values {
  block.cursor.at = block.cursor.view.getUint32(CHECKED, true);
  return guarded(() => valuesOf(block.cursor, block.count));
}

/** Reads one column into `into` from index `at` on. `step` holds the steps of the same points at the same places, for epochs. */
export function readColumn(block: Block, column: Column, into: Float64Array, at: number, step: Float64Array | null): void {
  const { cursor: from, count } = block;
  if (at + count > into.length) throw new StoreDamaged('A chunk holds more points than its series has room for');
  from.at = from.view.getUint32(CHECKED + COLUMNS.indexOf(column) * 4, true);
  guarded(() => {
    if (column === 'value') decodeValues(from, count, into, at);
    else decodeAxis(from, count, into, at, step);
  });
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new StoreDamaged(`A chunk cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Decodes a block into the columns of `into` from index `at` on (they must be long enough), and returns its number of points. */
export function decodeBlock(bytes: Uint8Array, into: Points, at: number): number {
  const block = openBlock(bytes);
  for (const column of COLUMNS) readColumn(block, column, into[column], at, into.step);
  return block.count;
}
