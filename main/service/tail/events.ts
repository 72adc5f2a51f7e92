/** What tailing tells the service. */
export type RootState = 'ok' | 'loading' | 'not-answering' | 'gone';

export interface Progress {
  files: number;
  bytesDone: number;
  bytesTotal: number;
  points: number;
}

/** A file that cannot be read at the moment, or a place that is left out on purpose. Damage inside files is in the store. */
export interface Trouble {
  rootId: number;
  /** Relative to the root; '' for the root itself. */
  path: string;
  text: string;
  /** Milliseconds since 1970. */
  atMs: number;
}

/** A file of no known format. */
export interface NotUnderstood {
  path: string;
  /** The beginning of its first line, at most 200 characters; '' for binary content. */
  firstLine: string;
}

export type TailEvent =
  /** Points, config or facts of these sources are committed. */
  | { kind: 'grew'; rootId: number; sourceIds: number[]; points: number }
  | { kind: 'added'; rootId: number; sourceIds: number[] }
  /** These sources' files went away, came back or have a new path. */
  | { kind: 'gone'; rootId: number; sourceIds: number[] }
  | { kind: 'back'; rootId: number; sourceIds: number[] }
  | { kind: 'moved'; rootId: number; sourceIds: number[] }
  /** Also sent with `text: null` when a trouble is over. */
  | { kind: 'problem'; rootId: number; path: string; text: string | null }
  | { kind: 'progress'; rootId: number; progress: Progress }
  | { kind: 'root-state'; rootId: number; state: RootState; sentence: string | null }
  /** Nothing can be stored at the moment (disk full, read-only); reading waits and goes on by itself. null: it goes on. */
  | { kind: 'storage'; sentence: string | null };
