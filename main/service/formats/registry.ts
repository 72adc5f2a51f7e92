/**
 * Every format, in the order in which they are asked (format reference, section 6). The first that says yes reads the file:
 * a binary log with its own magic before text, a framework's own file before the general readers of CSV, JSON lines and console text.
 */
import type { Format, Probe } from './format.ts';
import { textFormats } from './text.ts';
import { trackerFormats } from './trackers.ts';

export const formats: readonly Format[] = [...trackerFormats, ...textFormats];

const byId = new Map(formats.map((format) => [format.id, format]));

/** The format of a file by its name, first bytes and neighbours; null if no reader knows it. */
export function recognise(probe: Probe): Format | null {
  return formats.find((format) => format.detect(probe)) ?? null;
}

/** The format with this id, as it stands in the store; null for one that this version does not know. */
export function formatById(id: string): Format | null {
  return byId.get(id) ?? null;
}
