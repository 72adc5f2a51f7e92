/** Fetching of curves: what the charts in sight wish for and do not have yet, in as few requests as there are widths. */
import type { Axis, Bridge, CurveView, SeriesView } from '../../preload/contract.ts';
import { ascending } from '../charts/columns.ts';
import { union, type Range } from '../charts/ranges.ts';
import { ask } from './ask.ts';

/** What one chart needs. */
export interface Wish {
  chart: string;
  series: readonly string[];
  /** Width of its plotting area in device pixels. */
  pixels: number;
}

/** What a curve was asked for with: as long as the run does not grow, it need not be asked for again. */
interface Asked {
  pixels: number;
  zoom: Range | null;
  growth: number;
}

/** Curves of one run on one axis, replaced as a whole and never changed. */
export interface Drawn {
  run: string;
  axis: Axis;
  curves: ReadonlyMap<string, CurveView>;
  /** By series, also of those that have no curve. */
  asked: ReadonlyMap<string, Asked>;
  /** From the first to the last x of the run's main series. */
  extent: Range;
}

export interface Order {
  run: string;
  axis: Axis;
  /** null: everything; `to` may be Infinity: up to the newest point. */
  zoom: Range | null;
  wishes: readonly Wish[];
  /** What was drawn before on the same run and axis: kept for charts out of sight. */
  known: Drawn | null;
  main: readonly SeriesView[];
  /** Counts how often the run grew: curves of an earlier count are out of date. */
  growth: number;
}

/** As many as the contract takes in one request. */
const MOST_SERIES = 200;

/** Asks for the curves of an order that are not known; gives what is known as it is where there are none. @throws Refused where it is refused. */
export async function fetchCurves(bridge: Bridge, order: Order): Promise<Drawn> {
  const { run, axis, zoom, growth, known } = order;
  const parts = byWidth(order.wishes).flatMap(([pixels, series]) => inParts(series.filter((key) => !isFresh(known?.asked.get(key), pixels, order))).map((part) => request(order, pixels, part)));
  if (parts.length === 0 && known) return known;
  const answers = await Promise.all(parts.map((part) => ask(bridge, 'curves', part)));
  const curves = new Map(known?.curves);
  for (const curve of answers.flat()) curves.set(curve.key, { ...curve, ...ascending(curve) } as CurveView);
  const asked = new Map(known?.asked);
  for (const { pixels, series } of parts) for (const key of series) asked.set(key, { pixels, zoom, growth });
  return { run, axis, curves, asked, extent: extentOf(order.main, curves) };
}

function isFresh(asked: Asked | undefined, pixels: number, { zoom, growth }: Order): boolean {
  if (!asked || asked.growth !== growth || asked.pixels < pixels) return false;
  return asked.zoom === zoom || (asked.zoom !== null && zoom !== null && asked.zoom.from === zoom.from && asked.zoom.to === zoom.to);
}

function inParts(series: string[]): string[][] {
  return Array.from({ length: Math.ceil(series.length / MOST_SERIES) }, (_, i) => series.slice(i * MOST_SERIES, (i + 1) * MOST_SERIES));
}

function request(order: Order, pixels: number, series: string[]) {
  const base = { run: order.run, axis: order.axis, series, pixels };
  if (!order.zoom) return base;
  // A little beyond both edges, so that lines run out of the picture instead of ending in it.
  const margin = Number.isFinite(order.zoom.to) ? (order.zoom.to - order.zoom.from) * 0.05 : 0;
  const from = order.zoom.from - margin;
  return Number.isFinite(order.zoom.to) ? { ...base, from, to: order.zoom.to + margin } : { ...base, from };
}

/** Series by width, rounded up to 64 pixels so that charts of nearly equal width share a request; each series once, at its greatest width. */
export function byWidth(wishes: readonly Wish[]): [number, string[]][] {
  const widths = new Map<string, number>();
  for (const wish of wishes) {
    const pixels = Math.max(64, Math.min(20_000, Math.ceil(wish.pixels / 64) * 64));
    for (const series of wish.series) widths.set(series, Math.max(widths.get(series) ?? 0, pixels));
  }
  const groups = new Map<number, string[]>();
  for (const [series, pixels] of widths) {
    const group = groups.get(pixels);
    if (group) group.push(series);
    else groups.set(pixels, [series]);
  }
  return [...groups];
}

/** First to last x over the main series; 0 to 1 without points. */
function extentOf(main: readonly SeriesView[], curves: ReadonlyMap<string, CurveView>): Range {
  let extent: Range | null = null;
  const take = (curve: CurveView) => {
    if (curve.x.length > 0) extent = union(extent, { from: curve.x[0] as number, to: curve.x.at(-1) as number });
  };
  for (const series of main) {
    const curve = curves.get(series.key);
    if (curve) take(curve);
  }
  if (!extent) for (const curve of curves.values()) take(curve);
  return widened(extent ?? { from: 0, to: 1 });
}

function widened(range: Range): Range {
  return range.to > range.from ? range : { from: range.from - 0.5, to: range.to + 0.5 };
}
