/** Curves of very many points, from the pyramid: the least and the greatest point of each pixel column. */
import { type AxisView, axisView } from './axisView.ts';
import type { Part } from './curve.ts';
import { type Drawing, beginSegment, columnOf, draw, inOrder, listNonFinite } from './decimate.ts';
import { type Extremes, findExtremes } from './extremes.ts';
import { CHUNK } from './layout.ts';
import type { SeriesView } from './seriesView.ts';
import type { ReadRange } from './store.ts';

/** Places of NaN and infinities at which the line is broken; a column without any finite value is a break in any case. */
const MOST_BREAKS = 20_000;

/** Draws the parts over `range.pixels` columns. */
export function drawFar(view: SeriesView, parts: readonly Part[], range: ReadRange, into: Drawing): void {
  const exact = axisView(view, range.axis, 0);
  const filled = parts.filter((part) => part.from < part.to);
  const from = range.from ?? Math.min(...filled.map((part) => exact.x(part.from)));
  const to = range.to ?? Math.max(...filled.map((part) => exact.x(part.to - 1)));
  const columns = { from, to, pixels: range.pixels };
  const axis = axisView(view, range.axis, (to - from) / range.pixels / 4);
  let breaksLeft = MOST_BREAKS;
  for (const part of parts) {
    const before = range.around && part.from > part.start;
    const after = range.around && part.to < part.end;
    if (part.from === part.to && !(before && after)) continue;
    beginSegment(into);
    const breaks = nonFinitePlaces(view, part, breaksLeft, exact, into);
    breaksLeft -= breaks.length;
    if (before) drawPlace(view, exact, part.from - 1, into);
    drawPart(view, part, axis, columns, breaks, into);
    if (after) drawPlace(view, exact, part.to, into);
  }
}

function drawPart(
  view: SeriesView, part: Part, axis: AxisView, columns: Parameters<typeof columnOf>[1], breaks: readonly number[], into: Drawing,
): void {
  const width = (columns.to - columns.from) / columns.pixels;
  const found: Extremes = { min: 0, max: 0, minAt: -1, maxAt: -1 };
  let nextBreak = 0;
  for (let start = part.from; start < part.to; ) {
    const column = columnOf(axis.x(start), columns);
    const isLast = column === columns.pixels - 1;
    const end = isLast ? part.to : Math.max(start + 1, axis.search(columns.from + (column + 1) * width, start, part.to));
    findExtremes(view, start, end, found);
    const places = [found.minAt, found.maxAt];
    if (nextBreak < breaks.length && breaks[nextBreak]! < end) places.push(breaks[nextBreak]!);
    else if (found.minAt < 0) places.push(start);
    while (nextBreak < breaks.length && breaks[nextBreak]! < end) nextBreak += 1;
    for (const at of inOrder(places)) {
      draw(into, axis.x(at), at === found.minAt ? found.min : at === found.maxAt ? found.max : NaN);
    }
    start = end;
  }
}

function drawPlace(view: SeriesView, axis: AxisView, at: number, into: Drawing): void {
  draw(into, axis.x(at), valueAt(view, at));
}

function valueAt(view: SeriesView, at: number): number {
  if (at >= view.tailStart) return view.tail.value[at - view.tailStart]!;
  return view.column(Math.floor(at / CHUNK), 'value')[at % CHUNK]!;
}

/** Where values are not finite, at most `most` places; the first of them are listed in the drawing. */
function nonFinitePlaces(view: SeriesView, part: Part, most: number, axis: AxisView, into: Drawing): number[] {
  const places: number[] = [];
  const look = (values: Float64Array, origin: number) => {
    const end = Math.min(values.length, part.to - origin);
    for (let i = Math.max(0, part.from - origin); i < end && places.length < most; i += 1) {
      const y = values[i]!;
      if (y - y === 0) continue;
      places.push(origin + i);
      if (into.nonFinite.length < into.mostNonFinite) listNonFinite(into, axis.x(origin + i), y);
    }
  };
  const chunks = Math.ceil(Math.min(part.to, view.tailStart) / CHUNK);
  for (let chunk = Math.floor(part.from / CHUNK); chunk < chunks && places.length < most; chunk += 1) {
    if (view.index.nonFinite[chunk]! > 0) look(view.column(chunk, 'value'), chunk * CHUNK);
  }
  if (part.to > view.tailStart) look(view.tail.value.subarray(0, view.tail.length), view.tailStart);
  return places;
}
