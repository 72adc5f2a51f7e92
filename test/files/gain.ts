/** What ours saves against the obvious program for the same work, in one process and in turn. */
import { median } from '../bench/row.ts';

const PAIRS = 15;
/** A reader of 7 ms costs up to seven times that until V8 has compiled it: five rounds on a quiet machine, more where threads wait for a core. */
const WARM_UP = 8;

function cpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Median over pairs of what the obvious way costs divided by what ours costs; the first ones warm up. */
export function gain(ours: (n: number) => void, obvious: (n: number) => void): number {
  const ratios: number[] = [];
  for (let n = 0; n < PAIRS + WARM_UP; n += 1) {
    const own = cpu(() => ours(n));
    const other = cpu(() => obvious(n));
    if (n >= WARM_UP) ratios.push(other / own);
  }
  return median(ratios);
}
