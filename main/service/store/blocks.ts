/** The points of one series on disk: sealed chunks, then the blocks of its tail, then provisional points. */
import type { Database } from 'better-sqlite3';
import { Points } from '../points.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import { StoreDamaged } from './errors.ts';
import { CHUNK } from './layout.ts';
import { encodePyramid } from './pyramid.ts';

/**
 * Tail blocks of one size class are joined when there are this many: a point is written again a few times, not at every commit.
 * The number differs from series to series, so that series that grow together are not all joined in the same commit.
 */
const joinAt = (seriesId: number) => 8 + (seriesId % 8);

export interface TailBlock {
  start: number;
  count: number;
}

export interface Blocks {
  tail(seriesId: number): TailBlock[];
  /** Adds points after the `stored` ones that are there. `tail` is kept up to date. */
  append(seriesId: number, stored: number, tail: TailBlock[], points: Points): void;
  /** Drops all points of a series, provisional ones too. */
  clear(seriesId: number): void;
  /** Every point that is not provisional; `stored` is their number. */
  read(seriesId: number, stored: number): Points;
  /** The points of the tail alone. */
  readTail(seriesId: number, stored: number): Points;
  chunk(seriesId: number, number: number): Uint8Array;
  fine(seriesId: number, number: number): Uint8Array;
  tops(seriesId: number, from: number): Uint8Array[];
}

export function openBlocks(db: Database): Blocks {
  const addChunk = db.prepare('INSERT INTO chunks (series_id, number, fine, data) VALUES (?, ?, ?, ?)');
  const addTop = db.prepare('INSERT INTO tops (series_id, number, data) VALUES (?, ?, ?)');
  const addTail = db.prepare('INSERT INTO tails (series_id, start, count, data) VALUES (?, ?, ?, ?)');
  const dropTail = db.prepare('DELETE FROM tails WHERE series_id = ? AND start >= ?');
  const tailOf = db.prepare<[number], TailBlock>('SELECT start, count FROM tails WHERE series_id = ? ORDER BY start');
  const tailData = db.prepare<[number, number], Uint8Array>('SELECT data FROM tails WHERE series_id = ? AND start >= ? ORDER BY start').pluck();
  const chunkData = db.prepare<[number, number], Uint8Array>('SELECT data FROM chunks WHERE series_id = ? AND number = ?').pluck();
  const fineData = db.prepare<[number, number], Uint8Array>('SELECT fine FROM chunks WHERE series_id = ? AND number = ?').pluck();
  const topsFrom = db
    .prepare<[number, number], Uint8Array>('SELECT data FROM tops WHERE series_id = ? AND number >= ? ORDER BY number')
    .pluck();
  const chunksOf = db.prepare<[number], Uint8Array>('SELECT data FROM chunks WHERE series_id = ? ORDER BY number').pluck();
  const clearing = ['chunks', 'tops', 'tails', 'provisional'].map((table) => db.prepare(`DELETE FROM ${table} WHERE series_id = ?`));

  const insert = (seriesId: number, tail: TailBlock[], start: number, points: Points, from: number, to: number) => {
    addTail.run(seriesId, start, to - from, encodeBlock(points, from, to).bytes);
    tail.push({ start, count: to - from });
  };
  const readBlocks = (seriesId: number, start: number, into: Points) => {
    for (const data of tailData.all(seriesId, start)) into.length += decodeBlock(data, into, into.length);
  };

  const seal = (seriesId: number, stored: number, tail: TailBlock[], points: Points) => {
    const before = tail.reduce((sum, block) => sum + block.count, 0);
    const all = before === 0 ? points : joined(before, points, (into) => readBlocks(seriesId, stored - before, into));
    if (before > 0) dropTail.run(seriesId, stored - before);
    tail.length = 0;
    const first = (stored - before) / CHUNK;
    const full = Math.floor(all.length / CHUNK);
    for (let n = 0; n < full; n += 1) {
      const block = encodeBlock(all, n * CHUNK, (n + 1) * CHUNK);
      const { top, fine } = encodePyramid(all, n * CHUNK, block.even);
      addChunk.run(seriesId, first + n, fine, block.bytes);
      addTop.run(seriesId, first + n, top);
    }
    if (all.length > full * CHUNK) insert(seriesId, tail, (first + full) * CHUNK, all, full * CHUNK, all.length);
  };

  /** Joins the last blocks while many are of about the same size. */
  const join = (seriesId: number, tail: TailBlock[]) => {
    const last = tail.at(-1);
    if (!last || tail.length < joinAt(seriesId)) return;
    const size = sizeClass(last.count);
    const first = tail.findLastIndex((block) => sizeClass(block.count) !== size) + 1;
    if (tail.length - first < joinAt(seriesId)) return;
    const small = tail.splice(first);
    const points = new Points(small.reduce((sum, block) => sum + block.count, 0));
    const start = small[0]!.start;
    readBlocks(seriesId, start, points);
    dropTail.run(seriesId, start);
    insert(seriesId, tail, start, points, 0, points.length);
    join(seriesId, tail);
  };

  const readTail = (seriesId: number, stored: number): Points => {
    const points = new Points(stored % CHUNK);
    readBlocks(seriesId, 0, points);
    if (points.length !== stored % CHUNK) throw new StoreDamaged(`Series ${seriesId} has lost a part of its tail`);
    return points;
  };

  return {
    tail: (seriesId) => tailOf.all(seriesId),
    append(seriesId, stored, tail, points) {
      if (points.length === 0) return;
      if ((stored % CHUNK) + points.length >= CHUNK) seal(seriesId, stored, tail, points);
      else {
        insert(seriesId, tail, stored, points, 0, points.length);
        join(seriesId, tail);
      }
    },
    clear(seriesId) {
      for (const statement of clearing) statement.run(seriesId);
    },
    read(seriesId, stored) {
      const points = new Points(stored);
      for (const data of chunksOf.iterate(seriesId)) points.length += decodeBlock(data, points, points.length);
      readBlocks(seriesId, 0, points);
      if (points.length !== stored) throw new StoreDamaged(`Series ${seriesId} has ${points.length} of its ${stored} points`);
      return points;
    },
    readTail,
    chunk: (seriesId, number) => found(chunkData.get(seriesId, number), number),
    fine: (seriesId, number) => found(fineData.get(seriesId, number), number),
    tops: (seriesId, from) => topsFrom.all(seriesId, from),
  };
}

function found(data: Uint8Array | undefined, number: number): Uint8Array {
  if (!data) throw new StoreDamaged(`A chunk (${number}) is missing`);
  return data;
}

function sizeClass(count: number): number {
  return Math.floor((31 - Math.clz32(count)) / 3);
}

function joined(before: number, points: Points, read: (into: Points) => void): Points {
  const all = new Points(before + points.length);
  read(all);
  for (const column of ['step', 'epoch', 'time', 'value'] as const) all[column].set(points[column].subarray(0, points.length), before);
  all.length = before + points.length;
  return all;
}
