/** Curves from the points themselves. */
import { axisView } from './axisView.ts';
import type { Values } from './codec/value.ts';
import type { Part } from './curve.ts';
import { type Columns, type Drawing, type Stretch, beginSegment, draw, drawAll, drawColumns } from './decimate.ts';
import { CHUNK } from './layout.ts';
import type { SeriesView } from './seriesView.ts';
import type { ReadRange } from './store.ts';

/** The points of each part, with their neighbours if the range wants them. */
export function nearParts(view: SeriesView, parts: readonly Part[], range: ReadRange): Stretch[] {
  const around = range.around ? 1 : 0;
  const axis = axisView(view, range.axis, 0);
  return parts.map(({ from, to, start, end }) => {
    const first = Math.max(start, from - around);
    const last = Math.min(end, to + around);
    return { x: axis.between(first, last), y: valuesBetween(view, first, last), from: from - first, to: to - first };
  });
}

/** The same for an axis that some points lack, or that goes back: each segment is put in order of x, points without it left out. */
export function unorderedParts(view: SeriesView, range: ReadRange): Stretch[] {
  const { segments, count } = view.summary;
  const axis = axisView(view, range.axis, 0);
  return segments.map((start, s) => {
    const end = segments[s + 1] ?? count;
    const x = axis.between(start, end);
    const y = valuesBetween(view, start, end);
    const order = Array.from(x.keys()).filter((i) => x[i]! - x[i]! === 0);
    order.sort((a, b) => x[a]! - x[b]! || a - b);
    const sorted = Float64Array.from(order, (i) => x[i]!);
    const from = range.from === undefined ? 0 : sorted.findIndex((one) => one >= range.from!);
    const beyond = range.to === undefined ? -1 : sorted.findIndex((one) => one > range.to!);
    const to = beyond < 0 ? sorted.length : beyond;
    return { x: sorted, y: Float64Array.from(order, (i) => y[i]!), from: from < 0 ? to : Math.min(from, to), to };
  });
}

/** Draws all points of the parts, or those of each pixel column that matter. */
export function drawNear(parts: readonly Stretch[], range: ReadRange, exact: boolean, into: Drawing): void {
  const columns = columnsOf(parts, range);
  for (const part of parts) {
    const { x, y, from, to } = part;
    const before = range.around && from > 0;
    const after = range.around && to < x.length;
    if (from === to && !(before && after)) continue;
    beginSegment(into);
    if (before) draw(into, x[from - 1]!, y[from - 1]!);
    if (exact) drawAll(part, into);
    else drawColumns(part, columns, into);
    if (after) draw(into, x[to]!, y[to]!);
  }
}

/** The pixel columns of the range; where it is open, of the points in it. */
function columnsOf(parts: readonly Stretch[], range: ReadRange): Columns {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, from, to } of parts) {
    if (from === to) continue;
    low = Math.min(low, x[from]!);
    high = Math.max(high, x[to - 1]!);
  }
  return { from: range.from ?? low, to: range.to ?? high, pixels: range.pixels };
}

function valuesBetween(view: SeriesView, from: number, to: number): Values {
  const { tailStart, tail } = view;
  if (from >= tailStart) return tail.value.subarray(from - tailStart, to - tailStart);
  const firstChunk = Math.floor(from / CHUNK);
  if (to <= Math.min(tailStart, (firstChunk + 1) * CHUNK)) return view.values(firstChunk).subarray(from % CHUNK, to - firstChunk * CHUNK);
  const all = new Float64Array(to - from);
  for (let chunk = firstChunk; chunk * CHUNK < Math.min(to, tailStart); chunk += 1) {
    const start = chunk * CHUNK;
    const part = view.values(chunk).subarray(Math.max(0, from - start), Math.min(CHUNK, to - start));
    all.set(part, Math.max(0, start - from));
  }
  if (to > tailStart) all.set(tail.value.subarray(0, to - tailStart), tailStart - from);
  return all;
}
