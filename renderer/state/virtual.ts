/** Which of many rows of known heights are in sight. */

/** Top of every item and, last, the height of all: offsets[i] to offsets[i + 1] is item i. */
export function offsetsOf(heights: readonly number[]): Float64Array {
  const offsets = new Float64Array(heights.length + 1);
  for (let i = 0; i < heights.length; i++) offsets[i + 1] = (offsets[i] as number) + (heights[i] as number);
  return offsets;
}

/** First and one past the last item that touches [top, bottom], widened by `extra` items on both sides. */
export function inSight(offsets: Float64Array, top: number, bottom: number, extra: number): [number, number] {
  const items = offsets.length - 1;
  const first = Math.max(0, lastAtMost(offsets, top) - extra);
  const last = Math.min(items, lastAtMost(offsets, bottom) + 1 + extra);
  return [Math.min(first, items), Math.max(first, last)];
}

/** Scroll position that brings item i fully into sight, with `above` pixels kept free for a sticky header. */
export function scrollFor(offsets: Float64Array, i: number, top: number, height: number, above = 0): number {
  const from = (offsets[i] as number) - above;
  const to = offsets[i + 1] as number;
  if (from < top) return Math.max(0, from);
  return to > top + height ? to - height : top;
}

function lastAtMost(offsets: Float64Array, at: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
