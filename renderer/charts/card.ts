/** Lines of a small card, on which series of one kind may stand together. */
import type { SeriesView } from '../../preload/contract.ts';
import { THIN, seriesOfLine, type SeriesLines } from './lines.ts';
import { runLook } from './palette.ts';

/** Whether several series are of one kind, so that colours of kinds do not tell them apart. */
export function areAlike(series: readonly SeriesView[]): boolean {
  const kinds = series.map((one) => (one.probe ? 'probe' : one.split));
  return new Set(kinds).size < kinds.length;
}

/** The same lines with a colour for each series, all of one weight and named as logged; the line style still says the split. */
export function toldApart({ lines, measured }: SeriesLines, series: readonly SeriesView[]): SeriesLines {
  const looks = new Map(series.map((one, i) => [one.key, { ...runLook(i), width: THIN }]));
  const names = new Map(series.map((one) => [one.key, one.name]));
  const told = <L extends SeriesLines['lines'][number]>({ opacity, ...line }: L) => {
    const own = { ...line, ...looks.get(seriesOfLine(line.key)) };
    return line.ghost && opacity !== undefined ? { ...own, opacity, sign: undefined } : own;
  };
  return { lines: lines.map(told), measured: measured.map((line) => ({ ...told(line), label: names.get(line.key) ?? line.label })) };
}
