/** A spec as uPlot options. */
import type uPlot from 'uplot';
import { tick } from '../format/numbers.ts';
import { drawAbove, drawBelow } from './overlays.ts';
import { colour } from './palette.ts';
import { linePath } from './path.ts';
import { yRange } from './ranges.ts';
import { drawSigns } from './signs.ts';
import type { Line, Spec, Viewport } from './spec.ts';
import { logPlaces, mostLabels, places, stepFor, xLabel } from './ticks.ts';

/** Width of the y labels: equal on all charts, so that their x axes lie under each other. */
export const GUTTER = 48;
/** Room for half a label of the x axis at its end. */
const RIGHT = 18;
/** The same of a chart without axes, for the width of its line. */
const BARE_RIGHT = 3;
const FOOT = 24;
const FONT = '11px "Inter Latin", "Inter Variable", system-ui, sans-serif';

const LOOKS = ['colour', 'width', 'dots', 'opacity', 'fill', 'ghost'] as const satisfies (keyof Line)[];

/** False if specs differ in what cannot be changed on a living chart, so that a new one has to be made. */
export function haveSameStructure(a: Spec, b: Spec): boolean {
  if (a.lines.length !== b.lines.length || (a.log ?? false) !== (b.log ?? false) || a.axes !== b.axes) return false;
  return a.lines.every((line, at) => {
    const other = b.lines[at] as Line;
    return LOOKS.every((look) => line[look] === other[look]) && String(line.dash) === String(other.dash);
  });
}

export interface Hooks {
  drawn(u: uPlot): void;
  /** uPlot's cursor moved. */
  moved(u: uPlot): void;
}

/** Width of the plot in device pixels, on a chart of so many CSS pixels. */
export function plotWidth(width: number, axes: Spec['axes'], ratio: number): number {
  const inner = width - (axes === 'none' ? BARE_RIGHT : GUTTER + RIGHT);
  // uPlot takes half pixels.
  return Math.max(0, Math.round(inner * ratio * 2) / 2);
}

/** Options for a new chart. `now` gives the spec of the moment, so that ranges and overlays follow it without a new chart. */
export function optionsFor(size: { width: number; height: number }, now: () => Spec, viewport: Viewport, hooks: Hooks): uPlot.Options {
  const spec = now();
  const log = spec.log ?? false;
  return {
    ...size,
    ms: 1,
    padding: spec.axes === 'none' ? [4, BARE_RIGHT, 4, 0] : [8, RIGHT, spec.axes === 'y' ? 8 : 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [now().range.from, now().range.to] },
      y: {
        distr: log ? 3 : 1,
        range: (_u, min, max) => [...(now().y ?? yRange(min, max, log, now().include))] as [number, number],
      },
    },
    axes: [xAxis(spec, now), yAxis(spec, now, log)],
    series: [{}, ...spec.lines.map((line, at) => seriesFor(line, () => now().lines[at]))],
    cursor: cursorFor(viewport),
    hooks: {
      drawAxes: [(u) => drawBelow(u, now())],
      draw: [(u) => drawSigns(u, now()), (u) => drawAbove(u, now()), hooks.drawn],
      setSelect: [(u) => selected(u, viewport)],
      setCursor: [hooks.moved],
    },
  };
}

/** `now` gives the line of the moment, which differs from `line` in nothing but its points. */
function seriesFor(line: Line, now: () => Line | undefined): uPlot.Series {
  const series: uPlot.Series = {
    scale: 'y',
    paths: linePath(now),
    stroke: (u) => colour(line.colour, layerOpacity(line, layersOf(u, now() ?? line))),
    width: line.width,
    // On whole pixels a thin line is rastered three times faster, and as sharp; a wide one would show the steps.
    pxAlign: line.width > 1 ? 0 : 1,
    points: line.dots
      ? { show: (u, i, from, to) => hasFewer(u, i, { from, to }, u.bbox.width / (6 * devicePixelRatio)), ...DOT(line) }
      : { show: (u, i, from, to) => hasFewer(u, i, { from, to }, 2), ...DOT(line) },
  };
  if (line.dash) series.dash = [...line.dash];
  if (line.fill !== undefined) {
    const fill = line.fill;
    series.fill = () => colour(line.colour, fill);
  }
  return series;
}

