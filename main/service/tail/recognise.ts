/** Finds the format of a newcomer, by its name, its first bytes and its neighbours. */
import type { Format } from '../formats/format.ts';
import type { Stat } from '../watch/disk.ts';
import type { Followed } from './followed.ts';
import { nameOf } from './take.ts';
import type { Turn } from './turn.ts';

const SNIFF = 64 * 1024;
/** Most logs of finished runs are smaller than this and are read at once. */
const FIRST = 128 * 1024;

/** Whether it is worth asking (again): the head has grown to twice of what was seen in vain, up to 64 KiB. */
export function worthAsking(file: Followed): boolean {
  return file.size > 0 && file.sniffed < SNIFF && file.size >= file.sniffed * 2;
}

export interface Newcomer {
  format: Format | null;
  stat: Stat;
  bytes: Uint8Array;
}

/** Reads the beginning of a newcomer and asks the formats. What was read is returned, so that a small file is opened only once. */
export async function recogniseFile(file: Followed, turn: Turn): Promise<Newcomer> {
  const { stat, parts } = await turn.disk.read(file.native, [{ offset: 0, length: FIRST }]);
  const bytes = parts[0] ?? new Uint8Array();
  const head = bytes.subarray(0, SNIFF);
  file.size = stat.size;
  file.sniffed = Math.max(head.length, 1);
  const probe = { path: file.path, name: nameOf(file.path), head, size: stat.size, siblings: turn.siblings(file.path) };
  return { format: head.length > 0 ? await turn.recognise(probe) : null, stat, bytes };
}

/** The beginning of the first line for display; '' for binary content. */
export function firstLineOf(head: Uint8Array): string {
  const start = head.subarray(0, 400);
  if (start.includes(0)) return '';
  const text = new TextDecoder().decode(start);
  return (text.split(/\r?\n/, 1)[0] ?? '').slice(0, 200);
}
