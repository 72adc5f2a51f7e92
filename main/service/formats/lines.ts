import type { Sink } from './format.ts';

/** A line longer than this is skipped: no trainer writes one, and memory stays bounded whatever the file holds. */
export const LINE_CAP = 1024 * 1024;

/** Text of a byte range. Damaged UTF-8 becomes U+FFFD, a byte order mark is dropped. A Buffer decodes short texts much faster than a TextDecoder. */
export function decode(bytes: Uint8Array, from = 0, to = bytes.length): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Whether a reader stands inside an over-long line; part of its saved state. */
export interface LineState {
  skipping: boolean;
}

/**
 * Calls `line(from, to)` for each complete line in `bytes`, without its newline, and returns how many bytes are done with.
 * `line` returns the index of the next line, or -1 to wait for more bytes. The byte at `to` always exists and ends the line.
 * Lines over the cap are skipped and reported once, at their first byte.
 */
export function eachLine(
  bytes: Uint8Array,
  offset: number,
  state: LineState,
  sink: Sink,
  line: (bytes: Uint8Array, from: number, to: number) => number
): number {
  let at = 0;
  if (state.skipping) {
    const end = bytes.indexOf(0x0a);
    if (end < 0) return bytes.length;
    state.skipping = false;
    at = end + 1;
  }
  for (;;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) break;
    if (end - at > LINE_CAP) {
      reportLong(sink, offset + at);
      at = end + 1;
      continue;
    }
    const next = line(bytes, at, end);
    if (next < 0) return at;
    at = next;
  }
  if (bytes.length - at > LINE_CAP) {
    reportLong(sink, offset + at);
    state.skipping = true;
    return bytes.length;
  }
  return at;
}

function reportLong(sink: Sink, offset: number): void {
  sink.problem(offset, 'A line longer than 1 MiB was skipped.');
}

/** The bytes from `at` on with a newline behind them, so that a last line can be read like any other. */
export function terminated(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes.length - at + 1);
  copy.set(bytes.subarray(at));
  copy[copy.length - 1] = 0x0a;
  return copy;
}

/** True for bytes that can be a text log: hardly any control characters in the first 4 KiB, zero bytes (which a crash leaves) among them. */
export function looksLikeText(head: Uint8Array): boolean {
  const length = Math.min(head.length, 4096);
  let control = 0;
  for (let i = 0; i < length; i += 1) {
    const byte = head[i] as number;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b && byte !== 0x08 && byte !== 0x07) control += 1;
  }
  return control * 50 <= length;
}

/** The first line with content, at most 200 characters, for the list of files that are not understood. */
export function firstLine(head: Uint8Array): string {
  const text = decode(head, 0, Math.min(head.length, 8192));
  for (const line of text.split(/[\r\n]+/)) {
    // eslint-disable-next-line no-control-regex
    const plain = line.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u001f\u007f]/g, ' ').trim();
    if (plain !== '') return plain.length > 200 ? `${plain.slice(0, 199)}…` : plain;
  }
  return '';
}
