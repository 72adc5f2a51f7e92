/** Series of a run as lines of a chart: colour says the run or the split, line style says the split. */
import type { CurveView, SeriesView } from '../../preload/contract.ts';
import { words } from '../messages/run.ts';
import { lastFinite, type Curve } from './columns.ts';
import { smooth } from './smoothing.ts';
import type { Line, Mark } from './spec.ts';

export type NamedLine = Line & { label: string };

/** Above this many points a line is smoothed and its raw course drawn faintly behind. */
const DENSE = 80;
/** Single evals stay as measured, with their points marked, as long as these and the dashes between them can be told apart. */
const DENSE_EVALS = 400;
const WIDTH = 1.75;
/** Of all lines but the first of their kind. Up to one device pixel a line is rastered thirty times faster in software than any wider one. */
export const THIN = 1;
const DASH = [5, 3];
const DOTTED = [1.5, 3];

export interface Style {
  /** Kernel width in units of x; 0: as logged. */
  width: number;
  /** Moves the series to the left by this. */
  shift(series: SeriesView): number;
}

export interface SeriesLines {
  /** What is drawn: ghosts first, so that they lie behind. */
  lines: Line[];
  /** The same without smoothing, named as the user reads it. */
  measured: NamedLine[];
}

/** The series that a line shows: its raw course and what a resume superseded belong to it. */
export function seriesOfLine(key: string): string {
  return key.replace(/ (?:raw|before \d+)$/, '');
}

/** Lines of a run's series on its own chart. Series without a curve yet are left out. */
export function linesOf(series: readonly SeriesView[], curves: ReadonlyMap<string, CurveView>, style: Style): SeriesLines {
  const ghosts: Line[] = [];
  const lines: Line[] = [];
  const measured: NamedLine[] = [];
  const seen = new Map<string, number>();
  for (const one of series) {
    const curve = curves.get(one.key);
    if (!curve) continue;
    const kind = one.probe ? 'probe' : (one.split ?? 'value');
    const order = seen.get(kind) ?? 0;
    seen.set(kind, order + 1);
    const line = lineOf(one, kind, order, { x: moved(curve.x, style.shift(one)), y: curve.y, thinned: !curve.exact, ...endOf(curve) });
    measured.push(line);
    (curve.superseded ?? []).forEach((before, at) => {
      ghosts.push({ ...line, key: `${line.key} before ${at}`, x: moved(before.x, style.shift(one)), y: before.y, width: THIN, opacity: 0.25, ghost: true });
    });
    if (style.width > 0 && isDense(line, kind === 'val' || kind === 'test')) {
      const { dash, dots: _, ...raw } = line;
      ghosts.push({ ...raw, key: `${line.key} raw`, width: THIN, opacity: 0.3, ghost: true });
      lines.push(smoothedLine({ ...raw, ...(dash && { dash }) }, style.width));
    } else lines.push(line);
  }
  return { lines: [...ghosts, ...lines.toReversed()], measured };
}

/** Whether a line, of evals or not, has so many points that its course is seen better when it is smoothed. */
export function isDense(line: Line, evals: boolean): boolean {
  return line.x.length > (evals ? DENSE_EVALS : DENSE);
}

/** The smoothed course of a line, kept as long as the line's points are the same: a growing run leaves most of its charts as they are. */
export function smoothedLine<L extends Line>(line: L, width: number): L {
  const held = kept.get(line.y);
  if (held && held.width === width && held.x === line.x) return { ...line, ...held.curve, thinned: false, points: line.x.length };
  const curve = smooth(line, width);
  kept.set(line.y, { width, x: line.x, curve });
  return { ...line, ...curve, thinned: false, points: line.x.length };
}

const kept = new WeakMap<ArrayLike<number>, { width: number; x: ArrayLike<number>; curve: Curve }>();

function lineOf(series: SeriesView, kind: 'train' | 'val' | 'test' | 'probe' | 'value', order: number, at: Curve & Pick<Line, 'end' | 'thinned'>): NamedLine {
  const colour = { train: 'train', val: 'validation', test: 'test', probe: 'info', value: 'train' }[kind];
  const label = order === 0 && kind !== 'value' ? words.charts[kind] : series.name;
  const line: NamedLine = { ...at, key: series.key, name: order === 0 ? kind : `${kind}${order}`, label, colour, width: order === 0 ? WIDTH : THIN };
  if (kind === 'val' || kind === 'test') Object.assign(line, { dash: kind === 'val' ? DASH : DOTTED, dots: true });
  if (kind === 'probe') line.dash = DOTTED;
  if (order > 0) line.opacity = 0.6;
  return line;
}

function moved(x: Float64Array, by: number): Float64Array {
  return by === 0 ? x : x.map((at) => at - by);
}

/** What a curve ends with, if that is not finite. Of a thinned one the last point may be known by its mark alone. */
export function endOf(curve: CurveView): Pick<Line, 'end'> {
  const last = lastFinite(curve);
  const mark = curve.nonFinite.at(-1);
  if (curve.y.length === 0 || (Number.isFinite(curve.y.at(-1)) && !(mark && last && mark.x > last.x))) return {};
  return { end: mark && !(last && mark.x < last.x) ? Number(mark.value) : NaN };
}

/** Marks on the axis where NaN or an infinity was logged. */
export function nonFiniteMarks(series: readonly SeriesView[], curves: ReadonlyMap<string, CurveView>): Mark[] {
  return series.flatMap((one) => {
    const colour = one.split === 'val' ? 'validation' : 'bad';
    const word = (value: string) => (value === 'NaN' ? 'NaN' : value === 'Infinity' ? 'Inf' : '−Inf');
    return (curves.get(one.key)?.nonFinite ?? []).map((place) => ({ x: place.x, word: word(place.value), colour }));
  });
}

/** How many values have no place on a log axis. */
export function notPositive(lines: readonly Line[]): number {
  let found = 0;
  for (const line of lines) {
    if (line.ghost) continue;
    for (let i = 0; i < line.y.length; i++) if ((line.y[i] as number) <= 0) found++;
  }
  return found;
}
