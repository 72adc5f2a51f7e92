/** Whether a file is still the one that was read: decided by its content, never by the inode alone (conventions section 7). */
import type * as nodeCrypto from 'node:crypto';
import { crc32 } from '../crc32.ts';
import type { SourcePosition } from '../store/store.ts';
import type { Stat } from '../watch/disk.ts';
import { sha1 } from './sha1.ts';

/** Bytes before the offset that the marker covers. */
export const MARKER = 32;
/** Bytes at the start that are remembered too: every CSV of one trainer begins alike, but few files both begin and end alike. */
export const HEAD = 1024;

/** How far a file was read, and what tells that it is still the same. */
export interface Place {
  offset: number;
  /** Hash of up to 32 bytes before `offset`. */
  marker: string;
  /** Length and hash of the first bytes, at most `HEAD` and never beyond `offset`. */
  headLength: number;
  head: string;
  /** CRC-32 of everything before `offset`; null once bytes were skipped. */
  crc: number | null;
  /** The reader wants to go on here, which lies beyond the end of the file so far. */
  skipTo: number | null;
}

/** What the file system said when the file was last looked at. */
export type Look = Pick<Stat, 'device' | 'inode' | 'size' | 'mtimeMs' | 'ctimeMs'>;

/**
 * unchanged: nothing to do. append: read on. doubtful: nothing proves a change, but the file was replaced or written in place: compare
 * all that was read. replaced: begin anew as a new generation.
 */
export type Verdict = 'unchanged' | 'append' | 'doubtful' | 'replaced';

export const START: Place = { offset: 0, marker: '', headLength: 0, head: '', crc: 0, skipTo: null };

/** So many short texts are hashed by plain code. After that Node's own, three times as fast, is worth the 5 ms that loading it takes. */
const FEW = 64;
let few = 0;
let crypto: typeof nodeCrypto | null = null;

/** Short hash, hex. The first curves of a folder are drawn before Node's module for it is loaded. */
export function hashOf(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  if (crypto === null && (bytes.length > HEAD || (few += 1) > FEW)) crypto = process.getBuiltinModule('node:crypto');
  return (crypto ? crypto.hash('sha1', bytes, 'hex') : sha1(bytes)).slice(0, 20);
}

/**
 * Judges a file by its stat, its first bytes (`head`, at least `place.headLength` of them) and the bytes just before the offset (`before`).
 */
export function judge(place: Place, last: Look | null, stat: Look, head: Uint8Array, before: Uint8Array): Verdict {
  if (stat.size < place.offset) return 'replaced';
  if (place.offset > 0 && hashOf(before) !== place.marker) return 'replaced';
  if (place.headLength > 0 && hashOf(head.subarray(0, place.headLength)) !== place.head) return 'replaced';
  if (last === null || place.offset === 0) return 'append';
  if (stat.inode !== last.inode) return 'doubtful';
  if (stat.size > last.size) return 'append';
  const untouched = stat.size === last.size && stat.mtimeMs === last.mtimeMs && (last.ctimeMs === 0 || stat.ctimeMs === last.ctimeMs);
  return untouched ? 'unchanged' : 'doubtful';
}

/** Whether a stat differs from the last look, so that the file is worth opening. */
export function looksChanged(last: Look | null, stat: Look): boolean {
  if (last === null) return true;
  const same = stat.size === last.size && stat.mtimeMs === last.mtimeMs && stat.inode === last.inode;
  return !same || (last.ctimeMs !== 0 && stat.ctimeMs !== last.ctimeMs);
}

/** The place after `taken` more bytes. `window` holds the file from `windowAt` on and reaches at least to the new offset. */
export function advance(place: Place, head: Uint8Array, window: Uint8Array, windowAt: number, taken: number): Place {
  const offset = place.offset + taken;
  const end = offset - windowAt;
  const headLength = Math.min(HEAD, offset, head.length);
  return {
    offset,
    marker: hashOf(window.subarray(Math.max(0, end - MARKER), end)),
    headLength,
    head: headLength === place.headLength ? place.head : hashOf(head.subarray(0, headLength)),
    crc: place.crc === null ? null : crc32(window.subarray(place.offset - windowAt, end), place.crc),
    skipTo: null,
  };
}

interface Resume {
  state: unknown;
  place: Omit<Place, 'offset' | 'marker'>;
  ctimeMs: number;
}

/** What the store keeps: the resume record, with what only tailing needs beside the reader's own state. */
export function positionOf(place: Place, look: Look, state: unknown): SourcePosition {
  const { offset, marker, ...rest } = place;
  const reader: Resume = { state, place: rest, ctimeMs: look.ctimeMs };
  return { device: look.device, inode: look.inode, size: look.size, mtimeMs: look.mtimeMs, offset, marker, reader };
}

/** Takes a resume record apart again; one of an unknown shape leads to the start of the file. */
export function resumeOf(position: SourcePosition): { place: Place; look: Look | null; state: unknown } {
  const resume = position.reader as Resume | null | undefined;
  const known = typeof resume === 'object' && typeof resume?.place?.headLength === 'number';
  if (!known) return { place: START, look: null, state: undefined };
  const { device, inode, size, mtimeMs, offset, marker } = position;
  const look = { device, inode, size, mtimeMs, ctimeMs: resume.ctimeMs ?? 0 };
  return { place: { ...resume.place, offset, marker }, look, state: resume.state };
}
