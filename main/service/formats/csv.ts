import type { Probe, Reader, Sink, StreamFormat } from './format.ts';
import { innerStepsFrom, type Field, type InnerSteps } from './axes.ts';
import { COLUMN_CAP, readPlainRow, readRow, splitLine, type Row } from './csv-cells.ts';
import { bestSeparator, headOf, type CsvHead } from './csv-head.ts';
import { isHeader, newTarget, planOf, pushRow, type Plan, type Target } from './csv-plan.ts';
import { decode, eachLine, terminated, type LineState } from './lines.ts';
import { numberOf } from './numbers.ts';

type File = Pick<Probe, 'path' | 'name'>;

/** A kind of CSV: how it is recognised and what its columns mean. */
export interface CsvPreset {
  id: string;
  title: string;
  detect(head: CsvHead, probe: Probe): boolean;
  /** The role of each column, in order. */
  fields(names: readonly string[], file: File): Field[];
  /** For writers that leave cells out on purpose: the columns that a row of `cells` cells fills, or null. */
  shortRow?(names: readonly string[], cells: number): number[] | null;
  /** True if the step column may start again with each epoch. */
  innerSteps?: boolean;
}

/** A quoted cell may run over several lines, but no further: an unclosed quote must not swallow the file. */
const QUOTE_CAP = 64 * 1024;
const ROWS_AHEAD = 32_768;

interface Saved {
  names: string[] | null;
  /** A digit for each column: 1 if it has held a number. */
  numeric: string;
  separator: string;
  skipping: boolean;
  inner: InnerSteps;
}

interface State {
  preset: CsvPreset;
  file: File;
  separator: string;
  plan: Plan | null;
  lines: LineState;
  inner: InnerSteps;
}

/** Makes the format of a preset. All CSV readers share one byte scanner; only the meaning of the columns differs. */
export function csvFormat(preset: CsvPreset): StreamFormat {
  return {
    kind: 'stream',
    id: preset.id,
    title: preset.title,
    detect(probe) {
      const head = headOf(probe.head);
      return head !== null && preset.detect(head, probe);
    },
    open: (file, saved) => openCsv(preset, file, saved as Saved | undefined)
  };
}

function openCsv(preset: CsvPreset, file: File, saved: Saved | undefined): Reader {
  const state: State = {
    preset,
    file,
    separator: saved?.separator ?? ',',
    plan: saved?.names ? planOf(saved.names, (names) => preset.fields(names, file), saved.numeric) : null,
    lines: { skipping: saved?.skipping ?? false },
    inner: innerStepsFrom(saved?.inner)
  };
  return {
    read: (bytes, offset, sink, atEnd) => readCsv(state, bytes, offset, sink, atEnd),
    save: (): Saved => ({
      names: state.plan?.names ?? null,
      numeric: state.plan?.numeric.join('') ?? '',
      separator: state.separator,
      skipping: state.lines.skipping,
      inner: { ...state.inner }
    })
  };
}

function readCsv(state: State, bytes: Uint8Array, offset: number, sink: Sink, atEnd: boolean): number {
  if (offset === 0) {
    state.plan = null;
    state.lines.skipping = false;
    state.inner = innerStepsFrom();
  }
  const target = newTarget(sink, offset, state.preset.innerSteps === true ? state.inner : null);
  target.end = bytes.lastIndexOf(0x0a);
  const done = eachLine(bytes, offset, state.lines, sink, (chunk, from, to) => takeLine(state, chunk, from, to, target, atEnd));
  if (!atEnd || done >= bytes.length || state.lines.skipping) return done;
  // The last line has no newline: it counts only if it has as many cells as the header.
  const tail = terminated(bytes, done);
  const { plan } = state;
  if (plan === null || !readRow(tail, 0, tail.length - 1, state.separator.charCodeAt(0), plan.row)) return done;
  if (plan.row.cells !== plan.names.length || plan.row.numbers === 0) return done;
  takeLine(state, tail, 0, tail.length - 1, newTarget(sink, offset + done, target.inner), true);
  return bytes.length;
}

