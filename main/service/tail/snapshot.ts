/** One look at a file that is written anew each time: the whole of it is read, and replaces what it said before. */
import { Batch } from '../formats/batch.ts';
import type { SnapshotFormat } from '../formats/format.ts';
import type { Followed } from './followed.ts';
import { hashOf, looksChanged } from './identity.ts';
import { nameOf } from './take.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

const SIZE_CAP = 64 * 1024 * 1024;
/** A half-written file is common; only one that stays wrong is worth a word. */
const PATIENCE = 3;
const RETRY_MS = [300, 1000, 3000];

/** Reads a snapshot if its content changed. Rejects with the file system's error. */
export async function visitSnapshot(file: Followed, format: SnapshotFormat, turn: Turn, once: boolean): Promise<Outcome> {
  const size = file.size;
  if (size > SIZE_CAP) {
    turn.trouble(file, `larger than ${SIZE_CAP / 1024 / 1024} MiB: not read`);
    return NOTHING;
  }
  const { stat, parts } = await turn.disk.read(file.native, [{ offset: 0, length: size + 1 }]);
  const bytes = parts[0] ?? new Uint8Array();
  file.size = stat.size;
  file.mtimeMs = stat.mtimeMs;
  // Longer than a moment ago: it is being written.
  if (bytes.length > size || stat.size !== bytes.length) return { more: true, bytes: 0 };
  const marker = hashOf(bytes);
  if (bytes.length === 0 || (file.place.marker === marker && !looksOther(file, stat.size))) {
    if (file.last === null || looksChanged(file.last, stat)) file.last = stat;
    return NOTHING;
  }
  const batch = new Batch();
  try {
    format.parse(bytes, batch, { path: file.path, name: nameOf(file.path) });
  } catch (error) {
    return unreadable(file, error as Error, turn, once);
  }
  file.failures = 0;
  turn.trouble(file, null);
  file.last = stat;
  file.place = { offset: bytes.length, marker, headLength: 0, head: '', crc: null, skipTo: null };
  turn.pending.put(file, batch, file.renewed ? 'generation' : 'replace');
  turn.pending.bytes += bytes.length;
  return { more: false, bytes: bytes.length };
}

function looksOther(file: Followed, size: number): boolean {
  return file.source === null || file.place.offset !== size;
}

function unreadable(file: Followed, error: Error, turn: Turn, once: boolean): Outcome {
  file.failures += 1;
  if (once || file.failures >= PATIENCE) turn.trouble(file, error.message);
  const wait = RETRY_MS[file.failures - 1];
  file.notBefore = wait === undefined || once ? Infinity : turn.clock.steady() + wait;
  return NOTHING;
}
