/**
 * Every message of the window, once: its name, what its arguments must look like (checked at run time on arrival) and what comes back.
 * The preload builds the bridge from `requests` and `events`; main registers a handler for each. What the service answers is asked over
 * a port that ends there, so that curves do not pass through main and the context bridge; while there is no port, through main.
 */
import type { AlertView } from './alertView.ts';
import * as v from 'valibot';
import type { Diagnosis } from '../main/service/diagnose/diagnosis.ts';

export type { AlertView } from './alertView.ts';

export type { Cause, Diagnosis, Fault, VerdictKind } from '../main/service/diagnose/diagnosis.ts';
export type { Answer, AnsweredByMain, Bridge, PortGreeting, Question, Told } from './roads.ts';

const key = v.pipe(v.string(), v.maxLength(8192));
const text = v.pipe(v.string(), v.maxLength(20_000));
const number = v.pipe(v.number(), v.finite());
const axis = v.picklist(['step', 'epoch', 'elapsed', 'wall']);
const remedyState = v.picklist(['todo', 'doing', 'done', 'not-applicable']);

/** Request channels: arguments as a tuple schema. Results are in `Results`. */
export const requests = {
  overview: v.tuple([]),
  banners: v.tuple([]),
  run: v.tuple([key]),
  curves: v.tuple([
    v.strictObject({
      run: key,
      series: v.pipe(v.array(key), v.maxLength(200)),
      axis,
      from: v.optional(number),
      to: v.optional(number),
      pixels: v.pipe(number, v.minValue(1), v.maxValue(20_000)),
    }),
  ]),
  compare: v.tuple([v.pipe(v.array(key), v.maxLength(50))]),
  /** What runs say under a name: a number of the configuration, else the newest value of a metric. */
  numbers: v.tuple([v.pipe(v.string(), v.maxLength(200))]),
  ruleNames: v.tuple([]),
  machine: v.tuple([v.strictObject({ from: number, to: number, buckets: v.pipe(number, v.minValue(1), v.maxValue(5000)) })]),
  alerts: v.tuple([]),
  mutedRules: v.tuple([]),
  markAlertsSeen: v.tuple([]),
  alertFeedback: v.tuple([key, v.picklist(['expected-here', 'useful', 'none'])]),
  mute: v.tuple([v.strictObject({ run: v.optional(key), rule: v.optional(key), muted: v.boolean() })]),
  setRemedy: v.tuple([v.strictObject({ run: key, remedy: key, state: remedyState, note: v.optional(text) })]),
  setNote: v.tuple([key, text]),
  setPinned: v.tuple([key, v.boolean()]),
  setHidden: v.tuple([key, v.boolean()]),
  correctSeries: v.tuple([
    v.strictObject({ run: key, series: key, metric: v.nullable(key), split: v.nullable(v.picklist(['train', 'val', 'test'])) }),
  ]),
  problems: v.tuple([]),
  addFolder: v.tuple([key]),
  chooseFolder: v.tuple([]),
  removeFolder: v.tuple([number]),
  examples: v.tuple([]),
  playExample: v.tuple([key]),
  settings: v.tuple([]),
  saveSettings: v.tuple([
    v.strictObject({
      theme: v.picklist(['system', 'light', 'dark']),
      notifications: v.boolean(),
      notifyExpected: v.boolean(),
      quietFrom: v.nullable(v.pipe(v.string(), v.regex(/^\d\d:\d\d$/))),
      quietTo: v.nullable(v.pipe(v.string(), v.regex(/^\d\d:\d\d$/))),
      keepRunning: v.boolean(),
    }),
  ]),
  explanation: v.tuple([key]),
  copyText: v.tuple([text]),
  openLink: v.tuple([v.picklist(['readme', 'log-folder'])]),
  reportError: v.tuple([text]),
} as const;

export type Axis = v.InferOutput<typeof axis>;
export type RemedyState = v.InferOutput<typeof remedyState>;
export type Settings = v.InferOutput<(typeof requests.saveSettings.items)[0]>;
export type Requests = { [K in keyof typeof requests]: v.InferOutput<(typeof requests)[K]> };

/** A word with its colour; the word is always shown. */
export interface Chip {
  tone: 'bug' | 'data' | 'expected' | 'healthy' | 'warning' | 'unclear' | 'none';
  word: string;
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
  /** Newest value of the preferred loss. */
  last: { label: string; value: number | null } | null;
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
  last: { x: number; value: number } | null;
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

export interface MachineView {
  /** Plain sentence when there is nothing to show ("No NVIDIA driver found ..."), else null. */
  sentence: string | null;
  devices: {
    device: string;
    name: string;
    memoryTotal: number | null;
    powerLimit: number | null;
    atMs: number[];
    values: Record<string, (number | null)[]>;
    processes: { pid: number; name: string; memory: number | null; run: string | null }[];
  }[];
}

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

export interface Example {
  id: string;
  title: string;
  text: string;
}

export interface Results {
  overview: Overview;
  banners: Banner[];
  run: RunDetail | null;
  curves: CurveView[];
  compare: Compared;
  /** Key of a run and its number; runs that have none are left out. */
  numbers: [string, number][];
  /** Id of a cause or health rule, and its name. */
  ruleNames: [string, string][];
  machine: MachineView;
  alerts: AlertView[];
  /** Ids of the rules whose notifications are muted. */
  mutedRules: string[];
  markAlertsSeen: null;
  alertFeedback: null;
  mute: null;
  setRemedy: RemedyItem[];
  setNote: null;
  setPinned: null;
  setHidden: null;
  correctSeries: null;
  problems: ProblemView[];
  addFolder: RootView;
  /** null when the user cancelled the dialog. */
  chooseFolder: RootView | null;
  removeFolder: null;
  examples: Example[];
  /** Key of the run that is being played. */
  playExample: string;
  settings: Settings;
  saveSettings: Settings;
  explanation: { title: string; paragraphs: { heading: string; text: string }[]; sources: string[] } | null;
  copyText: null;
  openLink: null;
  reportError: null;
}

/** Messages to the page: of the service over its port, of main through the bridge. */
export interface Events {
  /** Rows that are new or changed, keys that went, and the new totals: at most about ten a second. */
  changed: { runs: RunRow[]; removed: string[]; roots: RootView[]; totals: Totals };
  /**
   * Points of these runs were committed: fetch visible curves again. `diagnosed` lists runs whose diagnosis changed. `appendedAtMs` is when
   * the new bytes were written, in milliseconds since 1970 by the file system's clock; null where old bytes were found, not appended.
   */
  grew: { runs: string[]; diagnosed: string[]; appendedAtMs: number | null };
  alert: AlertView;
  openRun: { run: string; step: number | null };
  banners: Banner[];
  theme: 'light' | 'dark';
}
