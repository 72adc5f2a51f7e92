/** The log folders under test/fixtures/logs, with their truths. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Row, Truth } from './truth.ts';
import type { Reading } from './reading.ts';

export const LOGS = fileURLToPath(new URL('../../fixtures/logs', import.meta.url));

export function truthOf(name: string): Truth {
  return JSON.parse(readFileSync(join(LOGS, `${name}.truth.json`), 'utf8')) as Truth;
}

/** Paths of the files of a case relative to its folder, '/' separators, sorted. */
export function filesOf(name: string): string[] {
  return readdirSync(join(LOGS, name), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(LOGS, name, path)).isFile())
    .sort();
}

export function bytesOf(name: string, path: string): Uint8Array {
  return readFileSync(join(LOGS, name, path));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** The points of a reading as rows of a run, without splits other than those that the format fixes. */
export function rowsOf(reading: Reading, run: string): Row[] {
  return [...reading.series.values()].flatMap(({ name, hints, points }) =>
    points.map(([step, epoch, time, value]) => ({
      run,
      series: name,
      split: hints.split ?? null,
      step: orNull(step),
      epoch: orNull(epoch),
      time: orNull(time),
      value,
    })),
  );
}

function orNull(axis: number): number | null {
  return Number.isNaN(axis) ? null : axis;
}
