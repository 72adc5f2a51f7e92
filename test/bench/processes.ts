/** What the kernel says of processes, on Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpuOf } from './tensorboard.ts';

/** A process and everything it started, as far as it is still there. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const family = [pid];
  // New members are met later in the same loop.
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

/** CPU seconds that several processes used in a span of time, by process. */
export async function cpuMeanwhile(pids: readonly number[], ms: number): Promise<number[]> {
  const before = pids.map(cpuOf);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return pids.map((pid, at) => cpuOf(pid) - (before[at] ?? 0));
}

/** Resident memory of a process and its highest value so far, in bytes. */
export function residentOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}
