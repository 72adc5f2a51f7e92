/** The two roads of the window's requests: main answers a few, the service the rest over a port; both check what arrives in one way. */
import * as v from 'valibot';
import type { Events, Results } from './contract.ts';
import { requests, type Requests } from './requests.ts';

/** Requests that main answers itself; all others are the service's. */
export const answeredByMain = ['banners', 'chooseFolder', 'copyText', 'openLink'] as const satisfies readonly (keyof Requests)[];
export type AnsweredByMain = (typeof answeredByMain)[number];

export type Refusal = { ok: false; error: { code: string; message: string } };
export type Answer<T> = { ok: true; value: T } | Refusal;

/** What the page says into its port, and what it hears from it. */
export interface Question {
  id: number;
  channel: string;
  args: unknown[];
}
export type Told =
  | { kind: 'answer'; id: number; answer: Answer<Results[keyof Results]> }
  | { [K in keyof Events]: { kind: 'event'; event: K; payload: Events[K] } }[keyof Events];

/** The message of the window that brings the page its port. */
export type PortGreeting = 'gapwatch-port';

/** What the preload puts on `window.gapwatch`. Requests reject with an Error whose message may be shown. */
export interface Bridge {
  request<K extends keyof Requests>(channel: K, ...args: Requests[K]): Promise<Answer<Results[K]>>;
  /** Returns a function that ends the subscription. */
  on<K extends keyof Events>(event: K, listener: (payload: Events[K]) => void): () => void;
  /** Says a question into the port, which brings the answer, as long as `connect` was not called; false after that: nothing was asked. */
  askEarly(question: Question): boolean;
  /** True if the port to the service comes as a message of this window, as another one does whenever the service was started again. */
  connect(): boolean;
  /** Absolute path of a dropped file or folder; '' if it has none. */
  pathOf(file: unknown): string;
}

/** Arguments of a request as the contract wants them, or the refusal. */
export function checked<K extends keyof Requests>(channel: K, args: unknown): { ok: true; value: Requests[K] } | Refusal {
  const parsed = v.safeParse(requests[channel], args);
  return parsed.success ? { ok: true, value: parsed.output as Requests[K] } : refused('arguments', `${channel}: ${parsed.issues[0].message}`);
}

export function refused(code: string, message: string): Refusal {
  return { ok: false, error: { code, message } };
}
