/** How often a run writes: what B11 and B12 read. */
import { median, quantile } from '../statistics.ts';
import type { View } from '../view.ts';

const LONGEST = 2000;

export interface Rhythm {
  /** Seconds between records: median, 99th percentile, and the longest that occurred at least twice. */
  usual: number;
  rare: number;
  known: number;
}

/** Every time at which anything was logged, ascending, each once; the newest 2000. */
function recordTimes(view: View): number[] {
  const times = new Set<number>();
  for (const { time } of view.run.series) {
    for (let i = Math.max(0, time.length - LONGEST); i < time.length; i += 1) if (Number.isFinite(time[i])) times.add(time[i] as number);
  }
  return [...times].sort((a, b) => a - b).slice(-LONGEST);
}

/** The rhythm of a run's records, null where fewer than 10 times are logged. */
export function rhythmOf(view: View): Rhythm | null {
  const times = recordTimes(view);
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  if (gaps.length < 9) return null;
  const sorted = [...gaps].sort((a, b) => b - a);
  return { usual: median(gaps), rare: quantile(gaps, 0.99), known: sorted[1] as number };
}
