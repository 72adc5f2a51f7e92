/** Fetching of curves: what the charts in sight wish for and do not have yet, in as few requests as there are widths. */
import type { Axis, Bridge, CurveView, SeriesView } from '../../preload/contract.ts';
import { ascending } from '../charts/columns.ts';
import { union, type Range } from '../charts/ranges.ts';
import { ask } from './ask.ts';

/** What one chart needs. */
export interface Wish {
  chart: string;
  series: readonly string[];
  /** Width of its plot in device pixels: the service tells what each of these columns shows. */
  pixels: number;
}

/** What a curve was asked for with: as long as the run does not grow, it need not be asked for again. */
interface Asked {
  pixels: number;
  /** Every point came: they do for a narrower chart too. */
  exact: boolean;
  draft: boolean;
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
  /** The run grows: the service may save itself what is seen only in a picture that stays. */
  draft: boolean;
}

/** As many as the contract takes in one request. */
const MOST_SERIES = 200;
/** The contract takes a little more: columns beyond the edges. */
const MOST_PIXELS = 16_000;

/** Series that are asked for together, at one width. */
interface Group {
  pixels: number;
  series: readonly string[];
}

/** Asks for the curves of an order that are not known; gives what is known as it is where there are none. @throws Refused where it is refused. */
export async function fetchCurves(bridge: Bridge, order: Order): Promise<Drawn> {
  const { run, axis, zoom, growth, draft, known } = order;
  const groups = byWidth(order.wishes).flatMap(([pixels, series]) => inParts(series.filter((key) => !isFresh(known?.asked.get(key), pixels, order))).map((part): Group => ({ pixels, series: part })));
  if (groups.length === 0 && known) return known;
  const curves = new Map(known?.curves);
  for (const curve of await answersOf(bridge, order, zoom, groups)) curves.set(curve.key, curve);
  const extent = extentOf(order.main, curves);
  if (!zoom && !draft) await alignCurves(bridge, order, extent, groups, curves);
  const asked = new Map(known?.asked);
  for (const { pixels, series } of groups) for (const key of series) asked.set(key, { pixels, zoom, growth, draft, exact: curves.get(key)?.exact ?? true });
  return { run, axis, curves, asked, extent };
}

/**
 * Without a zoom the service thins each series to columns from its own first to its own last point. Of series that begin or end elsewhere than
 * the axis those are not the columns of the chart: they are asked for once more, by what is shown of the axis.
 */
async function alignCurves(bridge: Bridge, order: Order, extent: Range, groups: readonly Group[], curves: Map<string, CurveView>): Promise<void> {
  const isAside = (key: string): boolean => {
    const curve = curves.get(key);
    return curve !== undefined && !curve.exact && (curve.x[0] !== extent.from || curve.x.at(-1) !== extent.to);
  };
  const aside = groups.map(({ pixels, series }): Group => ({ pixels, series: series.filter(isAside) })).filter(({ series }) => series.length > 0);
  for (const curve of await answersOf(bridge, order, extent, aside)) curves.set(curve.key, { ...curve, points: curves.get(curve.key)?.points ?? curve.points });
}

async function answersOf(bridge: Bridge, { run, axis, draft }: Order, zoom: Range | null, groups: readonly Group[]): Promise<CurveView[]> {
  const answers = await Promise.all(groups.map(({ pixels, series }) => ask(bridge, 'curves', { run, axis, series: [...series], ...placeOf(zoom, pixels), ...(draft ? { draft } : {}) })));
  return answers.flat().map((curve) => ({ ...curve, ...ascending(curve) }) as CurveView);
}

/** A thinned curve holds the columns of one width; one with every point does for narrower charts too. */
function isFresh(asked: Asked | undefined, pixels: number, { zoom, growth, draft }: Order): boolean {
  if (!asked || asked.growth !== growth) return false;
  if (asked.exact ? asked.pixels < pixels : asked.pixels !== pixels || (asked.draft && !draft)) return false;
  return asked.zoom === zoom || (asked.zoom !== null && zoom !== null && asked.zoom.from === zoom.from && asked.zoom.to === zoom.to);
}

function inParts(series: string[]): string[][] {
  return Array.from({ length: Math.ceil(series.length / MOST_SERIES) }, (_, i) => series.slice(i * MOST_SERIES, (i + 1) * MOST_SERIES));
}

/**
 * What to ask for so that the service's columns are those of a chart of `pixels` on which `zoom` is shown, and whole columns more beyond both
 * edges, so that lines run out of the picture instead of ending in it.
 */
function placeOf(zoom: Range | null, pixels: number): { pixels: number; from?: number; to?: number } {
  if (!zoom) return { pixels };
  if (!Number.isFinite(zoom.to)) return { pixels, from: zoom.from };
  const more = Math.ceil(pixels * 0.05);
  const beyond = (more * (zoom.to - zoom.from)) / pixels;
  return { pixels: pixels + 2 * more, from: zoom.from - beyond, to: zoom.to + beyond };
}

/** Series by the width of their charts; each series once, at its greatest width. */
export function byWidth(wishes: readonly Wish[]): [number, string[]][] {
  const widths = new Map<string, number>();
  for (const wish of wishes) {
    const pixels = Math.max(64, Math.min(MOST_PIXELS, wish.pixels));
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