/** More layers than this are not told apart. */
const MOST_LAYERS = 8;

/**
 * Opacity of one of so many layers that are together as opaque as the line shall be. Chromium draws a line of up to one device pixel piece by
 * piece: where they lie over each other, as those of a dense line do in each pixel column, a faint line would not be faint.
 */
function layerOpacity({ opacity = 1, width }: Line, layers: number): number {
  return width * devicePixelRatio > 1 ? opacity : 1 - (1 - opacity) ** (1 / layers);
}

/** Pairs of pieces of a line in a pixel column, on average: a single spike, which goes up and down, is as opaque as without. At least one. */
function layersOf(u: uPlot, { x }: Line): number {
  const { min = 0, max = 1 } = u.scales['x'] ?? {};
  const extent = (x[x.length - 1] ?? 0) - (x[0] ?? 0);
  const columns = (u.bbox.width * extent) / ((max ?? 1) - (min ?? 0));
  return columns > 0 ? Math.max(1, Math.min(MOST_LAYERS, Math.round(x.length / columns / 2))) : 1;
}

const DOT = (line: Line) => ({ size: 4.5, width: 0, fill: () => colour(line.colour) });

/** Whether a column has values in sight, and fewer than `limit`. A single one would not be seen without its dot. */
function hasFewer(u: uPlot, column: number, { from, to }: { from: number; to: number }, limit: number): boolean {
  const data = u.data[column] ?? [];
  let found = 0;
  for (let i = from; i <= to && found < limit; i++) if (data[i] != null) found++;
  return found > 0 && found < limit;
}

function xAxis(spec: Spec, now: () => Spec): uPlot.Axis {
  const most = (u: uPlot) => Math.max(2, Math.floor(u.bbox.width / devicePixelRatio / 84));
  return {
    show: spec.axes !== 'none',
    size: spec.axes === 'both' ? FOOT : 0,
    font: FONT,
    stroke: () => colour('ink-2'),
    gap: 6,
    ticks: { show: false },
    grid: { show: false },
    splits: (u, _axis, min, max) => places(min, max, most(u), now().axis),
    values: (u, splits) => {
      if (now().axes !== 'both') return splits.map(() => '');
      const { from, to } = now().range;
      const step = stepFor(to - from, most(u), now().axis);
      return splits.map((at) => xLabel(at, now().axis, step));
    },
  };
}

function yAxis(spec: Spec, now: () => Spec, log: boolean): uPlot.Axis {
  const most = (u: uPlot) => now().yLabels ?? mostLabels(u.bbox.height / devicePixelRatio);
  return {
    show: spec.axes !== 'none',
    size: GUTTER,
    font: FONT,
    stroke: () => colour('ink-2'),
    gap: 8,
    ticks: { show: false },
    grid: { stroke: () => colour('grid'), width: 1 },
    splits: (u, _axis, min, max) => (log ? logPlaces(min, max, most(u)) : places(min, max, most(u), 'y')),
    filter: (_u, splits) => splits,
    values: (_u, splits) => splits.map((at) => (at === null ? '' : (now().formatY ?? tick)(at))),
  };
}

function cursorFor(viewport: Viewport): uPlot.Cursor {
  return {
    y: false,
    points: { show: false },
    drag: { x: true, y: false, setScale: false, dist: 4 },
    bind: {
      dblclick: () => () => {
        viewport.setZoom(null);
        return null;
      },
    },
  };
}

function selected(u: uPlot, viewport: Viewport): void {
  if (u.select.width < 3) return;
  const range = { from: u.posToVal(u.select.left, 'x'), to: u.posToVal(u.select.left + u.select.width, 'x') };
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  viewport.setZoom(range);
}
