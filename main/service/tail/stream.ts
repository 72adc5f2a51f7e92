/** One look at an appended file: is it still the same, and what has been added. */
import { crc32 } from 'node:zlib';
import { Batch } from '../formats/batch.ts';
import type { Reader, StreamFormat } from '../formats/format.ts';
import type { Stat } from '../watch/disk.ts';
import { CHUNK, renew, type Followed } from './followed.ts';
import { advance, HEAD, judge, MARKER, hashOf } from './identity.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

const SMALLEST = 64 * 1024;
const LARGEST = 1024 * 1024;
/** A record that does not fit into this is skipped; the reader's own cap is lower as a rule. */
const RECORD_CAP = 64 * 1024 * 1024;
/** A look may keep the thread busy for about this long. */
const SLICE_MS = 8;

/** Reads what is new in a stream, at most one chunk. Rejects with the file system's error. */
export async function visitStream(file: Followed, format: StreamFormat, turn: Turn): Promise<Outcome> {
  if (file.comparing) return compare(file, turn);
  const from = file.place.offset;
  const back = Math.min(MARKER, from);
  const { stat, parts } = await turn.disk.read(file.native, [
    { offset: 0, length: from === 0 ? 0 : HEAD },
    { offset: from - back, length: back + file.chunk },
  ]);
  const window = parts[1] ?? new Uint8Array();
  const head = from === 0 ? window.subarray(0, HEAD) : (parts[0] ?? new Uint8Array());
  const verdict = judge(file.place, file.last, stat, head, window.subarray(0, back));
  if (verdict === 'replaced') return begin(file, turn);
  if (verdict === 'doubtful') return doubt(file, stat, turn);
  const grew = file.last === null || stat.size !== file.last.size;
  file.last = stat;
  file.size = stat.size;
  file.mtimeMs = stat.mtimeMs;
  if (grew) withdrawProvisional(file, turn);
  const bytes = window.subarray(back);
  if (bytes.length === 0) return NOTHING;
  return take(file, format, turn, { stat, head, window, bytes });
}

/** Takes the beginning of a new stream, which has been read to recognise it. */
export async function firstLook(file: Followed, format: StreamFormat, turn: Turn, stat: Stat, bytes: Uint8Array): Promise<Outcome> {
  file.last = stat;
  file.mtimeMs = stat.mtimeMs;
  return take(file, format, turn, { stat, head: bytes.subarray(0, HEAD), window: bytes, bytes });
}

/** The file is another one now: what is waiting of the old one is committed first. */
function begin(file: Followed, turn: Turn): Outcome {
  if (turn.pending.has(file)) turn.flush();
  turn.pending.drop(file);
  renew(file);
  file.last = null;
  return { more: true, bytes: 0 };
}

/** Replaced or written in place without a visible difference: compares the checksum of all that was read, or trusts the two ends. */
function doubt(file: Followed, stat: Stat, turn: Turn): Outcome {
  if (file.place.crc !== null) {
    file.comparing = { at: 0, crc: 0, look: stat };
    return { more: true, bytes: 0 };
  }
  return accept(file, stat, turn);
}

function accept(file: Followed, stat: Stat, turn: Turn): Outcome {
  file.last = stat;
  if (file.source) turn.pending.batch(file, modeOf(file));
  return { more: true, bytes: 0 };
}

async function compare(file: Followed, turn: Turn): Promise<Outcome> {
  const comparing = file.comparing;
  if (!comparing) return NOTHING;
  const length = Math.min(LARGEST, file.place.offset - comparing.at);
  const { stat, parts } = await turn.disk.read(file.native, [{ offset: comparing.at, length }]);
  const bytes = parts[0] ?? new Uint8Array();
  const { look } = comparing;
  // Written or replaced again meanwhile: judge anew from the start.
  if (bytes.length < length || stat.inode !== look.inode) {
    file.comparing = null;
    return { more: true, bytes: 0 };
  }
  comparing.crc = crc32(bytes, comparing.crc);
  comparing.at += bytes.length;
  if (comparing.at < file.place.offset) return { more: true, bytes: 0 };
  file.comparing = null;
  return comparing.crc === file.place.crc ? accept(file, { kind: 'file', ...look }, turn) : begin(file, turn);
}

/** The unfinished last line has changed: the points taken from it are no longer right. */
function withdrawProvisional(file: Followed, turn: Turn): void {
  file.offeredAt = -1;
  if (file.provisional) turn.pending.batch(file, modeOf(file));
}

