/** Finds the format of a newcomer, by its name, its first bytes and its neighbours. */
import type { Followed } from './followed.ts';
import { nameOf } from './stream.ts';
import type { Turn } from './turn.ts';

const SNIFF = 64 * 1024;

/** Whether it is worth asking (again): the head has grown to twice of what was seen in vain, up to 64 KiB. */
export function worthAsking(file: Followed): boolean {
  return file.format === null && file.size > 0 && file.sniffed < SNIFF && file.size >= file.sniffed * 2;
}

/** Asks the formats; sets `file.format`. Returns the first bytes, or null if the format is known now. */
export async function recogniseFile(file: Followed, turn: Turn): Promise<Uint8Array | null> {
  const { stat, parts } = await turn.disk.read(file.native, [{ offset: 0, length: SNIFF }]);
  const head = parts[0] ?? new Uint8Array();
  file.size = stat.size;
  file.sniffed = Math.max(head.length, 1);
  if (head.length === 0) return head;
  file.format = turn.recognise({ path: file.path, name: nameOf(file.path), head, size: stat.size, siblings: turn.siblings(file.path) });
  return file.format ? null : head;
}

/** The beginning of the first line for display; '' for binary content. */
export function firstLineOf(head: Uint8Array): string {
  const start = head.subarray(0, 400);
  if (start.includes(0)) return '';
  const text = new TextDecoder().decode(start);
  return (text.split(/\r?\n/, 1)[0] ?? '').slice(0, 200);
}
