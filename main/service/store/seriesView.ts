/** One series as a curve needs it: the coarse level in memory, the tail decoded, and sealed columns read when they are asked for. */
import { Points } from '../points.ts';
import type { Blocks } from './blocks.ts';
import { type Cache, byteCache } from './cache.ts';
import { type Column, openBlock, readColumn } from './codec/block.ts';
import { CHUNK, FINE_PER_CHUNK } from './layout.ts';
import type { Summary } from './marks.ts';
import { type Level, decodeFine } from './pyramid.ts';
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
  column(chunk: number, column: Column): Float64Array;
  fine(chunk: number): Level;
}

export interface SeriesViews {
  open(seriesId: number): SeriesView;
  /** The points of a series were replaced or removed. */
  drop(seriesId: number): void;
  clear(): void;
}

type Cached = Float64Array | Level | SeriesIndex;

export function openViews(blocks: Blocks, series: SeriesTable, cacheBytes: number): SeriesViews {
  const cache: Cache<Cached> = byteCache(cacheBytes);
  const keep = <V extends Cached>(key: string, value: V, bytes: number): V => {
    cache.set(key, value, bytes + 200);
    return value;
  };

  const column = (seriesId: number, chunk: number, name: Column): Float64Array => {
    const key = `${seriesId}:${chunk}:${name}`;
    const held = cache.get(key) as Float64Array | undefined;
    if (held) return held;
    const steps = name === 'epoch' ? column(seriesId, chunk, 'step') : null;
    const into = new Float64Array(CHUNK);
    readColumn(openBlock(blocks.chunk(seriesId, chunk)), name, into, 0, steps);
    return keep(key, into, CHUNK * 8);
  };
  const fine = (seriesId: number, chunk: number): Level => {
    const key = `${seriesId}:${chunk}:fine`;
    const held = cache.get(key) as Level | undefined;
    return held ?? keep(key, decodeFine(blocks.fine(seriesId, chunk)), FINE_PER_CHUNK * 18);
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
        column: (chunk, name) => column(seriesId, chunk, name),
        fine: (chunk) => fine(seriesId, chunk),
      };
    },
    drop: (seriesId) => cache.drop(`${seriesId}:`),
    clear: () => cache.clear(),
  };
}

/** The points of both, one after the other. */
export function joined(first: Points, second: Points): Points {
  const all = new Points(first.length + second.length);
  for (const column of ['step', 'epoch', 'time', 'value'] as const) {
    all[column].set(first[column].subarray(0, first.length));
    all[column].set(second[column].subarray(0, second.length), first.length);
  }
  all.length = first.length + second.length;
  return all;
}