interface Window {
  stat: Stat;
  head: Uint8Array;
  /** The file from `MARKER` bytes (or fewer) before the offset. */
  window: Uint8Array;
  /** The part of it that is new. */
  bytes: Uint8Array;
}

async function take(file: Followed, format: StreamFormat, turn: Turn, { stat, head, window, bytes }: Window): Promise<Outcome> {
  const from = file.place.offset;
  const { skipTo } = file.place;
  if (skipTo !== null) return skip(file, turn, stat, skipTo);
  const reader = (file.reader ??= format.open({ path: file.path, name: nameOf(file.path) }, file.saved));
  const began = performance.now();
  let done = read(file, reader, turn, bytes, from);
  if (done === 0 && bytes.length >= file.chunk) {
    if (file.chunk < RECORD_CAP) {
      file.chunk = Math.min(RECORD_CAP, file.chunk * 4);
      return { more: true, bytes: 0 };
    }
    turn.pending.batch(file, modeOf(file)).problem(from, `${bytes.length} bytes without the end of a record were skipped`);
    done = bytes.length;
  }
  pace(file, bytes.length, performance.now() - began);
  if (done > bytes.length) return skip(file, turn, stat, from + done);
  if (done === 0) return NOTHING;
  file.place = advance(file.place, head, window, from - (window.length - bytes.length), done);
  turn.pending.bytes += done;
  return { more: from + bytes.length < stat.size, bytes: done };
}

function read(file: Followed, reader: Reader, turn: Turn, bytes: Uint8Array, from: number): number {
  const fresh = !turn.pending.has(file);
  const batch = turn.pending.batch(file, modeOf(file));
  const done = reader.read(bytes, from, batch, false);
  if (done <= 0 && fresh && !file.provisional && !saysAnything(batch)) turn.pending.drop(file);
  return Math.max(0, done);
}

/** Seeks over what the reader does not want, as far as the file reaches; the rest when it is there. */
async function skip(file: Followed, turn: Turn, stat: Stat, to: number): Promise<Outcome> {
  const offset = Math.min(to, stat.size);
  const back = Math.min(MARKER, offset);
  const { parts } = await turn.disk.read(file.native, [
    { offset: 0, length: HEAD },
    { offset: offset - back, length: back },
  ]);
  const head = (parts[0] ?? new Uint8Array()).subarray(0, offset);
  const skipped = offset - file.place.offset;
  file.place = {
    offset,
    marker: hashOf(parts[1] ?? new Uint8Array()),
    headLength: head.length,
    head: hashOf(head),
    crc: null,
    skipTo: offset < to ? to : null,
  };
  turn.pending.batch(file, modeOf(file));
  return { more: offset < stat.size, bytes: skipped };
}

function modeOf(file: Followed): 'append' | 'generation' {
  return file.renewed ? 'generation' : 'append';
}

/** Fits the chunk to the speed of the format, so that no look holds up the thread. */
function pace(file: Followed, length: number, tookMs: number): void {
  if (file.chunk > LARGEST) file.chunk = CHUNK;
  else if (tookMs > SLICE_MS) file.chunk = Math.max(SMALLEST, file.chunk / 2);
  else if (tookMs < SLICE_MS / 4 && length === file.chunk) file.chunk = Math.min(LARGEST, file.chunk * 2);
}

/**
 * Offers the unfinished rest of an idle file as if the file had ended. What it yields is shown, and replaced when more arrives: the true
 * reader is not touched. Returns whether anything is to be committed.
 */
export async function offerRest(file: Followed, format: StreamFormat, turn: Turn): Promise<boolean> {
  const from = file.place.offset;
  if (file.place.skipTo !== null || file.comparing || file.offeredAt === file.size) return false;
  const { stat, parts } = await turn.disk.read(file.native, [{ offset: from, length: CHUNK }]);
  const bytes = parts[0] ?? new Uint8Array();
  file.offeredAt = file.size;
  if (bytes.length === 0 || stat.size !== file.size || bytes.length >= CHUNK) return false;
  const state = file.reader ? (structuredClone(file.reader.save()) as unknown) : file.saved;
  const batch = new Batch();
  format.open({ path: file.path, name: nameOf(file.path) }, state).read(bytes, from, batch, true);
  if (!saysAnything(batch)) return false;
  turn.pending.provisional(file, batch);
  return true;
}

function saysAnything(batch: Batch): boolean {
  return batch.list.length > 0 || batch.configs.size > 0 || batch.facts.size > 0 || batch.problems.length > 0 || batch.state !== null || batch.restarted;
}

/** Last part of a relative path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
