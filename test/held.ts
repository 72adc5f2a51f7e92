import { steadyMs } from '../main/service/clock.ts';

/** For how long at most, in milliseconds, this thread could do nothing else until `work` was settled. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = steadyMs();
  let done = false;
  const turn = (): void => {
    longest = Math.max(longest, steadyMs() - last);
    last = steadyMs();
    if (!done) setImmediate(turn);
  };
  turn();
  try {
    await work();
  } finally {
    done = true;
  }
  return longest;
}
