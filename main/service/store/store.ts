/**
 * The store as the rest of the service sees it. One SQLite file, one writer; implemented by open.ts and the files beside it.
 *
 * A series belongs to one source (one file) and is never shared between files: replacing, truncating or re-assigning a file
 * touches only its own series. What a run shows is a union over its sources, made by runs/.
 */
import type { Batch } from '../formats/batch.ts';
import type { ConfigValue, SeriesHints } from '../formats/format.ts';
import type { Points } from '../points.ts';

/** Where a file stood when it was last read: the resume record. */
export interface SourcePosition {
  device: number;
  inode: number;
  size: number;
  /** Byte offset after the last complete record that is stored. */
  offset: number;
  /** Hash of up to 32 bytes before `offset`, hex; '' at offset 0. */
  marker: string;
  /** Milliseconds since 1970 as the file system says. */
  mtimeMs: number;
  /** What the format's reader needs to go on. */
  reader: unknown;
}

export interface SourceRow extends SourcePosition {
  id: number;
  rootId: number;
  /** Relative to the root, '/' separators. */
  path: string;
  format: string;
  /** Starts at 0, one more each time the file was truncated or replaced. */
  generation: number;
  /** Milliseconds since 1970 at which the source last grew while being watched; null for history. */
  grewAtMs: number | null;
  facts: Record<string, string | number>;
  state: 'running' | 'finished' | 'failed' | null;
  gone: boolean;
}

/** What the runs show of a source; where reading it goes on concerns tailing alone, and costs most of what is read with it. */
export type ShownSource = Omit<SourceRow, Exclude<keyof SourcePosition, 'mtimeMs'>>;

export interface SeriesRow {
  id: number;
  sourceId: number;
  /** Generation of the source that wrote it. */
  generation: number;
  name: string;
  hints: SeriesHints;
  count: number;
  nonFinite: number;
  /** Indexes at which segments begin (always starts with 0 when there are points): the writer restarted or the step went back. */
  segments: number[];
  /** Finite points, null without any. */
  first: Extreme | null;
  last: Extreme | null;
  min: Extreme | null;
  max: Extreme | null;
  /**
   * The last point whatever its value: `last` where that is finite, else one of NaN or an infinity, with the last step, epoch and time of its
   * segment. null without points.
   */
  end: Extreme | null;
  hasStep: boolean;
  hasEpoch: boolean;
  hasTime: boolean;
}

export interface Extreme {
  index: number;
  step: number | null;
  epoch: number | null;
  time: number | null;
  value: number;
}

export interface Commit {
  sourceId: number;
  position: SourcePosition;
  batch: Batch;
  /**
   * append: the points follow those that are there. replace: a snapshot was read anew, its points replace the source's.
   * generation: the file was truncated or replaced, the old points stay as superseded and a new generation begins.
   */
  mode: 'append' | 'replace' | 'generation';
  /** Points of a last line without newline: shown, and replaced by the next commit of this source. */
  provisional?: Batch;
  grewAtMs: number | null;
}

/**
 * A view of a series for drawing: at most a few points a pixel, with which every pixel column looks as if all points were drawn. Its y are stored
 * values. So are its x, except in a far view (many points a pixel) on an axis without equal steps: there x, and with it the edges
 * of the columns, may be off by a sixteenth of a pixel.
 */
export interface Curve {
  /** x of the chosen axis, ascending within a segment; points without it are left out. */
  x: Float64Array;
  /** NaN where a non-finite value or a segment break is. */
  y: Float64Array;
  /** Where in x and y segments begin, the first (0) included: x goes back there. Empty without points. */
  segments: number[];
  /** True if every stored point in the range is in x/y; false if min/max per pixel were taken. */
  exact: boolean;
  /** Number of stored points in the range. */
  points: number;
  /** Places of NaN and infinities in the range (capped), with what they are. */
  nonFinite: { x: number; value: 'NaN' | 'Infinity' | '-Infinity' }[];
}

export interface ReadRange {
  axis: 'step' | 'epoch' | 'time' | 'index';
  /** Inclusive; omit for everything. */
  from?: number;
  to?: number;
  /** Width of the drawing in device pixels; places are rounded to whole ones, so that there is a column more (decimate.ts). */
  pixels: number;
  /** True: where there are many points a pixel, the extremes of the columns without what joins them. */
  draft?: boolean;
  /** True: each segment comes with its next point on either side of the range, so that its line runs to the edge. */
  around?: boolean;
}