/** Reads the line [from, to), or the several that a quoted cell spans. Returns where the next begins, -1 to wait for more. */
function takeLine(state: State, bytes: Uint8Array, from: number, to: number, target: Target, atEnd: boolean): number {
  const { plan } = state;
  if (plan === null) {
    takeHeader(state, bytes, from, to, target);
    return to + 1;
  }
  if (to === from || (to === from + 1 && bytes[from] === 0x0d)) return to + 1;
  const code = state.separator.charCodeAt(0);
  // So many rows of this length are in the buffer; sparse columns need less, hence the limit.
  if (target.rows === 0) target.rows = Math.min(ROWS_AHEAD, Math.ceil((bytes.length - from) / (to + 1 - from)));
  const { row } = plan;
  let end = to;
  let whole = readRow(bytes, from, end, code, row);
  while (!whole && end - from < QUOTE_CAP) {
    const next = bytes.indexOf(0x0a, end + 1);
    if (next < 0 || next - from >= QUOTE_CAP) {
      if (!atEnd && bytes.length - from < QUOTE_CAP) return -1;
      break;
    }
    end = next;
    whole = readRow(bytes, from, end, code, row);
  }
  if (!whole || (end > to && row.cells !== plan.names.length)) {
    target.sink.problem(target.base + from, 'A quote is not closed: the line was skipped.');
    return to + 1;
  }
  if (row.numbers === 0) takeTexts(state, plan, bytes, [from, end], target);
  else takeNumbers(state, plan, bytes, from, target);
  return takePlainRows(state, bytes, end + 1, target);
}

/** Takes the rows from `from` on as long as they are plain; returns where the first other line begins. */
function takePlainRows({ plan, separator }: State, bytes: Uint8Array, from: number, target: Target): number {
  if (plan === null || plan.names.length >= COLUMN_CAP) return from;
  const code = separator.charCodeAt(0);
  let at = from;
  while (at < target.end) {
    const next = readPlainRow(bytes, at, code, plan.row);
    if (next < 0) break;
    target.refused = 0;
    pushRow(plan, plan.row, bytes, at, target);
    at = next;
  }
  // A table whose rows are all of another kind (padded, with texts) is not tried row by row.
  target.refused += 1;
  if (target.refused > 16) target.end = 0;
  return at;
}

function takeHeader(state: State, bytes: Uint8Array, from: number, to: number, target: Target): void {
  const line = decode(bytes, from, to).trim();
  if (line === '' || line.startsWith('#{')) return;
  const separator = bestSeparator(line) ?? ',';
  const names = splitLine(line, separator);
  if (names.some((name) => typeof numberOf(name) === 'number')) {
    target.sink.problem(target.base + from, 'A line of numbers before any header was skipped.');
    return;
  }
  state.separator = separator;
  state.plan = planOf(names, (known) => state.preset.fields(known, state.file));
  if (names.length > COLUMN_CAP) target.sink.problem(target.base + from, `More than ${COLUMN_CAP} columns: the rest is left out.`);
}

function takeNumbers(state: State, plan: Plan, bytes: Uint8Array, from: number, target: Target): void {
  const { row } = plan;
  const problem = fitted(state.preset, plan, row);
  if (problem !== null) target.sink.problem(target.base + from, problem);
  else pushRow(plan, row, bytes, from, target);
}

/** Makes a row fit its header; says what is wrong with one that does not. Rows that end early are legitimate, longer ones are torn. */
function fitted(preset: CsvPreset, plan: Plan, row: Row): string | null {
  const wanted = plan.names.length;
  if (row.broken) return 'A row with zero bytes was skipped.';
  if (row.cells > wanted && wanted < COLUMN_CAP) {
    return `A row of ${row.cells} cells below a header of ${wanted} was skipped.`;
  }
  if (row.cells < wanted) {
    const places = preset.shortRow?.(plan.names, row.cells) ?? null;
    if (places !== null) spread(row, places, wanted);
  }
  return null;
}

function spread(row: Row, places: readonly number[], wanted: number): void {
  const kind = row.kind.slice(0, row.cells);
  const value = row.value.slice(0, row.cells);
  const from = row.from.slice(0, row.cells);
  const to = row.to.slice(0, row.cells);
  row.kind.fill(0, 0, wanted);
  places.forEach((place, at) => {
    row.kind[place] = kind[at] as number;
    row.value[place] = value[at] as number;
    row.from[place] = from[at] as number;
    row.to[place] = to[at] as number;
  });
  row.cells = wanted;
}

/** A row without a number: the header again (the writer started anew), another header, empty cells, or damage. */
function takeTexts(state: State, plan: Plan, bytes: Uint8Array, [from, to]: [number, number], target: Target): void {
  const { row } = plan;
  if (row.texts === 0) return;
  const names = splitLine(decode(bytes, from, to).trimEnd(), state.separator);
  if (!row.broken && names.length === plan.names.length && names.every((name, at) => name === plan.names[at] || name === '')) {
    target.sink.restart();
    return;
  }
  const fields = state.preset.fields(names, state.file);
  if (!row.broken && isHeader(names, fields)) {
    target.sink.restart();
    state.plan = planOf(names, (known) => state.preset.fields(known, state.file));
    target.columns.length = 0;
    return;
  }
  target.sink.problem(target.base + from, 'A row without a number was skipped.');
}
