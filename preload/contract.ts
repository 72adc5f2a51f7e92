/**
 * Every message of the window, once: requests (requests.ts) with what comes back, and events. Main registers a handler for each request;
 * channels.ts has the names for the preload. What the service answers is asked over a port that ends there, so that curves do not pass
 * through main and the context bridge; while there is no port, through main.
 */
import type { AlertView } from './alertView.ts';
import type { Banner, Overview, ProblemView, RootView, Totals } from './foldersView.ts';
import type { MachineView } from './machineView.ts';
import type { Settings } from './requests.ts';
import type { Compared, CurveView, RemedyItem, RunDetail, RunRow } from './runView.ts';

export type * from './alertView.ts';
export type * from './foldersView.ts';
export type * from './machineView.ts';
export type * from './runView.ts';
export type { Axis, RemedyState, Requests, Settings } from './requests.ts';
export type { Answer, AnsweredByMain, Bridge, PortGreeting, Question, Told } from './roads.ts';

export interface Example {
  id: string;
  title: string;
  text: string;
}

export interface Results {
  overview: Overview;
  newest: Overview;
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
