/** One series as a curve needs it: the coarse level in memory, the tail decoded, and sealed columns read when they are asked for. */
import { Points } from '../points.ts';
import { type Blocks, copyTo } from './blocks.ts';
import { type Cache, byteCache } from './cache.ts';
import { type Block, type Column, openBlock, readColumn, readValues } from './codec/block.ts';
import type { Values } from './codec/value.ts';
import { CHUNK } from './layout.ts';
import type { Summary } from './marks.ts';
import { type Fine, decodeFine } from './pyramid.ts';
import { type SeriesIndex, bytesOfIndex, emptyIndex, extendIndex } from './seriesIndex.ts';
import type { SeriesTable } from './series.ts';

export interface SeriesView {
  /** Of all points, provisional ones included. */
  summary: Summary;
  index: SeriesIndex;
  /** Number of sealed points: index of the first point of the tail. */
  tailStart: number;
  /** The tail, then provisional points. */
  tail: Points;
  axis(chunk: number, axis: Axis): Float64Array;
  /** Like `fine`, quick to ask many times for the same chunk. */
  values(chunk: number): Values;
  fine(chunk: number): Fine;
}

export interface SeriesViews {
  open(seriesId: number): SeriesView;
  /** The points of a series were replaced or removed. */
  drop(seriesId: number): void;
  clear(): void;
}

type Axis = Exclude<Column, 'value'>;
type Cached = Values | Fine | SeriesIndex;

export function openViews(blocks: Blocks, series: SeriesTable, cacheBytes: number): SeriesViews {
  const cache: Cache<Cached> = byteCache(cacheBytes);
  const keep = <V extends Cached>(key: string, value: V, bytes: number): V => {
    cache.set(key, value, bytes + 200);
    return value;
  };

  const axis = (seriesId: number, chunk: number, name: Axis): Float64Array => {
    const key = `${seriesId}:${chunk}:${name}`;
    const held = cache.get(key) as Float64Array | undefined;
    if (held) return held;
    const steps = name === 'epoch' ? axis(seriesId, chunk, 'step') : null;
    const into = new Float64Array(CHUNK);
    const block = openBlock(blocks.chunk(seriesId, chunk));
    readColumn(block, name, into, 0, steps);
    // Whoever asks for an axis mostly asks for the values next.
    keepValues(seriesId, chunk, block);
    return keep(key, into, into.byteLength);
  };
  const keepValues = (seriesId: number, chunk: number, block: Block): Values => {
    const read = readValues(block);
    return keep(`${seriesId}:${chunk}:value`, read, read.byteLength);
  };
  const values = (seriesId: number, chunk: number): Values => {
    const held = cache.get(`${seriesId}:${chunk}:value`) as Values | undefined;
    return held ?? keepValues(seriesId, chunk, openBlock(blocks.chunk(seriesId, chunk)));
  };
  const fine = (seriesId: number, chunk: number): Fine => {
    const key = `${seriesId}:${chunk}:fine`;
    const held = cache.get(key) as Fine | undefined;
    if (held) return held;
    const bytes = blocks.fine(seriesId, chunk);
    return keep(key, decodeFine(bytes), bytes.length);
  };
  const indexOf = (seriesId: number, chunks: number): SeriesIndex => {
    const key = `${seriesId}:index`;
    const held = cache.get(key) as SeriesIndex | undefined;
    if (held && held.chunks >= chunks) return held;
    const index = extendIndex(held ?? emptyIndex(), blocks, seriesId, chunks);
    return keep(key, index, bytesOfIndex(index));
  };

  return {
    open(seriesId) {
      const { summary, provisional } = series.stored(seriesId);
      const stored = summary.count - (provisional?.length ?? 0);
      const tailStart = stored - (stored % CHUNK);
      const sealedTail = blocks.readTail(seriesId, stored);
      return {
        summary,
        index: indexOf(seriesId, tailStart / CHUNK),
        tailStart,
        tail: provisional ? joined(sealedTail, provisional) : sealedTail,
        axis: (chunk, name) => axis(seriesId, chunk, name),
        values: lastOne((chunk) => values(seriesId, chunk)),
        fine: lastOne((chunk) => fine(seriesId, chunk)),
      };
    },
    drop: (seriesId) => cache.drop(`${seriesId}:`),
    clear: () => cache.clear(),
  };
}

/** Remembers the last answer. */
function lastOne<V>(get: (chunk: number) => V): (chunk: number) => V {
  let last = -1;
  let value: V;
  return (chunk) => {
    if (chunk !== last) {
      value = get(chunk);
      last = chunk;
    }
    return value;
  };
}

/** The points of both, one after the other. */
export function joined(first: Points, second: Points): Points {
  const all = new Points(first.length + second.length);
  copyTo(all, 0, first);
  copyTo(all, first.length, second);
  return all;
}
