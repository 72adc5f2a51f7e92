/**
 * The rows of all series of a root, of the current generation of each source: what a start on known runs waits for. They come as two values,
 * all marks in one blob and the other columns as one text, because handing a value over to this language costs more than finding it: 2500
 * rows take 7 ms so, and 14 ms one by one, with a third of the garbage. That they are what was written, each row's checksum says as ever.
 */
import type { Database } from 'better-sqlite3';
import { StoreDamaged } from './errors.ts';
import { fromJson } from './json.ts';
import { STORED_MARKS } from './marks.ts';
import type { StoredSeries } from './series.ts';

type Columns = [id: number, sourceId: number, generation: number, split: string, name: string, hints: string, count: number, nonFinite: number, segments: string];

/** Reads them in no order. */
export function openRowsOfRoot(db: Database): (rootId: number) => StoredSeries[] {
  // Concatenation takes bytes as they are, zeros included. Sorting would cost as much as reading.
  const all = db
    .prepare<[number], [marks: Uint8Array | null, columns: string]>(
      `SELECT CAST(group_concat(marks, '') AS BLOB),
         json_group_array(json_array(series.id, source_id, series.generation, split, name, hints, count, non_finite, segments))
       FROM sources CROSS JOIN series ON source_id = sources.id AND series.generation = sources.generation WHERE root_id = ?`,
    )
    .raw();
  return (rootId) => {
    const [marks, columns] = all.get(rootId)!;
    const rows = fromJson(columns) as Columns[];
    if ((marks?.length ?? 0) !== rows.length * STORED_MARKS) throw new StoreDamaged('The summaries of series are not as long as they were written');
    return rows.map(([id, sourceId, generation, split, name, hints, count, nonFinite, segments], at) => ({
      id, source_id: sourceId, generation, split, name, hints, count, non_finite: nonFinite, segments,
      marks: marks!.subarray(at * STORED_MARKS, (at + 1) * STORED_MARKS),
    }));
  };
}
