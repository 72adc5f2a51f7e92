/** CPU milliseconds of this thread: what other threads and programs take meanwhile is not its own. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** CPU milliseconds that this thread at most worked without a pause until `work` was settled. */
export async function longestHold(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = threadMs();
  let done = false;
  const turn = (): void => {
    longest = Math.max(longest, threadMs() - last);
    last = threadMs();
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
