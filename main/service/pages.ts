/** Pages that talk to the service over a port of their own, past main: the same contract, with the same check of every message. */
import * as v from 'valibot';
import type { Answer, AnsweredByMain, Events, Requests, Results, Told } from '../../preload/contract.ts';
import { requests } from '../../preload/requests.ts';
import { answeredByMain, checked, refused } from '../../preload/roads.ts';

/** The service's end of a port, as Electron hands it to a utility process. */
export interface PagePort {
  on(event: 'message', listener: (message: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: Told): void;
  start(): void;
}

export interface Pages {
  add(port: PagePort): void;
  /** Sends an event to the pages; false if there is none. */
  tell<K extends keyof Events>(event: K, payload: Events[K]): boolean;
}

const question = v.strictObject({ id: v.pipe(v.number(), v.integer()), channel: v.string(), args: v.array(v.unknown()) });

/** `answer` gets requests whose arguments fit the contract. What is no question at all is not answered. */
export function openPages(answer: (channel: string, args: unknown[]) => Promise<Answer<Results[keyof Results]>>): Pages {
  const ports = new Set<PagePort>();

  async function receive(port: PagePort, data: unknown): Promise<void> {
    const parsed = v.safeParse(question, data);
    if (!parsed.success) return;
    const { id, channel, args } = parsed.output;
    const reply = await checkedAnswer(channel, args).catch((error: unknown) => refused('internal', error instanceof Error ? error.message : String(error)));
    if (ports.has(port)) port.postMessage({ kind: 'answer', id, answer: reply });
  }

  async function checkedAnswer(channel: string, args: unknown[]): Promise<Answer<Results[keyof Results]>> {
    if (!Object.hasOwn(requests, channel) || answeredByMain.includes(channel as AnsweredByMain)) return refused('channel', `unknown request ${channel.slice(0, 100)}`);
    const fits = checked(channel as keyof Requests, args);
    return fits.ok ? answer(channel, fits.value) : fits;
  }

  return {
    add(port) {
      ports.add(port);
      port.on('message', ({ data }) => void receive(port, data));
      port.on('close', () => ports.delete(port));
      port.start();
    },
    tell(event, payload) {
      for (const port of ports) port.postMessage({ kind: 'event', event, payload } as Told);
      return ports.size > 0;
    },
  };
}
