// Everything the set-up has to say goes to stderr: the stdout of `gapwatch check` carries nothing but the result.

/** A failure whose cause and next step are known; it ends the script without a stack trace. */
export class Problem extends Error {
  /**
   * @param {string} cause what went wrong
   * @param {string} next what the user can do about it
   */
  constructor(cause, next) {
    super(cause);
    this.next = next;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`gapwatch: ${line}\n`);
}

/**
 * Runs a long step and keeps saying that it is still at work.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  say(`${what} ...`);
  const ticker = setInterval(() => say(`${what} ... ${seconds()}`), 10_000);
  try {
    const result = await work();
    say(`${what}: ${seconds()}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

/** @param {unknown} error a known problem is told with its next step, anything else with its stack */
export function tell(error) {
  if (error instanceof Problem) {
    say(error.message);
    say(`next step: ${error.next}`);
  } else {
    say(`unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    say('next step: run the command again; if it fails the same way, report it with the lines above');
  }
}

/**
 * Runs a script's main function; a failure is told with its cause and ends the process with 1.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    tell(error);
    process.exitCode = 1;
  }
}
