import type { Probe } from './format.ts';
import { parseJson } from './json.ts';
import { decode, looksLikeText } from './lines.ts';

/** The first records of a file of JSON lines, as far as the head holds them. */
export interface JsonHead {
  records: Record<string, unknown>[];
  /** Flattened numeric and text keys of those records. */
  keys: Set<string>;
  numeric: Set<string>;
}

const SAMPLE = 20;
const known = new WeakMap<Uint8Array, JsonHead | null>();

/** The records at the start of a file, or null if it does not hold one JSON object a line. Remembered per buffer. */
export function jsonHead(probe: Pick<Probe, 'head' | 'size'>): JsonHead | null {
  const before = known.get(probe.head);
  if (before !== undefined) return before;
  const found = sniff(probe.head, probe.size);
  known.set(probe.head, found);
  return found;
}

function sniff(head: Uint8Array, size: number): JsonHead | null {
  let start = 0;
  while (start < head.length && (head[start] === 0x0a || head[start] === 0x0d || head[start] === 0x20)) start += 1;
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) start = 3;
  if (head[start] !== 0x7b || !looksLikeText(head)) return null;
  const lines = decode(head, start).split('\n', SAMPLE + 1);
  // The last piece is a line only if the file ends with it.
  if (lines.length > 1 || head.length < size) lines.pop();
  const records: Record<string, unknown>[] = [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    const record = objectOf(line);
    // One damaged line does not make a log unreadable, but the first two lines must be records.
    if (record === null && records.length < 2) return null;
    if (record !== null) records.push(record);
  }
  if (records.length === 0) return null;
  const keys = new Set<string>();
  const numeric = new Set<string>();
  for (const record of records) collect(record, '', keys, numeric, 0);
  return { records, keys, numeric };
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const value = parseJson(line.trim());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function collect(record: object, prefix: string, keys: Set<string>, numeric: Set<string>, depth: number): void {
  for (const [key, value] of Object.entries(record) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) {
      if (!Array.isArray(value) && depth < 4) collect(value, `${prefix}${key}/`, keys, numeric, depth + 1);
      continue;
    }
    keys.add(prefix + key);
    if (typeof value === 'number') numeric.add(prefix + key);
  }
}
