/** What main and the service process say to each other: the window's contract, passed on, and a few words of their own. */
import type { Question, Results, Told } from '../../preload/contract.ts';
import type { Notice } from './alerts/policy.ts';

export type ToService =
  | { kind: 'open'; dataFolder: string; version: string; examplesFolder: string; nvidiaSmi: string | null }
  | ({ kind: 'request' } & Question)
  /** With the port of a page that talks to the service past main. */
  | { kind: 'page' }
  /** The machine woke up: one catch-up look instead of a burst of late timers. */
  | { kind: 'resumed' }
  /** The process ends when it has. */
  | { kind: 'close' };

export type FromService =
  | { kind: 'ready' }
  | Told
  | { kind: 'notice'; notice: Notice }
  | { kind: 'settings'; settings: Results['settings'] };
