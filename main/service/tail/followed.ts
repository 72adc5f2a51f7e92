/** One file as tailing knows it. */
import type { Format, Reader } from '../formats/format.ts';
import type { SourceRow } from '../store/store.ts';
import type { Native, Stat } from '../watch/disk.ts';
import type { FileFact } from '../watch/survey.ts';
import { resumeOf, START, type Look, type Place } from './identity.ts';

export interface Followed {
  path: string;
  native: Native;
  /** null while the file is of no known format, or new and not yet stored. */
  source: SourceRow | null;
  format: Format | null;
  /** A stream's reader; null until it is needed. */
  reader: Reader | null;
  /** What `save` gave when the last commit was made: a second reader for a provisional last line begins here. */
  saved: unknown;
  place: Place;
  /** The last stat that was acted upon. */
  last: Look | null;
  /** The last stat that was seen: sizes for progress. */
  size: number;
  mtimeMs: number;
  ctimeMs: number;
  /** The next commit begins a new generation. */
  renewed: boolean;
  /** The file was replaced, so that its format may be another one too. */
  unsure: boolean;
  /** The inode that the last scan found at the path; whether a scan was asked for because a look found another one. */
  scannedInode: number;
  scanAsked: boolean;
  /** All that was read is to be compared once, as growth may have hidden an edit in the middle. */
  verify: boolean;
  /** A comparison of everything that was read, in progress. */
  comparing: { at: number; crc: number; look: Look } | null;
  /** How many bytes to ask for at once. */
  chunk: number;
  /** Points of an unfinished last line are in the store. */
  provisional: boolean;
  /** Size at which the unfinished rest was last offered, so that it is offered once. */
  offeredAt: number;
  gone: boolean;
  /** Steady milliseconds: last growth while watched (null: never), last look, last change of the stat, and not to be tried before. */
  grewAt: number | null;
  lookedAt: number;
  changedAt: number;
  notBefore: number;
  failures: number;
  /** Head length with which the format was last looked for in vain. */
  sniffed: number;
  /** What is wrong with the file at the moment, for the list of problems. */
  trouble: string | null;
  /** The last error of the file system, until the file could be read again. */
  unreadable: string | null;
}

export const CHUNK = 512 * 1024;

/** What is known of a file that was not met before. */
type Newcomer = Pick<FileFact, 'path' | 'native'> & { stat: Pick<Stat, 'size' | 'mtimeMs' | 'ctimeMs'> };

/** A file that was not met before. */
export function newcomer({ path, native, stat }: Newcomer, now: number): Followed {
  return {
    path,
    native,
    source: null,
    format: null,
    reader: null,
    saved: undefined,
    place: START,
    last: null,
    size: stat.size,
    mtimeMs: stat.mtimeMs,
    ctimeMs: stat.ctimeMs,
    renewed: false,
    unsure: false,
    scannedInode: 0,
    scanAsked: false,
    verify: false,
    comparing: null,
    chunk: CHUNK,
    provisional: false,
    offeredAt: -1,
    gone: false,
    grewAt: null,
    lookedAt: -Infinity,
    changedAt: now,
    notBefore: 0,
    failures: 0,
    sniffed: 0,
    trouble: null,
    unreadable: null,
  };
}

/** Puts a file back to where the store has it: at the start of the service, and after something failed half-way. */
export function restore(file: Followed, source: SourceRow, format: Format | null): void {
  const { place, look, state } = resumeOf(source);
  file.source = source;
  file.format = format;
  file.reader = null;
  file.saved = state;
  file.place = place;
  file.last = look;
  file.renewed = look === null && source.offset > 0;
  file.comparing = null;
  file.chunk = CHUNK;
  file.gone = source.gone;
}

/** Begins the file anew: what was read stays in the store as superseded once the first new points are there. */
export function renew(file: Followed): void {
  file.reader = null;
  file.saved = undefined;
  file.place = START;
  file.renewed = file.source !== null;
  file.comparing = null;
  file.chunk = CHUNK;
  file.offeredAt = -1;
}
