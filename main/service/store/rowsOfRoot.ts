/**
 * The rows of all series of a root, of the current generation of each source: what a start on known runs reads. They come as three
 * values: all marks in one blob, what they are checked with in another, all other columns in one text. Handing a value over to this language
 * costs more than finding it.
 */
import { crc32Of } from '../crc32.ts';
import type { SeriesHints } from '../formats/format.ts';
import { LENGTH as CHECKSUM } from './checksum.ts';
import { StoreDamaged } from './errors.ts';
import { fromJson } from './json.ts';
import type { Statements } from './lazyStatements.ts';
import { endAt, extremeAt, FIRST, flagsAt, HAS_EPOCH, HAS_STEP, HAS_TIME, lacksEndAt, LAST, MARKS, marksOfBytes, MAX, MIN } from './marks.ts';
import type { Extreme, SeriesRow } from './store.ts';

/** The columns of all rows, one after the other: id, source, generation, count, non-finite values, segments, name, hints, bytes beside the marks. */
type Columns = (number | string | number[] | SeriesHints)[];

const WIDTH = 9;
const BESIDE = 8;
const MARKS_BYTES = MARKS * 8;

/** A row whose extremes are read from its marks when they are asked for: a list of runs asks for one in ten. */
class MarkedRow implements SeriesRow {
  readonly id: number;
  readonly sourceId: number;
  readonly generation: number;
  readonly name: string;
  readonly hints: SeriesHints;
  readonly count: number;
  readonly nonFinite: number;
  readonly segments: number[];
  readonly #marks: Float64Array;
  readonly #at: number;

  constructor(columns: Columns, n: number, marks: Float64Array) {
    const at = n * WIDTH;
    this.id = columns[at] as number;
    this.sourceId = columns[at + 1] as number;
    this.generation = columns[at + 2] as number;
    this.count = columns[at + 3] as number;
    this.nonFinite = columns[at + 4] as number;
    this.segments = columns[at + 5] as number[];
    this.name = columns[at + 6] as string;
    this.hints = columns[at + 7] as SeriesHints;
    this.#marks = marks;
    this.#at = n * MARKS;
  }

  get first(): Extreme | null {
    return extremeAt(this.#marks, this.#at + FIRST);
  }

  get last(): Extreme | null {
    return extremeAt(this.#marks, this.#at + LAST);
  }

  get min(): Extreme | null {
    return extremeAt(this.#marks, this.#at + MIN);
  }

  get max(): Extreme | null {
    return extremeAt(this.#marks, this.#at + MAX);
  }

  get end(): Extreme | null {
    return endAt(this.#marks, this.#at, this.count);
  }

  /** See `lacksEnd` in marks.ts. */
  get lacksEnd(): boolean {
    return lacksEndAt(this.#marks, this.#at, this.count);
  }

  get hasStep(): boolean {
    return (flagsAt(this.#marks, this.#at) & HAS_STEP) !== 0;
  }

  get hasEpoch(): boolean {
    return (flagsAt(this.#marks, this.#at) & HAS_EPOCH) !== 0;
  }

  get hasTime(): boolean {
    return (flagsAt(this.#marks, this.#at) & HAS_TIME) !== 0;
  }
}

export interface RowsOfRoot {
  /** Without provisional points, each source's in the order in which they were made. Sources without points are left out. */
  bySource: Map<number, SeriesRow[]>;
  /** Sources with a series of a former version, which did not note what it ends with: to be asked for one by one. */
  endless: Set<number>;
}

export function openRowsOfRoot(db: Statements): (rootId: number) => RowsOfRoot {
  // Concatenation takes bytes as they are, zeros included. Sorting would cost as much as reading.
  const all = db
    .prepare<[number], [marks: Uint8Array | null, checks: Uint8Array | null, columns: string | null]>(
      `SELECT CAST(group_concat(substr(marks, 1, ${MARKS_BYTES}), '') AS BLOB), CAST(group_concat(beside || substr(marks, ${MARKS_BYTES + 1}), '') AS BLOB),
         '[' || group_concat(id || ',' || source_id || ',' || generation || ',' || count || ',' || non_finite || ',' || segments || ','
         || json_quote(name) || ',' || hints || ',' || octet_length(beside)) || ']'
       FROM (SELECT series.*, count || ' ' || non_finite || ' ' || segments || ' ' || split || ' ' || name || ' ' || hints AS beside
         FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation = sources.generation WHERE root_id = ?)`,
    )
    .raw();
  return (rootId) => {
    const bySource = new Map<number, SeriesRow[]>();
    const endless = new Set<number>();
    const disordered = new Set<SeriesRow[]>();
    const [bytes, checks, text] = all.get(rootId)!;
    if (bytes === null || checks === null || text === null) return { bySource, endless };
    const columns = fromJson(text) as Columns;
    const marks = checkedMarks(bytes, checks, columns);
    for (let n = 0; n * WIDTH < columns.length; n += 1) {
      const row = new MarkedRow(columns, n, marks);
      if (row.count > 0) put(bySource, row, disordered);
      if (row.lacksEnd) endless.add(row.sourceId);
    }
    for (const rows of disordered) rows.sort((a, b) => a.id - b.id);
    return { bySource, endless };
  };
}

function put(bySource: Map<number, SeriesRow[]>, row: SeriesRow, disordered: Set<SeriesRow[]>): void {
  const there = bySource.get(row.sourceId);
  if (!there) return void bySource.set(row.sourceId, [row]);
  if (there.at(-1)!.id > row.id) disordered.add(there);
  there.push(row);
}

/** All marks, if each fits its checksum, which follows what stands beside the marks (see series.ts). Throws `StoreDamaged` if one does not. */
function checkedMarks(bytes: Uint8Array, checks: Uint8Array, columns: Columns): Float64Array {
  const rows = columns.length / WIDTH;
  const marks = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const beside = new DataView(checks.buffer, checks.byteOffset, checks.byteLength);
  let sound = bytes.length === rows * MARKS_BYTES;
  let from = 0;
  for (let n = 0; n < rows && sound; n += 1) {
    const to = from + (columns[n * WIDTH + BESIDE] as number);
    sound = to + CHECKSUM <= checks.length && crc32Of(marks, n * MARKS_BYTES, (n + 1) * MARKS_BYTES, crc32Of(beside, from, to)) === beside.getUint32(to, true);
    from = to + CHECKSUM;
  }
  if (!sound) throw new StoreDamaged('The summary of a series fails its checksum');
  return marksOfBytes(bytes);
}
