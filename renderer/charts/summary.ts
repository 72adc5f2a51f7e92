/** A chart in one sentence, for those who do not see it. */
import { value } from '../format/numbers.ts';
import { lastFinite, type Curve } from './columns.ts';
import type { Line, Spec } from './spec.ts';
import { xWords } from './ticks.ts';

type Named = Curve & Pick<Line, 'end' | 'format'> & { label: string };

/** What the lines did from the first to the last point in sight: "Loss: train fell from 43.1 to 8.41 ...; 2 marks: ...". */
export function summary(title: string, lines: readonly Named[], spec: Spec): string {
  const parts = lines.flatMap((line) => course(line) ?? []);
  if (parts.length === 0) return `${title}: no points.`;
  const marks = (spec.verticals ?? []).map((mark) => `${mark.label} at ${xWords(mark.x, spec.axis)}`);
  const range = `from ${xWords(spec.range.from, spec.axis)} to ${xWords(spec.range.to, spec.axis)}`;
  return `${title} ${range}: ${parts.join('; ')}.${marks.length > 0 ? ` Marked: ${marks.join('; ')}.` : ''}`;
}

function course(line: Named): string | null {
  const finite = finiteCourse(line);
  return finite !== null && line.end !== undefined ? `${finite}, then ${(line.format ?? value)(line.end)}` : finite;
}

function finiteCourse(line: Named): string | null {
  const last = lastFinite(line);
  if (!last) return line.end === undefined ? null : `${line.label} is ${(line.format ?? value)(line.end)}`;
  let first = NaN;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < line.y.length; i++) {
    const y = line.y[i] as number;
    if (!Number.isFinite(y)) continue;
    if (Number.isNaN(first)) first = y;
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  const write = line.format ?? value;
  const verb = last.y < first ? 'fell' : last.y > first ? 'rose' : 'stayed';
  if (verb === 'stayed') return `${line.label} stayed at ${write(last.y)}`;
  return `${line.label} ${verb} from ${write(first)} to ${write(last.y)}, lowest ${write(low)}, highest ${write(high)}`;
}
