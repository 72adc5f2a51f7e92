/**
 * Runs in an empty page of the window's Chromium: draws a series with our chart, from curves that the service thinned, and with every point
 * on a canvas of the same size, scales and line style, and compares the pixels column by column. Built by stage.ts. No tolerance is needed: a
 * pixel with any ink at all counts, as places are rounded to whole pixels in both (charts/path.ts), so that lines between the same places
 * are smoothed alike.
 */
import type { Bridge, Requests, Results, SeriesView } from '../../../preload/contract.ts';
import { linesOf } from '../../../renderer/charts/lines.ts';
import { plot } from '../../../renderer/charts/plot.svelte.ts';
import { yRange, type Range } from '../../../renderer/charts/ranges.ts';
import type { Line, Spec, Viewport } from '../../../renderer/charts/spec.ts';
import { fetchCurves } from '../../../renderer/state/curves.ts';
import { afterFrame } from '../../../renderer/state/frames.ts';
import { spikyValues } from './spiky.ts';

export interface Picture {
  run: string;
  series: SeriesView;
  /** Of the points in the log: steps 0, 1, 2 ... */
  count: number;
  seed: number;
  /** null: everything. */
  zoom: Range | null;
  /** The style of a second line: one pixel wide. */
  thin?: boolean;
  width: number;
  height: number;
  /** Another thinning to draw the same way: x and y of its points. */
  sample?: [number, number][];
}

export interface Compared {
  /** Pixel columns in which the full drawing has ink. */
  columns: number;
  /** The columns whose topmost or bottommost inked pixel is another one in our chart, and in the drawing of the sample. */
  differing: number[];
  ofSample: number[];
  /** Points that our chart drew. */
  drawn: number;
}

type Asked = Window & { askService(order: Requests['curves'][0]): Promise<unknown> };

/** Every colour but this one would be transparent: what has ink is the line. */
const INK = 'rgb(0, 0, 0)';
/** As the chart lies in its box (charts/options.ts). */
const PLOT = { left: 48, right: 18, top: 8, bottom: 24 };

const bridge = {
  async request(_channel: 'curves', order: Requests['curves'][0]) {
    const curves = (await (window as unknown as Asked).askService(order)) as Results['curves'];
    return { ok: true, value: curves.map((curve) => ({ ...curve, x: Float64Array.from(curve.x), y: Float64Array.from(curve.y, (y) => y ?? NaN) })) };
  },
} as unknown as Bridge;

Object.assign(window, {
  async compareDrawings(picture: Picture): Promise<Compared> {
    const values = spikyValues(picture.count, picture.seed);
    const range = picture.zoom ?? { from: 0, to: picture.count - 1 };
    let [low, high] = [Infinity, -Infinity];
    for (let at = Math.ceil(range.from); at <= range.to; at += 1) {
      low = Math.min(low, values[at] as number);
      high = Math.max(high, values[at] as number);
    }
    const y = yRange(low, high, false);
    const { ink, line } = await ourInk(picture, y);
    const every = { x: Float64Array.from(values, (_, at) => at), y: Float64Array.from(values) };
    const full = fullInk(picture, every, line, range, y);
    const sample = { x: Float64Array.from(picture.sample ?? [], ([x]) => x), y: Float64Array.from(picture.sample ?? [], ([, value]) => value) };
    return {
      columns: Array.from({ length: full.width }, (_, column) => endsOf(full, column)).filter(([top]) => top >= 0).length,
      differing: difference(full, ink),
      ofSample: picture.sample ? difference(full, fullInk(picture, sample, line, range, y)) : [],
      drawn: line.x.length,
    };
  },
  /** How opaque a faint line, of so many points a pixel column up and down, is halfway up: the most and the mean of all columns, 0 to 1. */
  async inkOfFaint(opacity: number, perColumn: number): Promise<{ most: number; mean: number }> {
    const width = 300;
    const x = Float64Array.from({ length: width * perColumn }, (_, at) => at);
    const line: Line = { key: 'faint', name: 'faint', colour: 'train', width: 1, opacity, x, y: x.map((at) => (at % 2 === 0 ? 0.1 : 0.9)) };
    const range = { from: 0, to: x.length - 1 };
    const { data } = await inkOf({ lines: [line], axis: 'step', range, axes: 'both', y: [0, 1] }, range, { width: width + PLOT.left + PLOT.right, height: 132 });
    const columns = Array.from({ length: width }, (_, column) => (data[(50 * width + column) * 4 + 3] as number) / 255);
    return { most: Math.max(...columns), mean: columns.reduce((sum, one) => sum + one, 0) / width };
  },
});

