/** Curves of very many points, from the pyramid: the least and the greatest point of each pixel column. */
import { type AxisView, axisView } from './axisView.ts';
import type { Part } from './curve.ts';
import { type Columns, type Drawing, beginSegment, columnOf, draw, edgeOf, listNonFinite } from './decimate.ts';
import { type Extremes, findExtremes } from './extremes.ts';
import type { Values } from './codec/value.ts';
import { CHUNK } from './layout.ts';
import type { SeriesView } from './seriesView.ts';
import type { ReadRange } from './store.ts';

/** Places of NaN and infinities at which the line is broken; a column without any finite value is a break in any case. */
const MOST_BREAKS = 20_000;

/** x may be off by this part of a pixel where reading a chunk can be saved so. */
const SLACK = 16;

/** Draws the parts over `range.pixels` columns. */
export function drawFar(view: SeriesView, parts: readonly Part[], range: ReadRange, into: Drawing): void {
  const exact = axisView(view, range.axis, 0);
  const filled = parts.filter((part) => part.from < part.to);
  const from = range.from ?? Math.min(...filled.map((part) => exact.x(part.from)));
  const to = range.to ?? Math.max(...filled.map((part) => exact.x(part.to - 1)));
  const columns = { from, to, pixels: range.pixels };
  const axis = axisView(view, range.axis, (to - from) / range.pixels / SLACK);
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
  view: SeriesView, part: Part, axis: AxisView, columns: Columns, breaks: readonly number[], into: Drawing,
): void {
  const found: Extremes = { min: 0, max: 0, minAt: -1, maxAt: -1 };
  let nextBreak = 0;
  // Where x is regular each column holds as many points as the one before, or one more or less.
  let span = 0;
  let column = -1;
  for (let start = part.from; start < part.to; ) {
    const x = axis.x(start);
    let edge = edgeOf((column += 1), columns);
    // Mostly the next column; after a pause in the log a later one.
    if (column === 0 || x >= edge) edge = edgeOf((column = columnOf(x, columns)), columns);
    const end = edge === Infinity ? part.to : Math.max(start + 1, axis.search(edge, start, part.to, false, start + span));
    span = end - start;
    findExtremes(view, start, end, found);
    let broken = found.minAt < 0 ? start : -1;
    if (nextBreak < breaks.length && breaks[nextBreak]! < end) {
      broken = breaks[nextBreak]!;
      while (nextBreak < breaks.length && breaks[nextBreak]! < end) nextBreak += 1;
    }
    drawColumn(axis, found, broken, into);
    start = end;
  }
}

/** Draws the extremes of a column and the break in it (-1: none), in order. */
function drawColumn(axis: AxisView, { min, max, minAt, maxAt }: Extremes, broken: number, into: Drawing): void {
  const [first, second] = minAt < maxAt ? [minAt, maxAt] : [maxAt, minAt];
  const [firstY, secondY] = minAt < maxAt ? [min, max] : [max, min];
  if (broken >= 0 && broken < first) draw(into, axis.x(broken), NaN);
  if (first >= 0) draw(into, axis.x(first), firstY);
  if (broken > first && broken < second) draw(into, axis.x(broken), NaN);
  if (second > first) draw(into, axis.x(second), secondY);
  if (broken > second || (broken >= 0 && first < 0)) draw(into, axis.x(broken), NaN);
}

function drawPlace(view: SeriesView, axis: AxisView, at: number, into: Drawing): void {
  draw(into, axis.x(at), valueAt(view, at));
}

function valueAt(view: SeriesView, at: number): number {
  if (at >= view.tailStart) return view.tail.value[at - view.tailStart]!;
  return view.values(Math.floor(at / CHUNK))[at % CHUNK]!;
}

/** Where values are not finite, at most `most` places; the first of them are listed in the drawing. */
function nonFinitePlaces(view: SeriesView, part: Part, most: number, axis: AxisView, into: Drawing): number[] {
  const places: number[] = [];
  const look = (values: Values, origin: number) => {
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
    if (view.index.nonFinite[chunk]! > 0) look(view.values(chunk), chunk * CHUNK);
  }
  if (part.to > view.tailStart) look(view.tail.value.subarray(0, view.tail.length), view.tailStart);
  return places;
}
