/** What main and the service process say to each other: the window's contract, passed on, and a few words of their own. */
import type { Answer, Events, Results } from '../../preload/contract.ts';
import type { Notice } from './alerts/policy.ts';

/** Requests that need Electron and are answered in main; all others go to the service. */
export const answeredByMain = ['chooseFolder', 'copyText', 'openLink'] as const;

export type ToService =
  | { kind: 'open'; dataFolder: string; version: string; examplesFolder: string; nvidiaSmi: string | null }
  | { kind: 'request'; id: number; channel: string; args: unknown[] }
  /** The machine woke up: one catch-up look instead of a burst of late timers. */
  | { kind: 'resumed' }
  | { kind: 'close' };

export type FromService =
  | { kind: 'ready' }
  | { kind: 'answer'; id: number; answer: Answer<Results[keyof Results]> }
  | { [K in keyof Events]: { kind: 'event'; event: K; payload: Events[K] } }[keyof Events]
  | { kind: 'notice'; notice: Notice }
  | { kind: 'settings'; settings: Results['settings'] }
  | { kind: 'closed' };
