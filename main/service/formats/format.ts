/**
 * What a log format is to the rest of the service: a detector on path and first bytes, and a reader without I/O.
 *
 * Write classes are those of the format reference: a stream is appended to (class A, A+), a snapshot is a whole file that is
 * written anew each time (class R), a database is polled by its own marks.
 */
import type { Points } from '../points.ts';

export type Split = 'train' | 'val' | 'test';

export type ConfigValue = string | number | boolean | null | ConfigValue[];

/**
 * What one value of a series is, where the writer fixes it: the loss of one batch, the mean since the last log line, the mean over
 * the epoch, an exponentially smoothed value, or a measurement in evaluation mode. The diagnosis depends on it.
 */
export type Meaning = 'batch' | 'window-mean' | 'epoch-mean' | 'smoothed' | 'evaluation' | 'run-mean';

/** What a reader knows of a series beyond its name. Leave out what only the name says: runs/ reads names for all formats alike. */
export interface SeriesHints {
  split?: Split;
  metric?: string;
  meaning?: Meaning;
  /** Which axis counts the points when both or neither are usual. */
  axis?: 'step' | 'epoch';
  unit?: string;
}

/** Receives what a reader finds. A `Batch` (batch.ts) is the one implementation; handles hold for one `read` call, never longer. */
export interface Sink {
  /** Handle of a series of this source. The same name and hinted split give the same handle. Cheap, but keep the handle in hot loops. */
  series(name: string, hints?: SeriesHints): number;
  /** Adds a point. NaN on an axis means "not logged"; NaN or an infinity as value is a logged value. */
  point(series: number, step: number, epoch: number, time: number, value: number): void;
  /** The columns behind a handle, for readers that push thousands of points. */
  columns(series: number): Points;
  /** A hyper-parameter; nested keys are joined with '/'. A later value replaces an earlier one. */
  config(key: string, value: ConfigValue): void;
  /** The writer started again: points that follow begin a new segment. */
  restart(): void;
  /** An explicit word of the writer on the state of the run (exit record, status field). */
  runState(state: 'running' | 'finished' | 'failed'): void;
  /** A run-level fact: display name, writer version, planned steps ("planSteps"), planned epochs ("planEpochs"), notes such as "buffered". */
  fact(key: string, value: string | number): void;
  /** A damaged or unreadable place: byte offset in the file and one sentence saying what was done about it. */
  problem(offset: number, text: string): void;
}

export interface Reader {
  /**
   * Reads the complete records in `bytes`, whose first byte stands at file offset `offset`.
   * Returns how many bytes are done with: the rest (an incomplete record) is offered again when more has arrived. A return value
   * larger than `bytes.length` says that the tailer may seek over what follows (a huge record that is skipped).
   * With `atEnd` the file has been idle or ended: a last line without its newline may be taken as complete.
   */
  read(bytes: Uint8Array, offset: number, sink: Sink, atEnd: boolean): number;
  /** What `open` needs to go on after a restart of the service: plain JSON, small. */
  save(): unknown;
}

/** What a detector may look at: nothing but names and the first bytes. */
export interface Probe {
  /** Path relative to the root, '/' separators. */
  path: string;
  /** Last part of `path`. */
  name: string;
  /** The first bytes, at most 64 KiB. */
  head: Uint8Array;
  size: number;
  /** Names of the files and folders beside it. */
  siblings: ReadonlySet<string>;
}

interface Described {
  /** The id in `check --json` (`tensorboard`, `lightning-csv` ...). */
  id: string;
  /** For the window and the README: "TensorBoard event file". */
  title: string;
  /** True if this file is of this format. Formats are asked in the order of the registry; the first yes wins. */
  detect(probe: Probe): boolean;
}

export interface StreamFormat extends Described {
  kind: 'stream';
  /** A reader at the start of the file, or, with what `save` gave, one that goes on. */
  open(probe: Pick<Probe, 'path' | 'name'>, saved?: unknown): Reader;
}

/** The whole file is read at each change; what it says replaces what it said before. */
export interface SnapshotFormat extends Described {
  kind: 'snapshot';
  /** Throws an Error with a clear sentence when the file is (still) incomplete; it is then tried again at its next change. */
  parse(bytes: Uint8Array, sink: Sink, probe: Pick<Probe, 'path' | 'name'>): void;
  /** True for files that hold only configuration. */
  configOnly?: boolean;
}

/** Another program's SQLite file, opened read-only by `poll`. One file may hold many runs: `run` names them below the file's folder. */
export interface DatabaseFormat extends Described {
  kind: 'database';
  /** Reads what is new since `mark` (undefined: everything) and returns the next mark (plain JSON). */
  poll(file: string, mark: unknown, sinkOf: (run: string) => Sink): unknown;
}

export type Format = StreamFormat | SnapshotFormat | DatabaseFormat;
