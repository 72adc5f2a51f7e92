/** A single spike must not flatten the curve: far outliers are cut off at the edge of the picture and counted, never dropped. */
import type { Range } from './ranges.ts';
import type { Line, Mark } from './spec.ts';

export interface Cut {
  /** The y range that holds all but the outliers. */
  low: number;
  high: number;
  above: number;
  below: number;
  /** The farthest value that lies outside. */
  farthest: number;
  /** x of the outliers, for marks at the edge. */
  marks: Mark[];
}

/** An outlier is farther from the middle 96 % of the values in sight than this many times their spread. */
const FAR = 4;
const FEWEST = 50;

/** What to cut off of the lines in sight; null where nothing is far off. Linear axes only: a logarithmic one has room. */
export function outliers(lines: readonly Line[], range: Range): Cut | null {
  const values: number[] = [];
  each(lines, range, (_x, y) => values.push(y));
  if (values.length < FEWEST) return null;
  values.sort((a, b) => a - b);
  const low = values[Math.floor(values.length * 0.02)] as number;
  const high = values[Math.ceil(values.length * 0.98) - 1] as number;
  const room = FAR * (high - low);
  const top = high + room;
  const bottom = low - room;
  if (!(room > 0) || ((values.at(-1) as number) <= top && (values[0] as number) >= bottom)) return null;
  const kept = values.filter((y) => y >= bottom && y <= top);
  const cut: Cut = { low: kept[0] as number, high: kept.at(-1) as number, above: 0, below: 0, farthest: 0, marks: [] };
  each(lines, range, (x, y, line) => {
    if (y >= bottom && y <= top) return;
    if (y > top) cut.above++;
    else cut.below++;
    if (Math.abs(y) > Math.abs(cut.farthest)) cut.farthest = y;
    cut.marks.push({ x, word: '', colour: line.colour, edge: y > top ? 'top' : 'bottom' });
  });
  return cut;
}

function each(lines: readonly Line[], range: Range, take: (x: number, y: number, line: Line) => void): void {
  for (const line of lines) {
    for (let i = 0; i < line.x.length; i++) {
      const x = line.x[i] as number;
      const y = line.y[i] as number;
      if (x >= range.from && x <= range.to && Number.isFinite(y)) take(x, y, line);
    }
  }
}
