/** Lines of several runs on one chart: colour is the run, with a sign where colours come again; line style is the split. */
import type { Compared } from '../state/compared.svelte.ts';
import { axesAvailable, axesOf } from '../state/axes.ts';
import { gapPlaces } from '../state/findings.ts';
import { gap } from '../format/numbers.ts';
import { words } from '../messages/run.ts';
import { runLook } from './palette.ts';
import { endOf, isDense, smoothedLine, type NamedLine, type SeriesLines } from './lines.ts';
import type { Line } from './spec.ts';

const DASHES = { train: undefined, val: [5, 3], test: [1.5, 3] } as const;

/** The compared metric of every run; `width` is the smoothing kernel's, in units of the axis. */
export function comparedLines(compared: Compared, width: number): SeriesLines {
  const measured: NamedLine[] = [];
  compared.runs.forEach((run, i) => {
    if (run.drawn?.axis !== compared.axis || !axesAvailable(run.detail).includes(compared.axis)) return;
    for (const series of compared.seriesOf(run.detail)) {
      const curve = run.drawn.curves.get(series.key);
      if (!curve) continue;
      const split = series.split ?? 'train';
      const line: NamedLine = {
        key: `${run.key} ${series.key}`,
        name: `${split}${i}`,
        label: series.split ? `${run.detail.row.name} ${words.charts[series.split]}` : run.detail.row.name,
        ...runLook(i),
        width: 1.5,
        x: curve.x,
        y: curve.y,
        thinned: !curve.exact,
        ...endOf(curve),
      };
      const dash = DASHES[split];
      if (dash) line.dash = dash;
      measured.push(line);
    }
  });
  const lines = measured.map((line) => (width > 0 && isDense(line, line.dash !== undefined) ? smoothedLine(line, width) : line));
  return { lines, measured };
}

/** Of the others, where one run is pointed at. */
const FAINT = 0.15;

/** The lines of one run in front of the others, which fade; all alike where there is none. */
export function inFront(lines: readonly Line[], run: string | null): Line[] {
  const isOf = ({ key }: Line) => key === run || key.startsWith(`${run} `);
  if (run === null || !lines.some(isOf)) return [...lines];
  return [...lines.filter((line) => !isOf(line)).map((line) => ({ ...line, opacity: FAINT })), ...lines.filter(isOf)];
}

/** The gap of every run that has one. */
export function comparedGaps(compared: Compared): NamedLine[] {
  return compared.runs.flatMap((run, i) => {
    const { d } = run.detail.diagnosis.gap.curve;
    const x = gapPlaces(run.detail, axesOf(run.detail), compared.axis);
    const known = d.map((_, place) => place).filter((place) => Number.isFinite(x[place]));
    if (known.length === 0) return [];
    const line: NamedLine = {
      key: run.key,
      name: `gap${i}`,
      label: run.detail.row.name,
      ...runLook(i),
      width: 1.5,
      format: gap,
      x: known.map((place) => x[place] as number),
      y: known.map((place) => d[place] as number),
    };
    return [line];
  });
}
