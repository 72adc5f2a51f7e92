/**
 * The LevelDB log framing that wandb and SwanLab share: blocks of 32 KiB counted from the start of the file, seven bytes of which are
 * the file's own header. A chunk is u32 CRC-32 of type and data (IEEE, not masked) | u16 length | u8 type | data; a record is one FULL
 * chunk or FIRST, MIDDLE ... LAST. Fewer than seven bytes at the end of a block are padding.
 */
import { crc32 } from '../crc32.ts';
import type { Sink } from './format.ts';

const BLOCK = 32768;
const CHUNK_HEADER = 7;
export const FILE_HEADER = 7;
/** No metric, no configuration is longer; a longer record is passed over. */
const LARGEST_RECORD = 64 * 2 ** 20;

/** Zeros at the end of the bytes may be data that is still on its way (network mounts, a crash); more than these are skipped. */
const ZEROS_AWAITED = 2 ** 20;

/** Types of chunks; 3 is a middle piece. */
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/** What has to be kept between two looks at a file. */
export interface BlockState {
  /** Pieces are passed over until a record begins: the beginning of theirs is lost. */
  searching: boolean;
  /** The block in which damage was met last, -1 for none: damage again in the same block costs the rest of it. */
  damagedBlock: number;
}

interface Chunk {
  type: number;
  /** Range of the data in the view. */
  from: number;
  to: number;
}

/**
 * Hands every intact record to `take` and returns how many bytes are done with (as `Reader.read` does): up to the first record that is not
 * complete. `offset` is the file offset of the first byte, which stands behind the file's header or later.
 */
export function readBlocks(bytes: Uint8Array, offset: number, state: BlockState, sink: Sink, take: (record: DataView) => void): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunk: Chunk = { type: 0, from: 0, to: 0 };
  /** Start of the record whose pieces are being collected, -1 while there is none. */
  let start = -1;
  let pieces: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  for (;;) {
    const pad = padding(offset + at);
    if (at + pad <= bytes.length) at += pad;
    const found = readChunk(bytes, view, at, offset, chunk);
    if (found === 'wait') return start < 0 ? at : start;
    if (found === 'damaged') {
      at = afterDamage(view, at, offset, state, sink);
      state.searching = true;
      start = -1;
      continue;
    }
    const { type, from, to } = chunk;
    if (type === FULL || type === FIRST) {
      if (start >= 0) sink.problem(offset + start, 'The end of this record is missing; it was left out.');
      state.searching = false;
      start = type === FULL ? -1 : at;
      pieces = [];
      size = 0;
      if (type === FULL) take(new DataView(view.buffer, view.byteOffset + from, to - from));
    } else if (start < 0 && !state.searching) {
      sink.problem(offset + at, 'The beginning of this record is missing; it was left out.');
      state.searching = true;
    }
    if (start >= 0) {
      pieces.push(bytes.subarray(from, to));
      size += to - from;
      if (type === LAST) {
        take(joined(pieces, size));
        start = -1;
      } else if (size > LARGEST_RECORD) {
        sink.problem(offset + start, `This record is larger than ${LARGEST_RECORD} bytes; it was left out.`);
        state.searching = true;
        start = -1;
      }
    }
    at = to;
  }
}

/** Bytes of padding at this place in the file. */
function padding(place: number): number {
  const left = BLOCK - (place % BLOCK);
  return left < CHUNK_HEADER ? left : 0;
}

function readChunk(bytes: Uint8Array, view: DataView, at: number, offset: number, chunk: Chunk): 'chunk' | 'wait' | 'damaged' {
  if (at + CHUNK_HEADER > bytes.length) return 'wait';
  const length = view.getUint16(at + 4, true);
  chunk.type = view.getUint8(at + 6);
  chunk.from = at + CHUNK_HEADER;
  chunk.to = chunk.from + length;
  if (!isPlausible(chunk.type, length, offset + at)) return isZero(view, at) && onlyZeros(bytes, at) ? 'wait' : 'damaged';
  if (chunk.to > bytes.length) return 'wait';
  if (crc32(bytes.subarray(at + 6, chunk.to)) === view.getUint32(at, true)) return 'chunk';
  // A chunk that ends in zeros, with nothing behind, may still be on its way.
  return chunk.to > chunk.from && onlyZeros(bytes, chunk.to - 1) ? 'wait' : 'damaged';
}

function isPlausible(type: number, length: number, place: number): boolean {
  return type >= FULL && type <= LAST && length <= BLOCK - (place % BLOCK) - CHUNK_HEADER;
}

/** Notes the damage and returns where to go on: behind the chunk where its length leads to another one, else at the next block. */
function afterDamage(view: DataView, at: number, offset: number, state: BlockState, sink: Sink): number {
  const place = offset + at;
  const block = Math.floor(place / BLOCK);
  const next = (block + 1) * BLOCK - offset;
  if (state.damagedBlock === block) return next;
  state.damagedBlock = block;
  if (isZero(view, at)) {
    sink.problem(place, 'Zeros stand here instead of a record; the rest of this block was left out.');
    return next;
  }
  sink.problem(place, 'The checksum of this piece of a record is wrong; the record was left out.');
  const length = view.getUint16(at + 4, true);
  const end = at + CHUNK_HEADER + length;
  if (!isPlausible(view.getUint8(at + 6), length, place)) return next;
  if (end + CHUNK_HEADER > view.byteLength || padding(offset + end) > 0) return end;
  return isPlausible(view.getUint8(end + 6), view.getUint16(end + 4, true), offset + end) ? end : next;
}

function isZero(view: DataView, at: number): boolean {
  return view.getUint32(at, true) === 0 && view.getUint16(at + 4, true) === 0 && view.getUint8(at + 6) === 0;
}

/** True if there is nothing but zeros from `at` on, and not so many that they cannot be a record on its way. */
function onlyZeros(bytes: Uint8Array, at: number): boolean {
  if (bytes.length - at > ZEROS_AWAITED) return false;
  while (at < bytes.length && bytes[at] === 0) at += 1;
  return at === bytes.length;
}

function joined(pieces: readonly Uint8Array[], size: number): DataView {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return new DataView(whole.buffer);
}