export interface Store {
  /**
   * Set if the database could not be read at opening: it was renamed, and a new one begun, to be filled from the logs again. Roots and
   * documents, which no log holds, were taken over as far as they could be read (`salvaged`: how many rows).
   */
  readonly recovered: { movedTo: string; why: string; salvaged: number } | null;
  /** True if the database can be read but not written; commits throw `StoreReadOnly`. */
  readonly readOnly: boolean;

  addRoot(path: string): number;
  roots(): { id: number; path: string; addedAtMs: number }[];
  /** Forgets the root with everything below it. */
  removeRoot(rootId: number): void;

  sources(rootId: number): SourceRow[];
  source(sourceId: number): SourceRow | null;
  shownSources(rootId: number): ShownSource[];
  shownSource(sourceId: number): ShownSource | null;
  /** Finds or makes the source of a path, and notes its format. */
  addSource(rootId: number, path: string, format: string): SourceRow;
  /** The file was renamed inside its root: same identity, new path. */
  moveSource(sourceId: number, path: string): void;
  markGone(sourceId: number, gone: boolean): void;

  /**
   * Points, config, facts, problems and the new offset in ONE transaction. Several sources may be committed together: one call for
   * many sources costs far less than many calls. Throws `StoreFull` or `StoreReadOnly` (errors.ts); nothing is kept then, and the
   * same commits can be tried again later.
   */
  commit(commits: Commit[]): void;

  /** The series of the current generation of a source. */
  series(sourceId: number): SeriesRow[];
  /** Those of its former generations, the oldest first: what stood in the file before it was truncated or replaced. */
  superseded(sourceId: number): SeriesRow[];
  /** The same as `series` of all sources of a root, by source; those without any are left out. */
  seriesOfRoot(rootId: number): Map<number, SeriesRow[]>;
  /** The stored points of a series, provisional ones last: every one, or those with an index in [from, to). */
  points(seriesId: number, from?: number, to?: number): Points;
  /** Adds those with an index in [from, to), both multiples of 4096, to `into`, which has room for so many. */
  addPoints(into: Points, seriesId: number, from: number, to: number): void;
  curve(seriesId: number, range: ReadRange): Curve;
  config(sourceId: number): ReadonlyMap<string, ConfigValue>;
  configOfRoot(rootId: number): Map<number, ReadonlyMap<string, ConfigValue>>;
  problems(rootId?: number): { sourceId: number; path: string; offset: number; text: string; atMs: number }[];
  /** Points of all generations, provisional ones too, and bytes of the database: at hand. */
  totals(): { points: number; bytes: number };
  /** All series and sources, counted anew. */
  counts(): { series: number; sources: number };

  /** Small JSON documents by (kind, key): settings, checklists, alerts, findings, notes, name corrections. */
  documents: Documents;
  machine: MachineStore;

  /** Runs `work` in one transaction; nested calls join it. */
  transaction<T>(work: () => T): T;
  /** Runs `work`, which only reads, on one state of the database: hundreds of small reads cost half of what they cost one by one. */
  read<T>(work: () => T): T;
  /** To be called when nothing was committed for a while: writes the log into the database and empties it. */
  rest(): void;
  /**
   * Compares the tables that lead to the points with their indexes, once after opening and when little else is to be done: 3 ms for a hundred
   * runs. Throws `StoreDamaged`, noted for the next open, as every read that meets damage does.
   */
  verify(): void;
  /** Reads every page; returns what is wrong, at most ten sentences, none if all is well. Takes a second per gigabyte or so. */
  check(): string[];
  close(): void;
}

export interface Documents {
  get<T>(kind: string, key: string): T | null;
  set(kind: string, key: string, value: unknown): void;
  delete(kind: string, key: string): void;
  all<T>(kind: string): { key: string; value: T }[];
}

export interface MachineStore {
  /** One row per device and time. `device` is the GPU's uuid, or 'host'. Values are numbers or null, keyed by sample field. */
  add(samples: { device: string; atMs: number; values: Record<string, number | null> }[]): void;
  /** Columns over a time range, at most `buckets` of them (mean, and min/max for `util`), oldest first. */
  range(device: string, fromMs: number, toMs: number, buckets: number): { atMs: number[]; values: Record<string, (number | null)[]> };
  devices(): { device: string; firstMs: number; lastMs: number }[];
  /** Drops samples older than this. */
  prune(beforeMs: number): void;
}
