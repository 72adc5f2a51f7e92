/** How much of the time looking at everything may take. */
import type { Clock } from '../clock.ts';

const SHARE = 1 / 400;
const LONGEST_MS = 60_000;

/** Milliseconds until what began at `began` is done again: not fewer than `least`, and not so few that it costs more than its share. */
export function restAfter(clock: Clock, began: number, least: number): number {
  return Math.max(least, Math.min(LONGEST_MS, (clock.steady() - began) / SHARE));
}
