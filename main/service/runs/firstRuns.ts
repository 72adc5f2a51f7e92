/** The runs that a window shows first: what the top of its list holds before anybody scrolls. */
import type { Marks } from '../marks.ts';
import type { Run } from './catalogue.ts';
import { lastByteAt } from './rows.ts';

/**
 * The `count` newest runs that are not hidden, the pinned ones, and the `open` one, in the order of `runs`. What is running is among the
 * newest: somebody just wrote to it.
 */
export function firstRuns(runs: readonly Run[], { count, open }: { count: number; open: string | null }, marks: Pick<Marks, 'has'>): Run[] {
  if (runs.length <= count) return [...runs];
  const times = Float64Array.from(runs, (run) => (marks.has('hidden', run.key) ? -Infinity : (lastByteAt(run) ?? -1)));
  const oldest = times.toSorted()[runs.length - count]!;
  // Of those that are as old as the oldest not all may have room.
  let room = count - times.reduce((newer, time) => (time > oldest ? newer + 1 : newer), 0);
  return runs.filter(({ key }, at) => {
    const time = times[at]!;
    const isNewest = time > oldest || (time === oldest && time >= -1 && room-- > 0);
    return isNewest || key === open || marks.has('pinned', key);
  });
}
