/** A clock for judging silence: the machine slept, or its clock was set forward, and no run could log a line meanwhile. */
import type { Clock } from './clock.ts';

/** The wall clock is looked at every few seconds; a longer step than this is one in which nobody could write. */
const LAPSE_MS = 60_000;
/** So long after it the runs have time to log their next line; then silence counts again. */
const QUIET_MS = 10 * 60_000;

/** The clock without a lapse that is not long over. Its `wall` must be asked every few seconds, or each lapse be followed by a question. */
export function patientClock(clock: Clock): Clock {
  let seen = clock.wall();
  let lapse = 0;
  let quietUntil = -Infinity;

  function wall(): number {
    const now = clock.wall();
    if (now - seen > LAPSE_MS) {
      lapse += now - seen;
      quietUntil = clock.steady() + QUIET_MS;
    }
    seen = now;
    if (clock.steady() >= quietUntil) lapse = 0;
    return now - lapse;
  }

  return { wall, steady: () => clock.steady(), after: (ms, work) => clock.after(ms, work) };
}
