/** The path of a line on the canvas: every point it has, from one to the next, broken where a value is missing. */
import uPlot from 'uplot';
import type { Line } from './spec.ts';

/** uPlot's flag for a fill that is clipped to the plot. */
const FILL = 1;
/** So many device pixels beyond the edges the ends of lines still reach into the picture. */
const REACH = 8;

/**
 * Draws the line of the moment. A thinned line holds what each pixel column of all its points shows, so its places are rounded to whole pixels:
 * then it looks as if all of them had been drawn. uPlot's own path would thin long lines once more, by other columns.
 */
export function linePath(now: () => Line | undefined): uPlot.Series.PathBuilder {
  return (u, index, from, to) =>
    uPlot.orient(u, index, (series, xs, ys, scaleX, scaleY, toX, toY, left, top, width, height) => {
      const line = now();
      const { min = 0, max = 1 } = scaleY;
      const isLog = scaleY.distr === 3;
      const place: Place = {
        from: scaleX.min ?? 0,
        left,
        across: width / ((scaleX.max ?? 1) - (scaleX.min ?? 0)),
        low: isLog ? Math.log(min) : min,
        bottom: top + height,
        up: height / (isLog ? Math.log(max / min) : max - min),
        isLog,
        wholeX: series.pxAlign === 1 || (line?.thinned ?? false),
        wholeY: series.pxAlign === 1,
      };
      let first = from;
      let last = to;
      while (first > 0 && toX(xs[first] as number, scaleX, width, left) > left - REACH) first--;
      while (last < xs.length - 1 && toX(xs[last] as number, scaleX, width, left) < left + width + REACH) last++;
      const stroke = trace(xs, ys, first, last, place, null);
      const fill = line?.fill === undefined ? null : trace(xs, ys, first, last, place, toY(Math.max(min, Math.min(max, 0)), scaleY, height, top));
      return { stroke, fill, clip: null, band: null, gaps: [], flags: FILL };
    }) as uPlot.Series.Paths;
}

/** Where values lie on the canvas. */
interface Place {
  from: number;
  left: number;
  across: number;
  low: number;
  bottom: number;
  up: number;
  isLog: boolean;
  wholeX: boolean;
  wholeY: boolean;
}

type Column = ArrayLike<number | null | undefined>;

/** The lines between breaks; with a floor the areas between them and it. Not a closure: its loop is compiled once for all lines. */
function trace(xs: ArrayLike<number>, ys: Column, first: number, last: number, place: Place, floor: number | null): Path2D {
  const { from, left, across, low, bottom, up, isLog, wholeX, wholeY } = place;
  const path = new Path2D();
  let begun = NaN;
  let x = 0;
  for (let i = first; i <= last; i++) {
    const value = ys[i];
    if (value === undefined) continue;
    if (value === null) {
      if (begun === begun) close(path, begun, x, floor);
      begun = NaN;
      continue;
    }
    x = left + ((xs[i] as number) - from) * across;
    if (wholeX) x = Math.floor(x + 0.5);
    let y = bottom - ((isLog ? Math.log(value) : value) - low) * up;
    if (wholeY) y = Math.floor(y + 0.5);
    if (begun === begun) path.lineTo(x, y);
    else {
      begun = x;
      path.moveTo(x, y);
    }
  }
  if (begun === begun) close(path, begun, x, floor);
  return path;
}

/** Leads an area down from where its line ends, and back to below where it began. */
function close(path: Path2D, begun: number, x: number, floor: number | null): void {
  if (floor === null) return;
  path.lineTo(x, floor);
  path.lineTo(begun, floor);
  path.closePath();
}
