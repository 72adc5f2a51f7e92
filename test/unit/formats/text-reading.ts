/** Sample files read by the text formats, as the service would find and read them. */
import { Batch } from '../../../main/service/formats/batch.ts';
import type { Format, Probe } from '../../../main/service/formats/format.ts';
import { textFormats } from '../../../main/service/formats/text.ts';
import { bytesOf, filesOf, folderOf, nameOf } from './cases.ts';
import { addBatch, newReading, readAtOnce, settled, type Reading } from './reading.ts';

/** What a detector gets to see of a sample file. */
export function probeOf(name: string, path: string): Probe {
  const bytes = bytesOf(name, path);
  const folder = folderOf(path);
  const siblings = new Set(filesOf(name).filter((other) => folderOf(other) === folder && other !== path).map(nameOf));
  return { path, name: nameOf(path), head: bytes.subarray(0, 64 * 1024), size: bytes.length, siblings };
}

/** The probe of a file that a test makes up. */
export function madeUp(path: string, text: string, siblings: string[] = []): Probe {
  const bytes = new TextEncoder().encode(text);
  return { path, name: nameOf(path), head: bytes.subarray(0, 64 * 1024), size: bytes.length, siblings: new Set(siblings) };
}

export function textFormatOf(probe: Probe): Format | null {
  return textFormats.find((format) => format.detect(probe)) ?? null;
}

/** Reads a whole file; an empty reading for a file that is no text log. */
export function readFile(name: string, path: string): { format: Format | null; reading: Reading } {
  const probe = probeOf(name, path);
  const format = textFormatOf(probe);
  return { format, reading: readWith(format, bytesOf(name, path), probe) };
}

function readWith(format: Format | null, bytes: Uint8Array, where: Pick<Probe, 'path' | 'name'>): Reading {
  if (format?.kind === 'stream') return readAtOnce(format, bytes, where);
  const reading = newReading();
  if (format?.kind !== 'snapshot') return reading;
  const batch = new Batch();
  format.parse(bytes, batch, where);
  addBatch(reading, batch);
  return settled(reading);
}

/** Reads a text that a test makes up, under a name. Throws if no text format takes it. */
export function readText(path: string, text: string, siblings: string[] = []): Reading & { id: string } {
  const probe = madeUp(path, text, siblings);
  const format = textFormatOf(probe);
  if (format === null) throw new Error(`no text format takes ${path}`);
  return { ...readWith(format, new TextEncoder().encode(text), probe), id: format.id };
}

/** The values of a series, or [] if there is none of that name (and split). */
export function valuesOf(reading: Reading, name: string, split?: string): number[] {
  return [...reading.series.values()].filter((series) => series.name === name && (split === undefined || series.hints.split === split)).flatMap(({ points }) => points.map((point) => point[3]));
}
