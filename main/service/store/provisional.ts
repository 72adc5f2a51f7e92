/** Points of a last line without its newline: shown after the others, replaced by the next commit of their source. */
import type { BatchSeries } from '../formats/batch.ts';
import { Points } from '../points.ts';
import { decodeBlock, encodeBlock } from './codec/block.ts';
import type { Statements } from './lazyStatements.ts';
import { type Summary, take } from './marks.ts';
import { fromJson } from './json.ts';

interface Stored {
  series_id: number;
  count: number;
  restarts: string;
  data: Uint8Array;
}

/** Takes the provisional points of a series into its summary, and returns them, or null if there are none. */
export type TakeInto = (summary: Summary, seriesId: number) => Points | null;

export interface Provisional {
  add(seriesId: number, sourceId: number, series: BatchSeries): void;
  drop(sourceId: number): void;
  takeInto: TakeInto;
  /** The same for many series of one source, looked up once. */
  ofSource(sourceId: number): TakeInto;
  /** The sources of a root that have provisional points. */
  sourcesOfRoot(rootId: number): number[];
}

export function openProvisional(db: Statements): Provisional {
  const add = db.prepare('INSERT INTO provisional (series_id, source_id, count, restarts, data) VALUES (?, ?, ?, ?, ?)');
  const drop = db.prepare('DELETE FROM provisional WHERE source_id = ?');
  const ofSeries = db.prepare<[number], Stored>('SELECT * FROM provisional WHERE series_id = ?');
  const ofSource = db.prepare<[number], Stored>('SELECT * FROM provisional WHERE source_id = ?');
  const ofRoot = db.prepare<[number], number>('SELECT DISTINCT source_id FROM sources JOIN provisional ON source_id = sources.id WHERE root_id = ?').pluck();
  const listed = (rows: readonly Stored[]): TakeInto => {
    const stored = new Map(rows.map((row) => [row.series_id, row]));
    return (summary, seriesId) => takeStored(summary, stored.get(seriesId));
  };
  return {
    add(seriesId, sourceId, { points, restarts }) {
      add.run(seriesId, sourceId, points.length, JSON.stringify(restarts), encodeBlock(points, 0, points.length).bytes);
    },
    drop: (sourceId) => void drop.run(sourceId),
    takeInto: (summary, seriesId) => takeStored(summary, ofSeries.get(seriesId)),
    ofSource: (sourceId) => listed(ofSource.all(sourceId)),
    sourcesOfRoot: (rootId) => ofRoot.all(rootId),
  };
}

function takeStored(summary: Summary, stored: Stored | undefined): Points | null {
  if (!stored) return null;
  const points = new Points(stored.count);
  points.length = decodeBlock(stored.data, points, 0);
  take(summary, points, fromJson(stored.restarts) as number[]);
  return points;
}
