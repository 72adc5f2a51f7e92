/** One look at an appended file: is it still the same, and what has been added. */
import { crc32 } from '../crc32.ts';
import type { StreamFormat } from '../formats/format.ts';
import type { Stat } from '../watch/disk.ts';
import { finish } from './finish.ts';
import { CHUNK, renew, type Followed } from './followed.ts';
import { HEAD, judge, MARKER } from './identity.ts';
import { modeOf, offerBytes, take } from './take.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

/** Bytes that are compared at once. */
const PORTION = 1024 * 1024;

/** Reads what is new in a stream, at most one chunk. Rejects with the file system's error. */
export async function visitStream(file: Followed, format: StreamFormat, turn: Turn): Promise<Outcome> {
  if (file.verify) verify(file);
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
  if (file.last !== null && stat.inode !== file.last.inode) {
    // The old file may lie elsewhere now: a scan finds it before this one takes over its history.
    if (stat.inode !== file.scannedInode && !file.scanAsked && turn.rescan(file)) return NOTHING;
    await finish(file, turn);
    // What was judged is no longer where the file stands.
    if (file.place.offset !== from) return { more: true, bytes: 0 };
  }
  file.scanAsked = false;
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
  file.unsure = true;
  file.sniffed = 0;
  return { more: true, bytes: 0 };
}

/** Begins the comparison that is due after a time of growth, if everything that was read can be compared. */
function verify(file: Followed): void {
  file.verify = false;
  if (file.last && file.place.crc !== null && file.place.offset > HEAD + MARKER) file.comparing = { at: 0, crc: 0, look: file.last };
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
  if (stat.size !== file.last?.size) withdrawProvisional(file, turn);
  file.last = stat;
  if (file.source) turn.pending.batch(file, modeOf(file));
  return { more: true, bytes: 0 };
}

async function compare(file: Followed, turn: Turn): Promise<Outcome> {
  const comparing = file.comparing;
  if (!comparing) return NOTHING;
  const length = Math.min(PORTION, file.place.offset - comparing.at);
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
  if (comparing.crc !== file.place.crc) return begin(file, turn);
  return look === file.last ? { more: true, bytes: 0 } : accept(file, { kind: 'file', ...look }, turn);
}

/** The unfinished last line has changed: the points taken from it are no longer right. */
function withdrawProvisional(file: Followed, turn: Turn): void {
  file.offeredAt = -1;
  turn.pending.withdraw(file);
  if (file.provisional) turn.pending.batch(file, modeOf(file));
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
  return offerBytes(file, format, turn, bytes);
}
