/** How well an axis is known from few of its places. */
import { CHUNK, COARSE, COARSE_PER_CHUNK } from './layout.ts';

/** How far x is at most from the straight lines between the knots of the chunk that begins at `from`. */
export function bendOf(column: Float64Array, from: number, knots: Float64Array): number {
  let bend = 0;
  for (let k = 0; k < COARSE_PER_CHUNK; k += 1) {
    const start = from + k * COARSE;
    bend = Math.max(bend, bendBetween(column, start, Math.min(start + COARSE, from + CHUNK - 1), knots[k]!, knots[k + 1]!));
  }
  return bend;
}

/** How far the column is at most from the line between x at `start` and at `end`; what is NaN has no say. */
function bendBetween(column: Float64Array, start: number, end: number, x: number, xEnd: number): number {
  const slope = (xEnd - x) / (end - start);
  let bend = 0;
  for (let i = start; i < end; i += 1) {
    const off = Math.abs(column[i]! - x - (i - start) * slope);
    if (off > bend) bend = off;
  }
  return bend;
}
