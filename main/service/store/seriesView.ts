/** One series as a curve needs it: the coarse level in memory, the tail decoded, and sealed columns read when they are asked for. */
import { Points } from '../points.ts';
import { type Blocks, copyTo } from './blocks.ts';
import { type Cache, byteCache } from './cache.ts';
import { type Block, type Column, openBlock, readColumn, readValues } from './codec/block.ts';
import type { Values } from './codec/value.ts';
import { type Fine, NO_FINE, bytesOfFine, decodeFine } from './fine.ts';
import { CHUNK } from './layout.ts';
import type { Summary } from './marks.ts';
import { type SeriesIndex, bytesOfIndex, emptyIndex, extendIndex } from './seriesIndex.ts';
import type { SeriesTable } from './series.ts';

type Axis = Exclude<Column, 'value'>;

/** Where the columns of sealed chunks come from: the cache, else the database. */
interface Sealed {
  axis(seriesId: number, chunk: number, axis: Axis): Float64Array;
  values(seriesId: number, chunk: number): Values;
  fine(seriesId: number, chunk: number): Fine;
}

const NO_VALUES: Values = new Float32Array(0);

/** A class, not closures made for each question: its methods can be compiled into the loops that call them thousands of times. */
export class SeriesView {
  /** Of all points, provisional ones included. */
  readonly summary: Summary;
  readonly index: SeriesIndex;
  /** Number of sealed points: index of the first point of the tail. */
  readonly tailStart: number;
  /** The tail, then provisional points. */
  readonly tail: Points;
  #sealed: Sealed;
  #seriesId: number;
  #valuesOf = -1;
  #values = NO_VALUES;
  #fineOf = -1;
  #fine = NO_FINE;

  constructor(seriesId: number, sealed: Sealed, { summary, index, tailStart, tail }: Pick<SeriesView, 'summary' | 'index' | 'tailStart' | 'tail'>) {
    this.#seriesId = seriesId;
    this.#sealed = sealed;
    this.summary = summary;
    this.index = index;
    this.tailStart = tailStart;
    this.tail = tail;
  }

  axis(chunk: number, axis: Axis): Float64Array {
    return this.#sealed.axis(this.#seriesId, chunk, axis);
  }

  /** Like `fine`, quick to ask many times for the same chunk. */
  values(chunk: number): Values {
    if (chunk !== this.#valuesOf) {
      this.#values = this.#sealed.values(this.#seriesId, chunk);
      this.#valuesOf = chunk;
    }
    return this.#values;
  }

  /** One value; of a chunk that is not the one asked for last it costs as much as all of them. */
  value(at: number): number {
    if (at >= this.tailStart) return this.tail.value[at - this.tailStart]!;
    return this.values(Math.floor(at / CHUNK))[at % CHUNK]!;
  }

  fine(chunk: number): Fine {
    if (chunk !== this.#fineOf) {
      this.#fine = this.#sealed.fine(this.#seriesId, chunk);
      this.#fineOf = chunk;
    }
    return this.#fine;
  }
}

export interface SeriesViews {
  open(seriesId: number): SeriesView;
  /** The points of a series were replaced or removed. */
  drop(seriesId: number): void;
  clear(): void;
}

/** The tail as it was when the series had `stored` sealed and unsealed points; one with more points is another one. */
interface KeptTail {
  stored: number;
  points: Points;
}

type Cached = Values | Fine | SeriesIndex | KeptTail;

/** Keys of the cache: of the whole series, and of each of its chunks. */
const INDEX = -1;
const TAIL = -2;
const KINDS = ['value', 'step', 'epoch', 'time', 'fine'] as const;
const keyOf = (chunk: number, kind: (typeof KINDS)[number]): number => chunk * KINDS.length + KINDS.indexOf(kind);

/** What an entry costs beside its numbers: objects, the buffer's own head, a place in two maps. */
const ENTRY_BYTES = 300;

export function openViews(blocks: Blocks, series: SeriesTable, cacheBytes: number): SeriesViews {
  const cache: Cache<Cached> = byteCache(cacheBytes);
  const keep = <V extends Cached>(seriesId: number, key: number, value: V, bytes: number): V => {
    cache.set(seriesId, key, value, bytes + ENTRY_BYTES);
    return value;
  };

  const axis = (seriesId: number, chunk: number, name: Axis): Float64Array => {
    const held = cache.get(seriesId, keyOf(chunk, name)) as Float64Array | undefined;
    if (held) return held;
    const steps = name === 'epoch' ? axis(seriesId, chunk, 'step') : null;
    const into = new Float64Array(CHUNK);
    const block = openBlock(blocks.chunk(seriesId, chunk));
    readColumn(block, name, into, 0, steps);
    // Whoever asks for an axis mostly asks for the values next.
    keepValues(seriesId, chunk, block);
    return keep(seriesId, keyOf(chunk, name), into, into.byteLength);
  };
  const keepValues = (seriesId: number, chunk: number, block: Block): Values => {
    const read = readValues(block);
    return keep(seriesId, keyOf(chunk, 'value'), read, read.byteLength);
  };
  const values = (seriesId: number, chunk: number): Values => {
    const held = cache.get(seriesId, keyOf(chunk, 'value')) as Values | undefined;
    return held ?? keepValues(seriesId, chunk, openBlock(blocks.chunk(seriesId, chunk)));
  };
  const fine = (seriesId: number, chunk: number): Fine => {
    const held = cache.get(seriesId, keyOf(chunk, 'fine')) as Fine | undefined;
    if (held) return held;
    const level = decodeFine(blocks.fine(seriesId, chunk));
    return keep(seriesId, keyOf(chunk, 'fine'), level, bytesOfFine(level));
  };
  const indexOf = (seriesId: number, chunks: number): SeriesIndex => {
    const held = cache.get(seriesId, INDEX) as SeriesIndex | undefined;
    if (held && held.chunks >= chunks) return held;
    const index = extendIndex(held ?? emptyIndex(), blocks, seriesId, chunks);
    return keep(seriesId, INDEX, index, bytesOfIndex(index));
  };
  const tail = (seriesId: number, stored: number): Points => {
    const held = cache.get(seriesId, TAIL) as KeptTail | undefined;
    if (held?.stored === stored) return held.points;
    const points = blocks.readTail(seriesId, stored);
    return keep(seriesId, TAIL, { stored, points }, 32 * points.length).points;
  };

  const sealed: Sealed = { axis, values, fine };
  return {
    open(seriesId) {
      const { summary, provisional } = series.stored(seriesId);
      const stored = summary.count - (provisional?.length ?? 0);
      const tailStart = stored - (stored % CHUNK);
      const sealedTail = tail(seriesId, stored);
      const index = indexOf(seriesId, tailStart / CHUNK);
      return new SeriesView(seriesId, sealed, { summary, index, tailStart, tail: provisional ? joined(sealedTail, provisional) : sealedTail });
    },
    drop: (seriesId) => cache.drop(seriesId),
    clear: () => cache.clear(),
  };
}

/** The points of both, one after the other. */
export function joined(first: Points, second: Points): Points {
  const all = new Points(first.length + second.length);
  copyTo(all, 0, first);
  copyTo(all, first.length, second);
  return all;
}
