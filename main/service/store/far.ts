/** Curves of very many points, from the pyramid: the least and the greatest point of each pixel column, and what joins them. */
import { type AxisView, axisView } from './axisView.ts';
import type { Part } from './curve.ts';
import { type Columns, type Drawing, beginSegment, columnOf, draw, edgeOf, listNonFinite } from './decimate.ts';
import { findExtremes } from './extremes.ts';
import type { Values } from './codec/value.ts';
import { CHUNK } from './layout.ts';
import { type Column, emptyColumn, link, readPlace } from './links.ts';
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
    drawPart(view, part, axis, { ...columns, isJoined: range.draft !== true }, breaks, into);
    if (after) drawPlace(view, exact, part.to, into);
  }
}

/** Two of them, in turn: a column is drawn when what joins it with the next one is known. */
let column = emptyColumn();
let next = emptyColumn();

function drawPart(view: SeriesView, part: Part, axis: AxisView, columns: Columns & { isJoined: boolean }, breaks: readonly number[], into: Drawing): void {
  let nextBreak = 0;
  // Where x is regular each column holds as many points as the one before, or one more or less.
  let span = 0;
  let number = -1;
  for (let start = part.from; start < part.to; ) {
    const x = axis.x(start);
    let edge = edgeOf((number += 1), columns);
    // Mostly the next column; after a pause in the log a later one.
    if (number === 0 || x >= edge) edge = edgeOf((number = columnOf(x, columns)), columns);
    const end = edge === Infinity ? part.to : Math.max(start + 1, axis.search(edge, start, part.to, false, start + span));
    span = end - start;
    next.start = start;
    next.end = end;
    findExtremes(view, start, end, next);
    next.broken = next.minAt < 0 ? start : -1;
    if (nextBreak < breaks.length && breaks[nextBreak]! < end) {
      next.broken = breaks[nextBreak]!;
      while (nextBreak < breaks.length && breaks[nextBreak]! < end) nextBreak += 1;
    }
    next.head.at = next.tail.at = -1;
    if (start === part.from) readPlace(view, start, next.head);
    else {
      if (columns.isJoined) link(view, column, next);
      drawColumn(axis, column, into);
    }
    [column, next] = [next, column];
    start = end;
  }
  if (part.from === part.to) return;
  readPlace(view, part.to - 1, column.tail);
  drawColumn(axis, column, into);
}

/** Draws where the line comes in, the extremes of the column and the break in it, and where the line leaves: each point once, in order. */
function drawColumn(axis: AxisView, { min, max, minAt, maxAt, broken, head, tail }: Column, into: Drawing): void {
  const isRising = minAt < maxAt;
  const [first, second] = isRising ? [minAt, maxAt] : [maxAt, minAt];
  const [firstY, secondY] = isRising ? [min, max] : [max, min];
  if (head.at >= 0 && head.at !== first) draw(into, axis.x(head.at), head.y);
  if (broken > head.at && broken < first) draw(into, axis.x(broken), NaN);
  if (first >= 0) draw(into, axis.x(first), firstY);
  if (broken > first && broken < second) draw(into, axis.x(broken), NaN);
  if (second > first) draw(into, axis.x(second), secondY);
  const isLast = broken !== tail.at && (broken > second || (broken >= 0 && first < 0));
  if (isLast && broken > head.at) draw(into, axis.x(broken), NaN);
  if (tail.at > second && tail.at > head.at) draw(into, axis.x(tail.at), tail.y);
}

function drawPlace(view: SeriesView, axis: AxisView, at: number, into: Drawing): void {
  draw(into, axis.x(at), view.value(at));
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
