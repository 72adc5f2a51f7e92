/** One look at one file, whatever its format, with what happens when the system says no. */
import type { Store } from '../store/store.ts';
import { renew, restore, type Followed } from './followed.ts';
import { visitDatabase } from './database.ts';
import { START } from './identity.ts';
import { firstLineOf, recogniseFile, worthAsking } from './recognise.ts';
import { visitSnapshot } from './snapshot.ts';
import { isStoreTrouble } from './storage.ts';
import { firstLook, offerRest, visitStream } from './stream.ts';
import { NOTHING, type Outcome, type Turn } from './turn.ts';

export interface Looking extends Turn {
  store: Store;
  rootId: number;
  /** Nothing is awaited: the root is read to its end and left. */
  once: boolean;
  notUnderstood: Map<string, string>;
  polled(sourceIds: number[], points: number): void;
}

/** Back-off after errors of the file system: 0.5 s, doubled up to a minute. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;

/** Looks at a file and reads at most one chunk. Rejects only with errors of the store. */
export async function lookAt(file: Followed, turn: Looking): Promise<Outcome> {
  try {
    const outcome = await visit(file, turn);
    if (file.unreadable !== null) {
      if (file.trouble === file.unreadable) turn.trouble(file, null);
      file.unreadable = null;
      file.failures = 0;
    }
    return outcome;
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    return failed(file, error as NodeJS.ErrnoException, turn);
  }
}

async function visit(file: Followed, turn: Looking): Promise<Outcome> {
  if (file.format === null) {
    const { format, stat, bytes } = await recogniseFile(file, turn);
    file.format = format;
    if (format === null) {
      if (bytes.length > 0) turn.notUnderstood.set(file.path, firstLineOf(bytes));
      return NOTHING;
    }
    turn.notUnderstood.delete(file.path);
    if (format.kind === 'stream' && file.source === null) return firstLook(file, format, turn, stat, bytes);
  } else if (file.unsure && worthAsking(file)) await recogniseAgain(file, turn);
  const format = file.format;
  if (format?.kind === 'stream') return visitStream(file, format, turn);
  if (format?.kind === 'snapshot') return visitSnapshot(file, format, turn, turn.once);
  if (format?.kind !== 'database') return NOTHING;
  const polled = await visitDatabase(file, format, turn);
  if (polled.sourceIds.length > 0) turn.polled(polled.sourceIds, polled.points);
  return polled;
}

/** Another program may write its log under the same name. As long as nothing tells its format, the former one is tried. */
async function recogniseAgain(file: Followed, turn: Looking): Promise<void> {
  const { format } = await recogniseFile(file, turn);
  if (format === null) return;
  file.unsure = false;
  if (format === file.format) return;
  turn.pending.drop(file);
  renew(file);
  file.format = format;
  file.last = null;
}

/** Offers the unfinished rest of an idle stream; true if there is something to commit. */
export async function offer(file: Followed, turn: Looking): Promise<boolean> {
  if (file.format?.kind !== 'stream') return false;
  try {
    return await offerRest(file, file.format, turn);
  } catch (error) {
    failed(file, error as NodeJS.ErrnoException, turn);
    return false;
  }
}

function failed(file: Followed, error: NodeJS.ErrnoException, turn: Looking): Outcome {
  // Gone or replaced by something else: the next scan says which.
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return NOTHING;
  if (error.code === undefined && file.format?.kind === 'stream') undo(file, turn);
  file.failures += 1;
  file.notBefore = turn.clock.steady() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (file.failures - 1));
  file.unreadable = sentenceOf(error);
  turn.trouble(file, file.unreadable);
  return NOTHING;
}

/** A reader gave up half-way: what it had given since the last commit is dropped and will be read again. */
function undo(file: Followed, turn: Looking): void {
  turn.pending.drop(file);
  const source = file.source && turn.store.source(file.source.id);
  if (source) restore(file, source, file.format);
  else {
    file.reader = null;
    file.saved = undefined;
    file.place = START;
    file.last = null;
  }
}

function sentenceOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'no permission to read this file';
  if (error.code === 'ELOOP' || error.code === 'EINVAL') return 'not a regular file (any more): not read';
  if (error.code === 'EMFILE' || error.code === 'ENFILE') return 'too many open files on this machine: waiting';
  if (error.code === 'EIO') return 'the disk reports a read error: trying again';
  return error.message;
}
