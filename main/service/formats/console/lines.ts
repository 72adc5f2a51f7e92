import type { Sink } from '../format.ts';
import { LINE_CAP } from '../lines.ts';

/** One line of console output, cleaned of colours, cursor movements and the prefixes that loggers put before it. */
export interface ConsoleLine {
  text: string;
  /** Seconds since 1970 from the prefix, NaN if it has none with a date. */
  time: number;
  /** Name of the logger in the prefix, '' if there is none. */
  tag: string;
  /** False for a line that was drawn over (`\r`, backspaces): a progress bar on its way. */
  final: boolean;
}

export interface PieceState {
  skipping: boolean;
  /** UTF-16 with the low byte first, as Windows PowerShell redirects output. */
  wide: boolean;
}

const utf8 = new TextDecoder('utf-8');
const utf16 = new TextDecoder('utf-16le');

/** True if a file begins with the byte order mark of UTF-16, low byte first. */
export function isWide(head: Uint8Array): boolean {
  return head[0] === 0xff && head[1] === 0xfe;
}

/**
 * Calls `piece` for every stretch of text that is complete: ended by a newline (final), or by `\r` or backspaces (drawn over).
 * Returns how many bytes are done with; the rest is offered again. `atEnd` takes the last stretch as complete too if `piece`
 * says that it understood it.
 */
export function eachPiece(
  bytes: Uint8Array,
  offset: number,
  state: PieceState,
  sink: Sink,
  atEnd: boolean,
  piece: (text: string, final: boolean) => boolean
): number {
  const unit = state.wide ? 2 : 1;
  let start = 0;
  for (let at = 0; at + unit <= bytes.length; at += unit) {
    const byte = bytes[at] as number;
    if (byte > 0x0d || (byte !== 0x0a && byte !== 0x0d && byte !== 0x08) || (unit === 2 && bytes[at + 1] !== 0)) {
      if (at - start > LINE_CAP && !state.skipping) {
        sink.problem(offset + start, 'A line longer than 1 MiB was skipped.');
        state.skipping = true;
      }
      if (state.skipping) start = at + unit;
      continue;
    }
    if (!state.skipping && at > start) piece(textOf(bytes, start, at, unit), byte === 0x0a);
    state.skipping = false;
    start = at + unit;
  }
  if (atEnd && start < bytes.length && !state.skipping && piece(textOf(bytes, start, bytes.length, unit), true)) return bytes.length;
  return start;
}

function textOf(bytes: Uint8Array, from: number, to: number, unit: number): string {
  return (unit === 2 ? utf16 : utf8).decode(bytes.subarray(from, to));
}

// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]|[\u0000-\u0007\u000e-\u001a]/g;

const LEVEL = '(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|NOTICE)';
const DATE = '(\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?)';
/** Prefixes of loggers; the first group is the date, the second the name of the logger, where there are any. */
const PREFIXES = [
  // loguru, hydra, transformers' own logger, and the examples of transformers.
  new RegExp(`^${DATE}\\s*\\|\\s*${LEVEL}\\s*\\|\\s*([\\w.]+)(?::[\\w.<>]+)?:\\d+\\s*-\\s*`),
  new RegExp(`^\\[${DATE}\\]\\[([\\w./]+)\\]\\[${LEVEL}\\]\\s*-\\s*`),
  new RegExp(`^\\[${DATE}\\]\\s?\\[([\\w./<>]+):\\d+\\]\\s?\\[${LEVEL}\\s*\\]\\s*(?:[-:]\\s*)?`),
  new RegExp(`^(?=\\[[^\\]]*\\] ${DATE})\\[${LEVEL}\\|([\\w.]+):\\d+\\] \\S+ \\S+ >> `),
  new RegExp(`^()\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d:\\d\\d - ${LEVEL} - ([\\w.]+) -\\s+`),
  new RegExp(`^${DATE}\\s*(?:\\||-)\\s*${LEVEL}\\s*(?:\\||-)\\s*([\\w.]+)\\s*(?:\\||-)\\s*`),
  new RegExp(`^${DATE}\\s*(?:\\||-)\\s*([\\w./]+)\\s*(?:\\||-)\\s*${LEVEL}\\s*(?:\\||-|:)\\s*`),
  new RegExp(`^\\[?${DATE}\\]?:?\\s*(?:[-|]\\s*)?(?:\\[?${LEVEL}\\]?\\s*[-|:]*\\s*)?(?:[\\w./]+\\.py:\\d+\\]?:?\\s+)?`),
  new RegExp(`^\\[(\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d)(?: ([\\w.]+))?\\]:?\\s*(?:\\w+ ${LEVEL}:\\s*|${LEVEL}\\s*:?\\s*)?`),
  /^[IWE](\d{4} \d\d:\d\d:\d\d\.\d+)\s+\d+ ([\w.]+):\d+\]\s*/,
  /^()\[(rank\d+)\]:\s*/,
  // Ray and mpirun name the worker, torchrun and srun the node, syslog the machine.
  /^()\(([\w.-]+) pid=\d+(?:, ip=[\d.]+)?\)\s*/,
  /^()\[\d+,\d+\]<std(?:out|err)>:\s*/,
  /^()((?!epoch|step|iter|batch|update|ep:)[A-Za-z][\w.-]*:\d+): (?=\S)/i,
  /^()[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]+ ([\w./-]+)(?:\[\d+\])?:\s*/,
  /^()\[(titan)\]\s*/,
  new RegExp(`^()\\[?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?\\]?:?\\s+(?:[-|]\\s*)?(?:\\[?${LEVEL}\\]?\\s*[-|:]*\\s*)?(?=[A-Za-z|[{])`),
  new RegExp(`^()${LEVEL}:([\\w.]+):\\s*`),
  new RegExp(`^()\\[?${LEVEL}\\]?\\s*[-|:]\\s*`)
];

/** Most lines have none: one look saves trying them all. */
const MAY_BE_PREFIX = /^(?:[\d[(]|[IWE]\d{4} |DEBUG|INFO|WARN|ERROR|CRITICAL|NOTICE|[A-Z][a-z]{2} [ \d]\d |[A-Za-z][\w.-]*:\d+: )/;

/** Cleans a stretch of text: no colours, no control characters, no logger prefix. '' if nothing is left. */
export function cleaned(raw: string, final: boolean): ConsoleLine {
  let text = /[\u0000-\u001a\u001b]/.test(raw) ? raw.replace(ESCAPES, '') : raw; // eslint-disable-line no-control-regex
  let time = NaN;
  let tag = '';
  for (let round = 0; round < 3; round += 1) {
    const before = text;
    const trimmed = text.trimStart();
    if (!MAY_BE_PREFIX.test(trimmed)) break;
    for (const prefix of PREFIXES) {
      const match = prefix.exec(trimmed);
      if (!match || match[0] === '') continue;
      if (match[1] && time !== time) time = secondsOf(match[1]);
      if (match[2] && tag === '') tag = match[2];
      text = trimmed.slice(match[0].length);
      break;
    }
    if (text === before) break;
  }
  return { text: text.trim(), time, tag, final };
}

/** Loggers print local time without a zone; a prefix without a year gives no time. */
function secondsOf(date: string): number {
  if (!/^\d{4}[-/]/.test(date)) return NaN;
  const seconds = Date.parse(date.replaceAll('/', '-').replace(' ', 'T').replace(',', '.')) / 1000;
  return Number.isFinite(seconds) ? seconds : NaN;
}
