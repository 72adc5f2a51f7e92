/**
 * The rows of all series of a root, of the current generation of each source: what a start on known runs waits for. They come as two values,
 * all marks in one blob and all other columns in one text: handing a value over to this language costs more than finding it. 2500 rows take
 * 7 ms so, and 19 ms one by one, with four times the garbage.
 */
import { crc32 } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import type { SeriesHints } from '../formats/format.ts';
import { LENGTH as CHECKSUM } from './checksum.ts';
import { StoreDamaged } from './errors.ts';
import { fromJson } from './json.ts';
import { endAt, extremeAt, FIRST, flagsAt, HAS_EPOCH, HAS_STEP, HAS_TIME, lacksEndAt, LAST, MARKS_BYTES, MAX, MIN } from './marks.ts';
import type { Extreme, SeriesRow } from './store.ts';

/** The columns of all rows, one after the other: id, source, generation, count, number of non-finite values, segments, split, name, hints. */
type Columns = (number | string)[];

const WIDTH = 9;
const STORED = MARKS_BYTES + CHECKSUM;

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
  readonly #marks: DataView;
  readonly #at: number;

  constructor(columns: Columns, n: number, marks: DataView) {
    const at = n * WIDTH;
    const [segments, hints] = [columns[at + 5] as string, columns[at + 8] as string];
    this.id = columns[at] as number;
    this.sourceId = columns[at + 1] as number;
    this.generation = columns[at + 2] as number;
    this.count = columns[at + 3] as number;
    this.nonFinite = columns[at + 4] as number;
    this.segments = segments === '[0]' ? [0] : (fromJson(segments) as number[]);
    this.name = columns[at + 7] as string;
    this.hints = hints === '{}' ? {} : (fromJson(hints) as SeriesHints);
    this.#marks = marks;
    this.#at = n * STORED;
  }

  get first(): Extreme | null {
    return extremeAt(this.#marks, this.#at, FIRST);
  }

  get last(): Extreme | null {
    return extremeAt(this.#marks, this.#at, LAST);
  }

  get min(): Extreme | null {
    return extremeAt(this.#marks, this.#at, MIN);
  }

  get max(): Extreme | null {
    return extremeAt(this.#marks, this.#at, MAX);
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

export function openRowsOfRoot(db: Database): (rootId: number) => RowsOfRoot {
  // Concatenation takes bytes as they are, zeros included. Sorting would cost as much as reading.
  const all = db
    .prepare<[number], [marks: Uint8Array | null, columns: string | null]>(
      `SELECT CAST(group_concat(marks, '') AS BLOB), '[' || group_concat(series.id || ',' || source_id || ',' || series.generation || ',' || count || ','
         || non_finite || ',' || json_quote(segments) || ',' || json_quote(split) || ',' || json_quote(name) || ',' || json_quote(hints)) || ']'
       FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation = sources.generation WHERE root_id = ?`,
    )
    .raw();
  return (rootId) => {
    const bySource = new Map<number, SeriesRow[]>();
    const endless = new Set<number>();
    const [marks, text] = all.get(rootId)!;
    if (marks === null || text === null) return { bySource, endless };
    const columns = fromJson(text) as Columns;
    const view = checkedMarks(marks, columns);
    for (let n = 0; n * WIDTH < columns.length; n += 1) {
      const row = new MarkedRow(columns, n, view);
      if (row.count > 0) put(bySource, row);
      if (row.lacksEnd) endless.add(row.sourceId);
    }
    for (const rows of bySource.values()) if (rows.length > 1) rows.sort((a, b) => a.id - b.id);
    return { bySource, endless };
  };
}

function put(bySource: Map<number, SeriesRow[]>, row: SeriesRow): void {
  const there = bySource.get(row.sourceId);
  if (there) there.push(row);
  else bySource.set(row.sourceId, [row]);
}

/** All marks, each with its checksum behind it, which also holds for what stands beside them (see series.ts). Throws `StoreDamaged` if one does not fit. */
function checkedMarks(marks: Uint8Array, columns: Columns): DataView {
  const view = new DataView(marks.buffer, marks.byteOffset, marks.byteLength);
  let sound = marks.length * WIDTH === columns.length * STORED;
  for (let at = 0, column = 3; at < marks.length && sound; at += STORED, column += WIDTH) {
    const beside = `${columns[column]} ${columns[column + 1]} ${columns[column + 2]} ${columns[column + 3]} ${columns[column + 4]} ${columns[column + 5]}`;
    sound = crc32(marks.subarray(at, at + MARKS_BYTES), crc32(beside)) === view.getUint32(at + MARKS_BYTES, true);
  }
  if (!sound) throw new StoreDamaged('The summary of a series fails its checksum');
  return view;
}
