/** The names of all messages, without their schemas: the preload runs before the page does, and what checks arguments is not needed there. */
import type { Events } from './contract.ts';
import type { Requests } from './requests.ts';

/** By name, so that none can be forgotten or be there twice. */
type All<Names extends PropertyKey> = Record<Names, true>;

const requests: All<keyof Requests> = {
  overview: true,
  newest: true,
  banners: true,
  run: true,
  curves: true,
  compare: true,
  numbers: true,
  ruleNames: true,
  machine: true,
  alerts: true,
  mutedRules: true,
  markAlertsSeen: true,
  alertFeedback: true,
  mute: true,
  setRemedy: true,
  setNote: true,
  setPinned: true,
  setHidden: true,
  correctSeries: true,
  problems: true,
  addFolder: true,
  chooseFolder: true,
  removeFolder: true,
  examples: true,
  playExample: true,
  settings: true,
  saveSettings: true,
  explanation: true,
  copyText: true,
  openLink: true,
  reportError: true,
};

const events: All<keyof Events> = { changed: true, grew: true, alert: true, openRun: true, banners: true, theme: true };

/** True for the name of a request. */
export function isRequest(name: string): name is keyof Requests {
  return Object.hasOwn(requests, name);
}

/** True for the name of an event. */
export function isEvent(name: string): name is keyof Events {
  return Object.hasOwn(events, name);
}
