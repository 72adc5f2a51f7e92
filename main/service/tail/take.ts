/** Gives bytes to a stream's reader and moves the file's place on. */
import { steadyMs } from '../clock.ts';
import { Batch } from '../formats/batch.ts';
import type { Reader, StreamFormat } from '../formats/format.ts';
import type { Stat } from '../watch/disk.ts';
import { CHUNK, type Followed } from './followed.ts';
import { advance, hashOf, HEAD, MARKER } from './identity.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

const SMALLEST = 64 * 1024;
const LARGEST = 1024 * 1024;
/** A record that does not fit into this is skipped; the reader's own cap is lower as a rule. */
const RECORD_CAP = 64 * 1024 * 1024;
/** A look may keep the thread busy for about this long. */
const SLICE_MS = 8;

export interface Window {
  stat: Stat;
  head: Uint8Array;
  /** The file from `MARKER` bytes (or fewer) before the offset. */
  window: Uint8Array;
  /** The part of it that is new. */
  bytes: Uint8Array;
}

/** Gives a chunk to the reader and moves the place on. */
export async function take(file: Followed, format: StreamFormat, turn: Turn, { stat, head, window, bytes }: Window): Promise<Outcome> {
  const from = file.place.offset;
  const { skipTo } = file.place;
  if (skipTo !== null) return skip(file, turn, stat, skipTo);
  const reader = (file.reader ??= format.open({ path: file.path, name: nameOf(file.path) }, file.saved));
  const began = steadyMs();
  let done = read(file, reader, turn, bytes, from);
  const beyond = from + bytes.length < stat.size;
  if (done === 0 && beyond) {
    if (bytes.length < RECORD_CAP) {
      file.chunk = Math.max(file.chunk, Math.min(RECORD_CAP, bytes.length * 4));
      return { more: true, bytes: 0 };
    }
    turn.pending.batch(file, modeOf(file)).problem(from, `${bytes.length} bytes without the end of a record were skipped`);
    done = bytes.length;
  }
  pace(file, bytes.length, steadyMs() - began);
  if (done > bytes.length) return skip(file, turn, stat, from + done);
  if (done === 0) return NOTHING;
  file.place = advance(file.place, head, window, from - (window.length - bytes.length), done);
  turn.pending.bytes += done;
  return { more: beyond, bytes: done };
}

function read(file: Followed, reader: Reader, turn: Turn, bytes: Uint8Array, from: number): number {
  const fresh = !turn.pending.has(file);
  const batch = turn.pending.batch(file, modeOf(file));
  const done = reader.read(bytes, from, batch, false);
  if (done <= 0 && fresh && !saysAnything(batch)) turn.pending.drop(file);
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

/** How the next commit of a file goes in. */
export function modeOf(file: Followed): 'append' | 'generation' {
  return file.renewed ? 'generation' : 'append';
}

/** Fits the chunk to the speed of the format, so that no look holds up the thread. */
function pace(file: Followed, length: number, tookMs: number): void {
  if (file.chunk > LARGEST) file.chunk = CHUNK;
  else if (tookMs > SLICE_MS) file.chunk = Math.max(SMALLEST, file.chunk / 2);
  else if (tookMs < SLICE_MS / 4 && length === file.chunk) file.chunk = Math.min(LARGEST, file.chunk * 2);
}

/** Offers bytes at the file's place as its end; false if they say nothing. */
export function offerBytes(file: Followed, format: StreamFormat, turn: Turn, bytes: Uint8Array): boolean {
  const state = file.reader ? (structuredClone(file.reader.save()) as unknown) : file.saved;
  const batch = new Batch();
  format.open({ path: file.path, name: nameOf(file.path) }, state).read(bytes, file.place.offset, batch, true);
  if (!saysAnything(batch)) return false;
  turn.pending.provisional(file, batch);
  return true;
}

function saysAnything(batch: Batch): boolean {
  const { list, configs, facts, problems, state, restarted } = batch;
  return list.length > 0 || configs.size > 0 || facts.size > 0 || problems.length > 0 || state !== null || restarted;
}

/** Last part of a relative path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
