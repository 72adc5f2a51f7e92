/** Runs the service in a utility process, starts it again when it dies, and carries requests and the page's port to it. */
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { Answer, Results } from '../preload/contract.ts';
import type { FromService, ToService } from './service/messages.ts';

type AnyAnswer = Answer<Results[keyof Results]>;
type Opening = Extract<ToService, { kind: 'open' }>;

/** Waits before the first, second and third new start, in milliseconds. */
const BACK_OFF_MS = [100, 500, 2000];
/** Deaths further apart than this do not add up. */
const CALM_MS = 5 * 60_000;

export interface Listeners {
  message(message: FromService): void;
  restarted(): void;
  /** Gets a sentence for the user when the service died too often and stays down. */
  trouble(sentence: string): void;
}

export interface ServiceHost {
  /** Who hears the service, from its first word on: what it says before this is called is told then. To be called once. */
  listen(listeners: Listeners): void;
  request(channel: string, args: unknown[]): Promise<AnyAnswer>;
  send(message: ToService): void;
  /** Gives the service the end of a page's port; closed at once where there is no service, so that the page asks through main. */
  connect(port: MessagePortMain): void;
  /** Asks the service to finish and waits until its process has ended, at most two seconds: it has something to keep at its end. */
  close(): Promise<void>;
  /** Process id of the running service, for tests that kill it. */
  pid(): number | undefined;
}

interface Pending {
  message: Extract<ToService, { kind: 'request' }>;
  resolve(answer: AnyAnswer): void;
}

export function startService(script: string, opening: Opening): ServiceHost {
  let listen: ServiceHost['listen'] = () => undefined;
  const listening = new Promise<Listeners>((resolve) => (listen = resolve));
  const tell = (what: (on: Listeners) => void): void => void listening.then(what);
  const pending = new Map<number, Pending>();
  let child: UtilityProcess | null = null;
  let ready = false;
  let closing = false;
  let nextId = 1;
  let deaths: number[] = [];
  let whenEnded: (() => void) | null = null;

  function start(): void {
    child = utilityProcess.fork(script, [opening.dataFolder], { serviceName: 'Gapwatch service', stdio: 'inherit' });
    child.on('message', (message: FromService) => receive(message));
    child.on('exit', died);
    child.postMessage(opening);
  }

  function receive(message: FromService): void {
    if (message.kind === 'ready') {
      ready = true;
      // Questions asked while there was no service, or that died with it, are asked again: all of them may be repeated.
      for (const { message: question } of pending.values()) child?.postMessage(question);
    } else if (message.kind === 'answer') {
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      waiting?.resolve(message.answer);
    }
    tell((on) => on.message(message));
  }

  function died(): void {
    child = null;
    ready = false;
    whenEnded?.();
    if (closing) return;
    const now = Date.now();
    deaths = [...deaths.filter((at) => now - at < CALM_MS), now];
    const wait = BACK_OFF_MS[deaths.length - 1];
    if (wait === undefined) {
      const sentence = 'The background service stopped three times. Logs are not being read; restart Gapwatch to try again. No stored point is lost.';
      for (const { resolve } of pending.values()) resolve({ ok: false, error: { code: 'service-down', message: sentence } });
      pending.clear();
      tell((on) => on.trouble(sentence));
      return;
    }
    setTimeout(() => {
      start();
      tell((on) => on.restarted());
    }, wait);
  }

  start();
  return {
    listen,
    request(channel, args) {
      const message = { kind: 'request', id: nextId, channel, args } as const;
      nextId += 1;
      return new Promise((resolve) => {
        pending.set(message.id, { message, resolve });
        if (ready) child?.postMessage(message);
      });
    },
    send: (message) => child?.postMessage(message),
    connect(port) {
      if (child) child.postMessage({ kind: 'page' } satisfies ToService, [port]);
      else port.close();
    },
    close() {
      closing = true;
      if (!child) return Promise.resolve();
      return new Promise((resolve) => {
        const limit = setTimeout(() => {
          child?.kill();
          resolve();
        }, 2000);
        whenEnded = () => {
          clearTimeout(limit);
          resolve();
        };
        child?.postMessage({ kind: 'close' } satisfies ToService);
      });
    },
    pid: () => child?.pid,
  };
}