/** The pixels of our chart, from the request for curves to the canvas. */
async function ourInk({ run, series, zoom, thin, width, height }: Picture, y: [number, number]): Promise<{ ink: ImageData; line: Line }> {
  const wishes = [{ chart: 'loss', series: [series.key], pixels: (width - PLOT.left - PLOT.right) * devicePixelRatio }];
  const { curves, extent } = await fetchCurves(bridge, { run, axis: 'step', zoom, wishes, known: null, main: [series], growth: 0, draft: false });
  const lines = linesOf([series], curves, { width: 0, shift: () => 0 }).lines.map((line) => (thin ? { ...line, width: 1 } : line));
  const spec: Spec = { lines, axis: 'step', range: zoom ?? extent, axes: 'both', y };
  return { ink: await inkOf(spec, extent, { width, height }), line: lines[0] as Line };
}

/** The pixels of a chart of ours, without the labels around it. */
async function inkOf(spec: Spec, whole: Range, { width, height }: Pick<Picture, 'width' | 'height'>): Promise<ImageData> {
  for (const name of ['train', 'ink-2']) document.documentElement.style.setProperty(`--${name}`, INK);
  document.documentElement.style.setProperty('--grid', 'transparent');
  const node = document.createElement('div');
  node.style.cssText = `width: ${width}px; height: ${height}px`;
  document.body.prepend(node);
  const viewport: Viewport = { range: spec.range, whole, cursor: null, setZoom: () => undefined, zoomBy: () => undefined, panBy: () => undefined };
  const stop = $effect.root(() => {
    $effect(() => plot(() => spec, viewport)(node) ?? undefined);
  });
  do await afterFrame();
  while (node.dataset['points'] === undefined);
  await afterFrame();
  const canvas = node.querySelector('canvas');
  if (!canvas) throw new Error('no canvas');
  const ink = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) as ImageData;
  stop();
  node.remove();
  return plotOf(ink);
}

/** Every point, one line from each to the next. */
function fullInk({ width, height }: Picture, points: { x: Float64Array; y: Float64Array }, line: Line, range: Range, y: [number, number]): ImageData {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * devicePixelRatio, height * devicePixelRatio];
  const context = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const inner = { width: (width - PLOT.left - PLOT.right) * devicePixelRatio, height: (height - PLOT.top - PLOT.bottom) * devicePixelRatio };
  const [left, top] = [PLOT.left * devicePixelRatio, PLOT.top * devicePixelRatio];
  context.lineWidth = line.width * devicePixelRatio;
  context.lineJoin = 'round';
  context.strokeStyle = INK;
  const isThin = line.width <= 1;
  if (isThin) context.translate((context.lineWidth % 2) / 2, (context.lineWidth % 2) / 2);
  const half = context.lineWidth / 2;
  context.beginPath();
  context.rect(left - half, top - half, inner.width + 2 * half, inner.height + 2 * half);
  context.clip();
  context.beginPath();
  const margin = (range.to - range.from) / 100;
  // What lies far outside cannot be seen, but for the neighbours to which the line runs out of the picture.
  const isOutside = (x: number | undefined): boolean => x === undefined || x < range.from - margin || x > range.to + margin;
  for (let at = 0; at < points.x.length; at += 1) {
    const x = points.x[at] as number;
    if (isOutside(x) && isOutside(points.x[at - 1]) && isOutside(points.x[at + 1])) continue;
    const across = left + inner.width * ((x - range.from) / (range.to - range.from));
    const down = top + inner.height * (1 - ((points.y[at] as number) - y[0]) / (y[1] - y[0]));
    context.lineTo(isThin || line.thinned ? Math.round(across) : across, isThin ? Math.round(down) : down);
  }
  context.stroke();
  return plotOf(context.getImageData(0, 0, canvas.width, canvas.height));
}

/** Without the labels around it. */
function plotOf({ data, width, height }: ImageData): ImageData {
  const [left, right, top, bottom] = [PLOT.left, PLOT.right, PLOT.top, PLOT.bottom].map((side) => side * devicePixelRatio) as [number, number, number, number];
  const inner = new ImageData(width - left - right, height - top - bottom);
  for (let row = 0; row < inner.height; row += 1) {
    const from = ((row + top) * width + left) * 4;
    inner.data.set(data.subarray(from, from + inner.width * 4), row * inner.width * 4);
  }
  return inner;
}

function difference(full: ImageData, other: ImageData): number[] {
  return Array.from({ length: full.width }, (_, column) => column).filter((column) => String(endsOf(full, column)) !== String(endsOf(other, column)));
}

/** The topmost and the bottommost row with ink, however little; -1 without. */
function endsOf({ data, width, height }: ImageData, column: number): [number, number] {
  let [top, bottom] = [-1, -1];
  for (let row = 0; row < height; row += 1) {
    if (data[(row * width + column) * 4 + 3] === 0) continue;
    if (top < 0) top = row;
    bottom = row;
  }
  return [top, bottom];
}
