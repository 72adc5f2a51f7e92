/** Every stored point of a run as text: JSON lines or CSV (check-json, RFC 4180). */
import type { Points } from './points.ts';
import { allPoints, type ReadPoints } from './runs/columns.ts';
import type { Run } from './runs/catalogue.ts';
import { jsonNumber } from './json.ts';

export const CSV_HEADER = 'run,series,split,step,epoch,time,value\r\n';

/** Lines of at most a few thousand points each, so that nobody holds a run in memory as text. */
export function* exportRun(run: Run, as: 'jsonl' | 'csv', read: ReadPoints): Generator<string> {
  for (const series of run.series) {
    const head = as === 'jsonl' ? `{"run":${JSON.stringify(run.folder)},"series":${JSON.stringify(series.name)},"split":${JSON.stringify(series.split)}` : [run.folder, series.name, series.split ?? ''].map(csvText).join(',');
    for (const points of allPoints(series, read)) yield* blocks(points, as === 'jsonl' ? (i) => `${head}${jsonLine(points, i)}` : (i) => `${head}${csvLine(points, i)}`);
  }
}

const BLOCK = 2048;

function* blocks(points: Points, line: (index: number) => string): Generator<string> {
  for (let from = 0; from < points.length; from += BLOCK) {
    let text = '';
    for (let i = from; i < Math.min(points.length, from + BLOCK); i += 1) text += line(i);
    yield text;
  }
}

function jsonLine({ step, epoch, time, value }: Points, i: number): string {
  const axis = (column: Float64Array): number | null => (Number.isNaN(column[i] ?? NaN) ? null : (column[i] ?? null));
  return `,"step":${axis(step)},"epoch":${axis(epoch)},"time":${axis(time)},"value":${JSON.stringify(jsonNumber(value[i] ?? NaN))}}\n`;
}

function csvLine({ step, epoch, time, value }: Points, i: number): string {
  const axis = (column: Float64Array): string => (Number.isNaN(column[i] ?? NaN) ? '' : String(column[i]));
  return `,${axis(step)},${axis(epoch)},${axis(time)},${String(value[i])}\r\n`;
}

/** Quotes a text cell; one that a spreadsheet would take for a formula gets an apostrophe before it (CWE-1236). */
export function csvText(text: string): string {
  const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}
