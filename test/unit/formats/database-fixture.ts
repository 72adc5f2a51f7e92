/** Unpacks a packed database into a temporary folder. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Batch } from '../../../main/service/formats/batch.ts';
import type { DatabaseFormat } from '../../../main/service/formats/format.ts';
import { addBatch, newReading, settled, type Reading } from './reading.ts';
import type { Truth } from './truth.ts';

const DATABASES = fileURLToPath(new URL('../../fixtures/databases', import.meta.url));

export function databaseTruth(name: string): Truth {
  return JSON.parse(readFileSync(join(DATABASES, `${name}.truth.json`), 'utf8')) as Truth;
}

/** Path of the unpacked copy of `<name>/<file>.gz`. */
export function unpacked(name: string, file: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'gapwatch-')), basename(file));
  writeFileSync(copy, gunzipSync(readFileSync(join(DATABASES, name, `${file}.gz`))));
  return copy;
}

/** Polls once and adds what is new to the readings by run; returns the next mark, as the store gives it back. */
export function pollInto(readings: Map<string, Reading>, format: DatabaseFormat, file: string, mark: unknown): unknown {
  const batches = new Map<string, Batch>();
  const next = format.poll(file, mark, (run) => {
    const batch = batches.get(run) ?? new Batch();
    batches.set(run, batch);
    return batch;
  });
  for (const [run, batch] of batches) {
    const reading = readings.get(run) ?? newReading();
    readings.set(run, reading);
    addBatch(reading, batch);
    settled(reading);
  }
  return JSON.parse(JSON.stringify(next));
}
