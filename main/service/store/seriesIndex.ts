/** The coarse level of all sealed chunks of a series, side by side: 0.2 bytes a point, enough to draw any far view. */
import type { Blocks } from './blocks.ts';
import { StoreDamaged } from './errors.ts';
import { CHUNK, COARSE_PER_CHUNK } from './layout.ts';
import { decodeTop } from './pyramid.ts';

export interface AxisIndex {
  /** x at every 256th point. */
  knots: Float64Array;
  /** By chunk: x at its last point; the scale at which it is even, or 0; how far it is at most from the line between its knots. */
  end: Float64Array;
  even: Float64Array;
  bend: Float64Array;
}

export interface SeriesIndex {
  chunks: number;
  min: Float64Array;
  max: Float64Array;
  minAt: Uint8Array;
  maxAt: Uint8Array;
  /** Non-finite values by chunk. */
  nonFinite: Uint16Array;
  /** step, epoch, time. */
  axes: [AxisIndex, AxisIndex, AxisIndex];
}

const BYTES_PER_CHUNK = COARSE_PER_CHUNK * (8 + 8 + 1 + 1 + 3 * 8) + 2 + 3 * 3 * 8;

export function emptyIndex(): SeriesIndex {
  return sized(0);
}

export function bytesOfIndex(index: SeriesIndex): number {
  return index.nonFinite.length * BYTES_PER_CHUNK;
}

/** Reads the chunks that were sealed since. Sealed chunks never change, so that what is there stays. */
export function extendIndex(index: SeriesIndex, blocks: Blocks, seriesId: number, chunks: number): SeriesIndex {
  if (chunks <= index.chunks) return index;
  const wide = chunks > index.nonFinite.length ? copied(index, Math.max(chunks, Math.ceil(index.chunks * 1.25))) : index;
  const tops = blocks.tops(seriesId, index.chunks);
  if (tops.length !== chunks - index.chunks) throw new StoreDamaged(`Series ${seriesId} lacks some of its ${chunks * CHUNK} sealed points`);
  tops.forEach((bytes, n) => fill(wide, index.chunks + n, bytes));
  wide.chunks = chunks;
  return wide;
}

function fill(index: SeriesIndex, chunk: number, bytes: Uint8Array): void {
  const top = decodeTop(bytes);
  const at = chunk * COARSE_PER_CHUNK;
  index.min.set(top.coarse.min, at);
  index.max.set(top.coarse.max, at);
  index.minAt.set(top.coarse.minAt, at);
  index.maxAt.set(top.coarse.maxAt, at);
  index.nonFinite[chunk] = top.nonFinite;
  index.axes.forEach((axis, a) => {
    axis.knots.set(top.knots[a]!.subarray(0, COARSE_PER_CHUNK), at);
    axis.end[chunk] = top.knots[a]![COARSE_PER_CHUNK]!;
    axis.even[chunk] = top.even[a]!;
    axis.bend[chunk] = top.bend[a]!;
  });
}

function sized(chunks: number): SeriesIndex {
  const coarse = chunks * COARSE_PER_CHUNK;
  const axis = (): AxisIndex => ({
    knots: new Float64Array(coarse), end: new Float64Array(chunks), even: new Float64Array(chunks), bend: new Float64Array(chunks),
  });
  return {
    chunks: 0,
    min: new Float64Array(coarse), max: new Float64Array(coarse), minAt: new Uint8Array(coarse), maxAt: new Uint8Array(coarse),
    nonFinite: new Uint16Array(chunks),
    axes: [axis(), axis(), axis()],
  };
}

function copied(index: SeriesIndex, chunks: number): SeriesIndex {
  const wide = sized(chunks);
  wide.chunks = index.chunks;
  for (const name of ['min', 'max', 'minAt', 'maxAt', 'nonFinite'] as const) wide[name].set(index[name]);
  wide.axes.forEach((axis, a) => {
    for (const name of ['knots', 'end', 'even', 'bend'] as const) axis[name].set(index.axes[a]![name]);
  });
  return wide;
}
