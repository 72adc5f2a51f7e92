/** The folders that are watched: what is in them, what of them could not be read, and what is wrong with the whole. */
import type { RunRow } from './runView.ts';

export interface ProblemView {
  rootId: number;
  file: string;
  offset: number;
  text: string;
  /** null: true since the folder was first looked at. */
  atMs: number | null;
  /** A file that is no log we know is no fault of anybody. */
  kind: 'fault' | 'stranger';
}

export interface RootView {
  id: number;
  path: string;
  /** The path as people write it: ~/runs. */
  shown: string;
  runs: number;
  running: number;
  /** ok, loading, not answering, gone: with a sentence when it is not ok. */
  state: 'ok' | 'loading' | 'not-answering' | 'gone';
  sentence: string | null;
  progress: { files: number; bytesDone: number; bytesTotal: number; points: number } | null;
}

export interface Totals {
  points: number;
  bytes: number;
  runs: number;
  /** What could not be read of logs. */
  problems: number;
  /** Files that are no logs we know. */
  strangers: number;
  unseenAlerts: number;
}

export interface Overview {
  version: string;
  roots: RootView[];
  runs: RunRow[];
  totals: Totals;
}

/** Something the user should know that is not about one run: disk full, service restarted, database set aside. */
export interface Banner {
  id: string;
  tone: 'bad' | 'warn' | 'info';
  text: string;
}
