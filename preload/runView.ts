/** Runs as the window sees them: a row of the list, a run in full, its curves, and runs beside each other. */
import type { Diagnosis } from '../main/service/diagnose/diagnosis.ts';
import type { RemedyState } from './requests.ts';

export type { Cause, Diagnosis, Fault, VerdictKind } from '../main/service/diagnose/diagnosis.ts';

/** A word with its colour; the word is always shown. */
export interface Chip {
  tone: 'bug' | 'data' | 'expected' | 'healthy' | 'warning' | 'unclear' | 'none';
  word: string;
}

/** A value, and where: the step, else the epoch, else the index of its point. */
export interface Place {
  x: number;
  value: number;
}

export interface RunRow {
  /** Unique over all roots. */
  key: string;
  rootId: number;
  /** Folder of the run relative to its root, '.' for the root itself. */
  id: string;
  name: string;
  state: 'running' | 'finished' | 'stalled' | 'failed' | 'unknown';
  chip: Chip;
  /** The gap's course, at most 48 values; empty when there is none. */
  spark: number[];
  /** Newest value of the preferred loss, NaN and infinities too: `finite` is the newest that is a number where this one is not. */
  last: { label: string; value: number | null; finite?: Place } | null;
  step: number | null;
  epoch: number | null;
  /** Milliseconds since 1970 of the last byte; null if unknown. */
  lastByteAtMs: number | null;
  points: number;
  problems: number;
  pinned: boolean;
  hidden: boolean;
  muted: boolean;
}

export interface SeriesView {
  /** Unique within the run. */
  key: string;
  /** As logged. */
  name: string;
  metric: string;
  split: 'train' | 'val' | 'test' | null;
  probe: boolean;
  meaning: string | null;
  unit: string | null;
  points: number;
  nonFinite: number;
  /** The last point, whatever its value, and the last one that is finite. */
  last: Place | null;
  lastFinite: Place | null;
  min: number | null;
  max: number | null;
  /** The file it is read from, relative to the root. */
  file: string;
  hasStep: boolean;
  hasEpoch: boolean;
  hasTime: boolean;
  /** Number of segments: more than one when the run was resumed. */
  segments: number;
  /** Half a logging window in units of the step axis (or epoch axis without steps): what the half-epoch shift moves a train mean by. */
  halfWindow: number | null;
}

export interface RemedyItem {
  id: string;
  title: string;
  why: string;
  state: RemedyState;
  note: string;
  /** Milliseconds since 1970 of the last change; null if untouched. */
  changedAtMs: number | null;
  /** What this remedy did in an earlier run of the same family, if known. */
  effect: string | null;
}

export interface RunDetail {
  row: RunRow;
  formats: string[];
  planSteps: number | null;
  planEpochs: number | null;
  series: SeriesView[];
  config: { key: string; value: string }[];
  diagnosis: Diagnosis;
  remedies: RemedyItem[];
  note: string;
  /** Run-level facts worth a word: "buffered by wandb", writer versions. */
  facts: { key: string; value: string }[];
  /** Wall time in seconds at which the run began, if any series has times: zero of the elapsed axis. */
  startedAt: number | null;
  /** Up to about 200 places, ascending, at which several axes are known: findings and machine samples stand right on each. */
  places?: { step: (number | null)[]; epoch: (number | null)[]; time: (number | null)[] };
}

export interface CurveView {
  key: string;
  x: Float64Array;
  /** NaN breaks the line. */
  y: Float64Array;
  /** True if every stored point of the range is in x/y, false if extremes per pixel were taken. */
  exact: boolean;
  points: number;
  nonFinite: { x: number; value: 'NaN' | 'Infinity' | '-Infinity' }[];
  /** Stretches that a resume superseded, oldest first; absent where there are none. */
  superseded?: { x: Float64Array; y: Float64Array }[];
}

export interface Compared {
  runs: { key: string; name: string }[];
  /** Config keys whose values differ, one value a run in the order of `runs`. */
  differences: { key: string; values: (string | null)[] }[];
  gaps: { key: string; d: number | null; low: number | null; high: number | null; state: string }[];
  /** Before/after sentences where runs differ in few keys, or the spread over seeds. */
  sentences: string[];
}
