/** The value of a line that stands beside its name. */
import { value } from '../format/numbers.ts';
import { lastFinite, nearest } from './columns.ts';
import type { Line } from './spec.ts';

/** At the cursor, else the last one; as the line writes its values. */
export function valueAt(line: Line, cursor: number | null): string {
  const i = cursor === null ? -1 : nearest(line.x, cursor);
  const y = cursor === null ? (line.end ?? lastFinite(line)?.y) : line.y[i];
  return y === undefined ? '–' : (line.format ?? value)(y);
}
