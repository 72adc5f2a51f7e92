/**
 * The rows of all series of a root, of the current generation of each source: what a start on known runs waits for. They come as three values,
 * all marks in one blob, all that their checksums hold for beside them in another, and all columns as one text: handing a value over to this
 * language costs more than finding it. 2500 rows take 7 ms so, and 19 ms one by one, with four times the garbage.
 */
import type { Database } from 'better-sqlite3';
import type { SeriesHints } from '../formats/format.ts';
import { crcAfter, LENGTH as CHECKSUM } from './checksum.ts';
import { StoreDamaged } from './errors.ts';
import { fromJson } from './json.ts';
import { extremeAt, FIRST, flagsAt, HAS_EPOCH, HAS_STEP, HAS_TIME, LAST, MARKS_BYTES, MAX, MIN } from './marks.ts';
import type { Extreme, SeriesRow } from './store.ts';

type Columns = [id: number, sourceId: number, generation: number, name: string, hints: string, count: number, nonFinite: number, segments: string, beside: number];

/** What stands beside the marks, as in series.ts. */
const BESIDE = "count || ' ' || non_finite || ' ' || segments || ' ' || split || ' ' || name || ' ' || hints";
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

  constructor([id, sourceId, generation, name, hints, count, nonFinite, segments]: Columns, marks: DataView, at: number) {
    this.id = id;
    this.sourceId = sourceId;
    this.generation = generation;
    this.name = name;
    this.hints = hints === '{}' ? {} : (fromJson(hints) as SeriesHints);
    this.count = count;
    this.nonFinite = nonFinite;
    this.segments = segments === '[0]' ? [0] : (fromJson(segments) as number[]);
    this.#marks = marks;
    this.#at = at;
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

/** Reads them by source, without provisional points, each source's in the order in which they were made. Sources without points are left out. */
export function openRowsOfRoot(db: Database): (rootId: number) => Map<number, SeriesRow[]> {
  // Concatenation takes bytes as they are, zeros included. Sorting would cost as much as reading.
  const all = db
    .prepare<[number], [marks: Uint8Array | null, beside: Uint8Array | null, columns: string]>(
      `SELECT CAST(group_concat(marks, '') AS BLOB), CAST(group_concat(${BESIDE}, '') AS BLOB),
         json_group_array(json_array(series.id, source_id, series.generation, name, hints, count, non_finite, segments, length(CAST(${BESIDE} AS BLOB))))
       FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation = sources.generation WHERE root_id = ?`,
    )
    .raw();
  return (rootId) => {
    const bySource = new Map<number, SeriesRow[]>();
    const [marks, besides, text] = all.get(rootId)!;
    const columns = fromJson(text) as Columns[];
    if (!marks || !besides || columns.length === 0) return bySource;
    const view = checkedMarks(marks, besides, columns);
    for (let n = 0; n < columns.length; n += 1) {
      const row = columns[n]!;
      if (row[5] > 0) put(bySource, new MarkedRow(row, view, n * STORED));
    }
    for (const rows of bySource.values()) if (rows.length > 1) rows.sort((a, b) => a.id - b.id);
    return bySource;
  };
}

function put(bySource: Map<number, SeriesRow[]>, row: SeriesRow): void {
  const there = bySource.get(row.sourceId);
  if (there) there.push(row);
  else bySource.set(row.sourceId, [row]);
}

/** All marks, each with its checksum behind it. Throws `StoreDamaged` if one does not fit. */
function checkedMarks(marks: Uint8Array, besides: Uint8Array, columns: readonly Columns[]): DataView {
  const view = new DataView(marks.buffer, marks.byteOffset, marks.byteLength);
  let at = 0;
  let from = 0;
  let sound = marks.length === columns.length * STORED;
  for (let n = 0; n < columns.length && sound; n += 1) {
    const to = from + columns[n]![8];
    const end = at + MARKS_BYTES;
    sound = to <= besides.length && crcAfter(crcAfter(0, besides, from, to), marks, at, end) === view.getUint32(end, true);
    from = to;
    at = end + CHECKSUM;
  }
  if (!sound || from !== besides.length) throw new StoreDamaged('The summary of a series fails its checksum');
  return view;
}
