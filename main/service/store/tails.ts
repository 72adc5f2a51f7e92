/**
 * The points of each series that are not sealed yet: blocks in the order of arrival, joined now and then. A commit of a point to
 * each of many series so writes few pages, all at the end of one table.
 */
import { Points } from '../points.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import type { Statements } from './lazyStatements.ts';

/**
 * Blocks of one size class are joined when there are this many: a point is written again a few times, not at every commit.
 * The number differs from series to series, so that series that grow together are not all joined in the same commit.
 */
const joinAt = (seriesId: number) => 8 + (seriesId % 8);

export interface TailBlock {
  /** Index of its first point. */
  start: number;
  count: number;
}

export interface Tails {
  blocks(seriesId: number): TailBlock[];
  /** Adds the points `from` to `to` as a block that begins at index `start`. `tail` is kept up to date, here and in `join`. */
  add(seriesId: number, tail: TailBlock[], start: number, points: Points, from: number, to: number): void;
  /** Joins the last blocks while many are of about the same size. */
  join(seriesId: number, tail: TailBlock[]): void;
  /** Adds all points from index `start` on to `into`, which has room for them. */
  read(seriesId: number, start: number, into: Points): void;
  /** Drops the blocks from index `start` on. */
  drop(seriesId: number, start: number): void;
}

export function openTails(db: Statements): Tails {
  const addBlock = db.prepare('INSERT INTO tails (series_id, start, count, data) VALUES (?, ?, ?, ?)');
  const dropFrom = db.prepare('DELETE FROM tails WHERE series_id = ? AND start >= ?');
  const blocksOf = db.prepare<[number], TailBlock>('SELECT start, count FROM tails WHERE series_id = ? ORDER BY start');
  const dataFrom = db.prepare<[number, number], Uint8Array>('SELECT data FROM tails WHERE series_id = ? AND start >= ? ORDER BY start').pluck();
  const tails: Tails = {
    blocks: (seriesId) => blocksOf.all(seriesId),
    add(seriesId, tail, start, points, from, to) {
      addBlock.run(seriesId, start, to - from, encodeBlock(points, from, to).bytes);
      tail.push({ start, count: to - from });
    },
    join(seriesId, tail) {
      const most = joinAt(seriesId);
      for (let alike = lastAlike(tail); alike.length >= most; alike = lastAlike(tail)) {
        const { start } = alike[0]!;
        const points = new Points(alike.reduce((sum, block) => sum + block.count, 0));
        tails.read(seriesId, start, points);
        tails.drop(seriesId, start);
        tail.length -= alike.length;
        tails.add(seriesId, tail, start, points, 0, points.length);
      }
    },
    read(seriesId, start, into) {
      for (const data of dataFrom.all(seriesId, start)) into.length += decodeBlock(data, into, into.length);
    },
    drop: (seriesId, start) => void dropFrom.run(seriesId, start),
  };
  return tails;
}

/** The blocks at the end whose size is of the same power of eight. */
function lastAlike(tail: readonly TailBlock[]): TailBlock[] {
  const size = sizeClass(tail.at(-1)?.count ?? 1);
  return tail.slice(tail.findLastIndex((block) => sizeClass(block.count) !== size) + 1);
}

function sizeClass(count: number): number {
  return Math.floor((31 - Math.clz32(count)) / 3);
}
