/** What a long run at a steady pace says of itself. */
import type { SteadyResult } from './steady.ts';

const TENTHS = 10;

/** The lines to print: what was held from when to when. What a short run has too few samples for is said to be so. */
export function steadyReport({ samples, processes, points }: SteadyResult): string[] {
  const last = samples.at(-1);
  if (!last) return [`${points} points; too short for a sample`];
  const range = (values: number[]): string => `${Math.min(...values).toFixed(0)} - ${Math.max(...values).toFixed(0)}`;
  const log = Math.max(...samples.map((one) => one.walMiB)).toFixed(1);
  return [
    `${last.minutes.toFixed(0)} minutes, ${points} points; ${range(samples.map((one) => one.descriptors))} descriptors; log of the database at most ${log} MiB`,
    ...processes.map(({ name, slopeMiBPerHour }, at) => {
      const resident = samples.map((one) => one.residentMiB[at] ?? NaN);
      return `${name}: ${range(resident)} MiB resident${resident.length < TENTHS ? '; too short for its course' : `, ${slopeMiBPerHour.toFixed(1)} MiB an hour after the first third; by tenths ${tenths(resident).join(' ')}`}`;
    }),
  ];
}

/** Every tenth value, for the course of a long run in one line. */
function tenths(values: number[]): string[] {
  return Array.from({ length: TENTHS }, (_, n) => (values[Math.floor(((n + 1) * values.length) / TENTHS) - 1] ?? NaN).toFixed(0));
}
