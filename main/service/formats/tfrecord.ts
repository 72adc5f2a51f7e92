/**
 * The TFRecord framing of event files: u64 length | u32 masked CRC-32C of the length | data | u32 masked CRC-32C of the data.
 *
 * A damaged record costs itself and nothing else: where the length cannot be trusted, the next place is sought whose twelve bytes
 * are an intact header. A false hit needs a matching 32-bit sum and a small length, so it does not happen by chance.
 */
import { maskedCrc32c } from './crc32c.ts';
import type { Sink } from './format.ts';

export const HEADER = 12;
export const FOOTER = 4;
/** Records beyond this hold graphs and media, never scalars: they are skipped by seeking. */
const LARGEST_READ = 64 * 2 ** 20;
/** Protobuf writes no message beyond 2 GiB; a larger length is damage, whatever its sum says. */
const LARGEST_LENGTH = 2 ** 31;
/** Zeros at the end of the bytes may be data that is still on its way (network mounts, a crash); more than these are skipped. */
const ZEROS_AWAITED = 2 ** 20;

/** Sums of the headers of records of fewer bytes, which are nearly all records, by their length. */
export const SHORT = 256;
export const SHORT_SUMS = shortSums();

function shortSums(): Int32Array {
  const header = new DataView(new ArrayBuffer(8));
  return Int32Array.from({ length: SHORT }, (_, length) => {
    header.setUint32(0, length, true);
    return maskedCrc32c(header, 0, 8);
  });
}

/** What has to be kept between two looks at a file. */
export interface FrameState {
  /** After damage: the next intact header has not been found yet. */
  searching: boolean;
}

/** What is done with records. */
export interface Taker {
  /** Takes intact records of the usual kind from place `at` on by itself, as many as it likes, and returns where the next one begins. */
  takePlain(at: number): number;
  /** Takes the intact record between these places. */
  take(from: number, to: number): void;
}

/**
 * Hands every intact record to `taker` and returns how many bytes are done with, which is more than there are where
 * a huge record is to be skipped. An incomplete record at the end is left for the next call. `offset` is the file offset of the first byte.
 */
export function readFrames(
  view: DataView,
  offset: number,
  state: FrameState,
  sink: Sink,
  taker: Taker,
): number {
  const end = view.byteLength;
  let at = 0;
  for (;;) {
    if (state.searching) {
      at = findHeader(view, at);
      state.searching = at + HEADER > end;
    } else at = taker.takePlain(at);
    if (at + HEADER > end) return at;
    const length = lengthAt(view, at);
    const from = at + HEADER;
    const to = from + length;
    if (length < 0) {
      const next = afterDamage(view, at, offset, sink);
      if (next === at) return at;
      at = next;
      state.searching = true;
    } else if (length > LARGEST_READ) {
      sink.problem(offset + at, `This record of ${length} bytes is larger than any record with scalars; it was skipped.`);
      at = to + FOOTER;
      if (at >= end) return at;
    } else if (to + FOOTER > end) {
      return at;
    } else if (maskedCrc32c(view, from, to) === view.getUint32(to, true)) {
      taker.take(from, to);
      at = to + FOOTER;
    } else {
      if (zerosAwaited(view, to + FOOTER - 1)) return at;
      sink.problem(offset + at, 'The checksum of this record is wrong; the record was left out.');
      at = to + FOOTER;
      // A length that is right leads to the next header. Otherwise the record was cut and others stand where its end should be.
      state.searching = at + HEADER > end || lengthAt(view, at) < 0;
      if (state.searching) at = from;
    }
  }
}

/** Notes a damaged header and returns where to look for the next one; `at` itself where the bytes may still be on their way. */
function afterDamage(view: DataView, at: number, offset: number, sink: Sink): number {
  if (zerosAwaited(view, at + HEADER - 1)) return at;
  const zeros = afterZeros(view, at) - at;
  if (zeros < HEADER) {
    sink.problem(offset + at, 'The header of this record is damaged; reading goes on at the next intact record.');
    return at + 1;
  }
  sink.problem(offset + at, `${zeros} or more zero bytes stand here instead of records; they were skipped.`);
  return at + zeros - (HEADER - 1);
}

/** True if there is nothing but zeros from `at` on: a record that has only partly arrived, so far. */
function zerosAwaited(view: DataView, at: number): boolean {
  return view.byteLength - at <= ZEROS_AWAITED && afterZeros(view, at) === view.byteLength;
}

function afterZeros(view: DataView, at: number): number {
  const end = view.byteLength;
  while (at < end && view.getUint8(at) === 0) at += 1;
  return at;
}

/** Length in an intact header, -1 if the header is damaged. */
function lengthAt(view: DataView, at: number): number {
  const low = view.getUint32(at, true);
  const high = view.getUint32(at + 4, true);
  if (high !== 0 || low >= LARGEST_LENGTH) return -1;
  if (low < SHORT) return SHORT_SUMS[low] === view.getInt32(at + 8, true) ? low : -1;
  return maskedCrc32c(view, at, at + 8) === view.getUint32(at + 8, true) ? low : -1;
}

/** First place from `at` on where a plausible header stands; where none does, the first place whose twelve bytes are not all there. */
function findHeader(view: DataView, at: number): number {
  const last = view.byteLength - HEADER;
  for (; at <= last; at += 1) {
    const length = lengthAt(view, at);
    if (length > 0 && length <= LARGEST_READ) return at;
  }
  return at;
}
