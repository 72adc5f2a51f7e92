/**
 * A view of a series for drawing. Near views and unordered axes read the points themselves (near.ts); a view of very many points
 * goes over the pyramid (far.ts).
 */
import { hasAxis, isOrdered, axisView } from './axisView.ts';
import { type Drawing, emptyDrawing } from './decimate.ts';
import { drawFar } from './far.ts';
import { drawNear, nearParts, unorderedParts } from './near.ts';
import type { SeriesView } from './seriesView.ts';
import type { Curve, ReadRange } from './store.ts';

/** Up to this many points a pixel every point is drawn. */
const FEW = 4;
/** Up to this many points a pixel are looked at one by one; beyond, the pyramid costs less. */
const NEAR = 16;
/** More places of NaN and infinities are not listed. */
const MOST_LISTED = 1000;

/** A segment's points in the range: indexes, the end not included, and where the segment itself begins and ends. */
export interface Part {
  from: number;
  to: number;
  start: number;
  end: number;
}

/** Draws a series over a range. Up to `near` points are looked at one by one. */
export function drawCurve(view: SeriesView, range: ReadRange, near?: number): Curve {
  const pixels = Math.max(1, range.pixels || 1);
  const drawing = emptyDrawing(MOST_LISTED);
  if (!hasAxis(view, range.axis)) return finished(drawing, true, 0);
  if (!isOrdered(view, range.axis)) {
    const parts = unorderedParts(view, range);
    const count = parts.reduce((sum, part) => sum + part.to - part.from, 0);
    drawNear(parts, { ...range, pixels }, count <= FEW * pixels, drawing);
    return finished(drawing, count <= FEW * pixels, count);
  }
  const parts = orderedParts(view, range);
  const count = parts.reduce((sum, part) => sum + part.to - part.from, 0);
  const exact = count <= FEW * pixels;
  if (exact || count <= (near ?? NEAR * pixels)) drawNear(nearParts(view, parts, range), { ...range, pixels }, exact, drawing);
  else drawFar(view, parts, { ...range, pixels }, drawing);
  return finished(drawing, exact, count);
}

/** The points of each segment that lie in the range. */
function orderedParts(view: SeriesView, range: ReadRange): Part[] {
  const { segments, count } = view.summary;
  const axis = axisView(view, range.axis, 0);
  return segments.map((start, s) => {
    const end = segments[s + 1] ?? count;
    const from = range.from === undefined ? start : axis.search(range.from, start, end);
    const to = range.to === undefined ? end : axis.search(range.to, from, end, true);
    return { from, to, start, end };
  });
}

function finished(drawing: Drawing, exact: boolean, points: number): Curve {
  return {
    x: drawing.x.slice(0, drawing.length),
    y: drawing.y.slice(0, drawing.length),
    segments: drawing.segments,
    exact,
    points,
    nonFinite: drawing.nonFinite,
  };
}
