import { Batch } from '../batch.ts';
import type { Probe, Reader, SeriesHints, Sink, StreamFormat } from '../format.ts';
import { looksLikeText } from '../lines.ts';
import { cleaned, eachPiece, isWide, type ConsoleLine, type PieceState } from './lines.ts';

/** What one trainer prints. It keeps what it must know of earlier lines and gives it away in `save` as plain JSON. */
export interface Dialect {
  /** Takes what a line holds. True if the line was understood. */
  line(line: ConsoleLine, sink: Sink): boolean;
  save?(): unknown;
}

export interface ConsolePreset {
  id: string;
  title: string;
  open(saved: unknown): Dialect;
  /** Points that the first 64 KiB must hold for the file to be this trainer's. */
  least?: number;
  /** Names that this trainer alone gives, for logs that begin with more than 64 KiB of something else. */
  names?: RegExp;
}

interface Saved {
  pieces: PieceState;
  dialect: unknown;
}

const NO_LOG = /^(readme|license|licence|requirements|constraints|changelog|authors|notice|manifest|top_level|sources|record|cmakelists|robots|vocab|merges|labels|classes)\b/i;
/** No trainer prints longer lines of numbers, and patterns take their time over the lines of a hostile file. */
const LONGEST_LINE = 4096;
/** Console output stands in files with such endings, or with none. */
const NAMES = /\.(log|txt|out|err|stdout|stderr|console)(\.\d+)?$|^[^.]+$|\.[oe]\d+$|^(nohup\.out|slurm-.*)$/i;

/** Makes the format of a preset: console text, line by line, read by its dialect. */
export function consoleFormat(preset: ConsolePreset): StreamFormat {
  return {
    kind: 'stream',
    id: preset.id,
    title: preset.title,
    detect: (probe) => mayBeConsole(probe) && holds(preset, probe),
    open: (_file, saved) => openConsole(preset, saved as Saved | undefined)
  };
}

/** True if name and first bytes allow a console log. */
export function mayBeConsole(probe: Pick<Probe, 'name' | 'head'>): boolean {
  return NAMES.test(probe.name) && !NO_LOG.test(probe.name) && (isWide(probe.head) || looksLikeText(probe.head));
}

function holds(preset: ConsolePreset, probe: Probe): boolean {
  if (preset.names?.test(probe.path) === true) return true;
  const trial = new Batch();
  const dialect = preset.open(undefined);
  const least = preset.least ?? 1;
  for (const line of headLines(probe.head)) {
    understood(dialect, line, trial);
    if (trial.pointCount >= least) return true;
  }
  return false;
}

const known = new WeakMap<Uint8Array, ConsoleLine[]>();

/** The lines of a head, cleaned once for all dialects that ask. A last line without its end counts: the file may be young. */
function headLines(head: Uint8Array): ConsoleLine[] {
  let lines = known.get(head);
  if (lines === undefined) {
    const found: ConsoleLine[] = [];
    const state = { skipping: false, wide: isWide(head) };
    eachPiece(head, 0, state, new Batch(), head.length < 64 * 1024, (text, final) => text.length <= LONGEST_LINE && found.push(cleaned(text, final)) > 0);
    lines = found;
    known.set(head, lines);
  }
  return lines;
}

function openConsole(preset: ConsolePreset, saved: Saved | undefined): Reader {
  const pieces: PieceState = saved?.pieces ? { ...saved.pieces } : { skipping: false, wide: false };
  let dialect = preset.open(saved?.dialect);
  return {
    read(bytes, offset, sink, atEnd) {
      if (offset === 0) {
        if (bytes.length < 2 && !atEnd) return 0;
        pieces.wide = isWide(bytes);
        pieces.skipping = false;
        dialect = preset.open(undefined);
      }
      return eachPiece(bytes, offset, pieces, sink, atEnd, (text, final) => {
        if (text.length > LONGEST_LINE) return false;
        const line = cleaned(text, final);
        return line.text !== '' && understood(dialect, line, sink);
      });
    },
    save: (): Saved => ({ pieces: { ...pieces }, dialect: dialect.save?.() ?? null })
  };
}

/** `srun --label` and torchrun put the rank before each line: such a line is tried again without it. */
function understood(dialect: Dialect, line: ConsoleLine, sink: Sink): boolean {
  if (dialect.line(line, sink)) return true;
  const labelled = /^\d{1,4}: (?=\S)/.exec(line.text);
  return labelled !== null && dialect.line({ ...line, ...cleaned(line.text.slice(labelled[0].length), line.final) }, sink);
}

/** A number in console text: with thousands separators, `nan` or `inf`. Put it into a pattern as a group. */
export const NUM = '[-+]?(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?|\\.\\d+(?:[eE][-+]?\\d+)?|nan|NaN|inf(?:inity)?|Inf(?:inity)?)';

/** The value of a text that `NUM` matched; NaN also for nothing. */
export function toNumber(text: string | undefined): number {
  if (text === undefined) return NaN;
  const plain = text.includes(',') ? text.replaceAll(',', '') : text;
  if (/inf/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  return Number(plain);
}

/** Step, epoch and wall time of a line; what is not said is NaN. */
export interface Axes {
  step?: number;
  epoch?: number;
  time?: number;
}

/** Adds one point, under its name and with what the trainer's habit says about it. */
export function put(sink: Sink, name: string, hints: SeriesHints, axes: Axes, value: number): void {
  sink.point(sink.series(name, hints), axes.step ?? NaN, axes.epoch ?? NaN, axes.time ?? NaN, value);
}
