/**
 * The bridge as the window uses it: the service is asked over a port that ends there; while there is none, through main. What a start asks
 * is said into the port by the preload, before the window is drawn for the first time: the service answers meanwhile.
 */
import type { Answer, AnsweredByMain, Bridge, Events, PortGreeting, Question, Requests, Results, Told } from '../../preload/contract.ts';

type AnyAnswer = Answer<Results[keyof Results]>;
type Listener = (payload: Events[keyof Events]) => void;

const GREETING: PortGreeting = 'gapwatch-port';
const MAINS: Record<AnsweredByMain, true> = { banners: true, chooseFolder: true, copyText: true, openLink: true };

interface Waiting {
  question: Question;
  resolve(answer: AnyAnswer | Promise<AnyAnswer>): void;
}

/**
 * Puts the port before a bridge. A new port replaces the last one; what was asked over a port that closed unanswered is asked again
 * through main, which keeps it until there is a service: all requests may be repeated.
 */
export function direct(bridge: Bridge): Bridge {
  let port: MessagePort | null = null;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<Listener>>();

  /** Set while the first port is on its way to the page. */
  let arrival: Promise<void> | null = null;
  let arrived = (): void => undefined;

  addEventListener('message', ({ source, origin, data, ports: [given] }) => {
    if (source !== window || origin !== location.origin || data !== GREETING || !given) return;
    take(given);
    arrived();
  });
  // After all that the window asks when it is made.
  setTimeout(() => {
    if (bridge.connect()) arrival = new Promise((resolve) => (arrived = resolve));
  });

  function take(given: MessagePort): void {
    drop(port);
    port = given;
    given.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if (data.kind === 'answer') {
        waiting.get(data.id)?.resolve(data.answer);
        waiting.delete(data.id);
      } else for (const listener of listeners.get(data.event) ?? []) listener(data.payload);
    });
    given.addEventListener('close', () => drop(given));
    given.start();
  }

  function drop(gone: MessagePort | null): void {
    if (!gone || gone !== port) return;
    gone.close();
    port = null;
    const unanswered = [...waiting.values()];
    waiting.clear();
    for (const { question, resolve } of unanswered) resolve(throughMain(question.channel as keyof Requests, question.args as never));
  }

  function throughMain<K extends keyof Requests>(channel: K, args: Requests[K]): Promise<AnyAnswer> {
    return bridge.request(channel, ...args);
  }

  return {
    async request<K extends keyof Requests>(channel: K, ...args: Requests[K]) {
      if (Object.hasOwn(MAINS, channel)) return bridge.request(channel, ...args);
      if (arrival) await arrival;
      const question = { id: nextId++, channel, args };
      if (port) port.postMessage(question);
      else if (!bridge.askEarly(question)) return bridge.request(channel, ...args);
      return new Promise<AnyAnswer>((resolve) => waiting.set(question.id, { question, resolve })) as Promise<Answer<Results[K]>>;
    },
    on(event, listener) {
      const own = listeners.get(event) ?? new Set();
      listeners.set(event, own.add(listener as Listener));
      const stop = bridge.on(event, listener);
      return () => {
        own.delete(listener as Listener);
        stop();
      };
    },
    askEarly: (question) => bridge.askEarly(question),
    connect: () => bridge.connect(),
    pathOf: (file) => bridge.pathOf(file),
  };
}
