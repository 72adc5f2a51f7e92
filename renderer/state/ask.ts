/** Requests over the bridge, with answers unwrapped. */
import type { Bridge, Requests, Results } from '../../preload/contract.ts';

/** A request that the main process refused: its message may be shown to the user. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

/** Sends a request and returns its value. @throws Refused where the answer is an error. */
export async function ask<K extends keyof Requests>(bridge: Bridge, channel: K, ...args: Requests[K]): Promise<Results[K]> {
  const answer = await bridge.request(channel, ...args);
  if (answer.ok) return answer.value;
  throw new Refused(answer.error.code, answer.error.message);
}
