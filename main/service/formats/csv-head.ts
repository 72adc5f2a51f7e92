import { splitLine } from './csv-cells.ts';
import { decode, looksLikeText } from './lines.ts';
import { numberOf, numberOfCell } from './numbers.ts';

/** What the first lines of a file say about it as a table. */
export interface CsvHead {
  separator: string;
  names: string[];
  /** The first rows below the header, as texts; none in a file that has only just begun. */
  rows: string[][];
}

const SEPARATORS = [',', '\t', ';'];
const RARE_SEPARATORS = ['|', ' '];
const WORD = /^[A-Za-z_][\w./-]*$/;
const SAMPLE = 5;
const known = new WeakMap<Uint8Array, CsvHead | null>();

/** Header and first rows of a table, or null if these bytes are no table with a header. Remembered per buffer: every CSV format asks. */
export function headOf(head: Uint8Array): CsvHead | null {
  const before = known.get(head);
  if (before !== undefined) return before;
  const found = sniff(head);
  known.set(head, found);
  return found;
}

function sniff(head: Uint8Array): CsvHead | null {
  if (!looksLikeText(head)) return null;
  const lines = firstLines(head);
  const first = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#{'));
  if (first < 0) return null;
  const header = (lines[first] as string).replace(/^\ufeff/, '');
  const separator = bestSeparator(header);
  if (separator === null) return null;
  const names = splitLine(header, separator);
  // A header has no numeric cell (formats reference 4.2); text in quotes or braces is prose or JSON.
  if (names.length < 2 || names.some((name) => typeof numberOf(name) === 'number' || /[{}<>]/.test(name))) return null;
  if (names.filter((name) => name.length > 200).length > 0) return null;
  const rows = lines
    .slice(first + 1, first + 1 + SAMPLE)
    .filter((line) => line.trim() !== '')
    .map((line) => splitLine(line, separator));
  return { separator, names, rows };
}

/** Complete lines only; of a header wider than the head, the cells that are there. */
function firstLines(head: Uint8Array): string[] {
  const text = decode(head, 0, Math.min(head.length, 64 * 1024));
  const lines = text.split('\n', SAMPLE + 4).map((line) => line.replace(/\r$/, ''));
  if (lines.length < SAMPLE + 4 && lines.length > 1) lines.pop();
  return lines;
}

/** The separator that cuts the header into most cells; a bar or single blanks only where no other does and the names are words. */
export function bestSeparator(header: string): string | null {
  let best: string | null = null;
  let most = 1;
  for (const separator of SEPARATORS) {
    const cells = header.split(separator).length;
    if (cells > most) {
      most = cells;
      best = separator;
    }
  }
  return best ?? RARE_SEPARATORS.find((separator) => header.split(separator).length > 1 && header.split(separator).every((name) => WORD.test(name))) ?? null;
}

/** True if the rows seen so far have numbers in column `at` wherever they have anything; true as well while there are no rows. */
export function isNumericColumn(head: CsvHead, at: number): boolean {
  return head.rows.every((row) => numberOfCell(row[at] ?? '', head.separator) !== undefined);
}
