/** The points of each series on disk: sealed chunks of 4096 with their pyramid, then the tail. */
import { Points } from '../points.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import { checked, withChecksum } from './checksum.ts';
import { StoreDamaged } from './errors.ts';
import { CHUNK } from './layout.ts';
import type { Statements } from './lazyStatements.ts';
import { encodePyramid } from './pyramid.ts';
import { type TailBlock, type Tails, openTails } from './tails.ts';

export interface Blocks {
  tail(seriesId: number): TailBlock[];
  /** Adds points after the `stored` ones that are there. `tail` is kept up to date. */
  append(seriesId: number, stored: number, tail: TailBlock[], points: Points): void;
  /** Drops all points of a series, provisional ones too. */
  clear(seriesId: number): void;
  /**
   * Every point from the chunk `first` on, and before the chunk `end`, that is not provisional; `stored` is the number of all. The tail counts as a
   * chunk. They are added to `into`, if given, which has room for all points of so many chunks.
   */
  read(seriesId: number, stored: number, first?: number, end?: number, into?: Points): Points;
  /** The points of the tail alone. */
  readTail(seriesId: number, stored: number): Points;
  chunk(seriesId: number, number: number): Uint8Array;
  fine(seriesId: number, number: number): Uint8Array;
  tops(seriesId: number, from: number): Uint8Array[];
}

const PYRAMID = 'pyramid of a chunk';

interface Chunks {
  add(seriesId: number, number: number, points: Points, from: number): void;
  between(seriesId: number, first: number, end: number): Iterable<Uint8Array>;
}

export function openBlocks(db: Statements): Blocks {
  const tails = openTails(db);
  const chunks = openChunks(db);
  const chunkData = db.prepare<[number, number], Uint8Array>('SELECT data FROM chunks WHERE series_id = ? AND number = ?').pluck();
  const fineData = db.prepare<[number, number], Uint8Array>('SELECT fine FROM chunks WHERE series_id = ? AND number = ?').pluck();
  const topsFrom = db.prepare<[number, number], Uint8Array>('SELECT data FROM tops WHERE series_id = ? AND number >= ? ORDER BY number').pluck();
  const clearing = ['chunks', 'tops', 'tails', 'provisional'].map((table) => db.prepare(`DELETE FROM ${table} WHERE series_id = ?`));
  const readTail = (seriesId: number, stored: number): Points => {
    const points = new Points(stored % CHUNK);
    tails.read(seriesId, 0, points);
    return expectAll(points, seriesId, stored % CHUNK);
  };
  return {
    tail: tails.blocks,
    append(seriesId, stored, tail, points) {
      if (points.length === 0) return;
      if ((stored % CHUNK) + points.length >= CHUNK) seal(chunks, tails, seriesId, stored, tail, points);
      else {
        tails.add(seriesId, tail, stored, points, 0, points.length);
        tails.join(seriesId, tail);
      }
    },
    clear(seriesId) {
      for (const statement of clearing) statement.run(seriesId);
    },
    read(seriesId, stored, first = 0, end = Infinity, into) {
      const count = Math.max(0, Math.min(stored, end * CHUNK) - first * CHUNK);
      const points = into ?? new Points(count);
      const before = points.length;
      for (const data of chunks.between(seriesId, first, end)) points.length += decodeBlock(data, points, points.length);
      if (end * CHUNK > stored) tails.read(seriesId, 0, points);
      return expectAll(points, seriesId, before + count);
    },
    readTail,
    chunk: (seriesId, number) => found(chunkData.get(seriesId, number), seriesId, number),
    fine: (seriesId, number) => checked(found(fineData.get(seriesId, number), seriesId, number), PYRAMID),
    tops: (seriesId, from) => topsFrom.all(seriesId, from).map((top) => checked(top, PYRAMID)),
  };
}

function openChunks(db: Statements): Chunks {
  const add = db.prepare('INSERT INTO chunks (series_id, number, fine, data) VALUES (?, ?, ?, ?)');
  const addTop = db.prepare('INSERT INTO tops (series_id, number, data) VALUES (?, ?, ?)');
  const between = db.prepare<[number, number, number], Uint8Array>('SELECT data FROM chunks WHERE series_id = ? AND number >= ? AND number < ? ORDER BY number').pluck();
  return {
    add(seriesId, number, points, from) {
      const { bytes, even } = encodeBlock(points, from, from + CHUNK);
      const { top, fine } = encodePyramid(points, from, even);
      add.run(seriesId, number, withChecksum(fine), bytes);
      addTop.run(seriesId, number, withChecksum(top));
    },
    between: (seriesId, first, end) => between.iterate(seriesId, first, end),
  };
}

/** The chunk that is made of the tail and the points that follow it. */
const joined = new Points(CHUNK);

/** Makes chunks of the tail and what follows it; what is left over is the new tail. */
function seal(chunks: Chunks, tails: Tails, seriesId: number, stored: number, tail: TailBlock[], points: Points): void {
  const before = stored % CHUNK;
  let start = stored - before;
  let from = 0;
  if (before > 0) {
    from = CHUNK - before;
    joined.length = 0;
    tails.read(seriesId, start, joined);
    tails.drop(seriesId, start);
    copyTo(expectAll(joined, seriesId, before), before, points, from);
    chunks.add(seriesId, start / CHUNK, joined, 0);
    start += CHUNK;
  }
  tail.length = 0;
  for (; from + CHUNK <= points.length; from += CHUNK, start += CHUNK) chunks.add(seriesId, start / CHUNK, points, from);
  if (from < points.length) tails.add(seriesId, tail, start, points, from, points.length);
}

/** Copies the first `count` of `points`, all if not said, into `into` from index `at` on. */
export function copyTo(into: Points, at: number, points: Points, count = points.length): void {
  for (const column of ['step', 'epoch', 'time', 'value'] as const) into[column].set(points[column].subarray(0, count), at);
  into.length = at + count;
}

function expectAll(points: Points, seriesId: number, count: number): Points {
  if (points.length !== count) throw new StoreDamaged(`Series ${seriesId} has ${points.length} of its ${count} points`);
  return points;
}

function found(data: Uint8Array | undefined, seriesId: number, number: number): Uint8Array {
  if (!data) throw new StoreDamaged(`Series ${seriesId} lacks its chunk ${number}`);
  return data;
}
