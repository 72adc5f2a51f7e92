/** What the kernel says of processes, on Linux. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

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
  const before = pids.map(threadsOf);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return pids.map((pid, at) => {
    let seconds = 0;
    for (const [thread, used] of threadsOf(pid)) seconds += used - (before[at]?.get(thread) ?? 0);
    return seconds;
  });
}

/**
 * CPU seconds of each thread that is still there, to the nanosecond: `/proc/<pid>/stat` counts in ticks of 10 ms, and a process at rest
 * uses four of them in a minute.
 */
function threadsOf(pid: number): Map<string, number> {
  const threads = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      threads.set(thread, Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9);
    } catch {
      // It ended while we looked.
    }
  }
  return threads;
}

/** CPU seconds that processes have used since they began, by their living threads. */
export function cpuOf(pids: readonly number[]): number {
  let seconds = 0;
  for (const pid of pids) for (const used of threadsOf(pid).values()) seconds += used;
  return seconds;
}

/** Proportional set size of several processes, in bytes: what they share is counted once. */
export function proportionalOf(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes * 1024;
}

/** Resident memory of a process and its highest value so far, in bytes. */
export function residentOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}

/** Runs a program to its end, its output into a file. Returns user and system seconds of the whole process, as the shell counts them. */
export function cpuOfRun(command: readonly string[], outputTo = '/dev/null'): number {
  // The shell's own word goes to where its errors go.
  const timed = execFileSync('bash', ['-c', 'TIMEFORMAT="%U %S"; { time "$@" > "$0"; } 2>&1', outputTo, ...command], { encoding: 'utf8' });
  const [user = NaN, system = NaN] = timed.trim().split(' ').map(Number);
  return user + system;
}

/**
 * Kills a process that leads a group, with its children, and waits until none is left: what the system clears away after them would be
 * measured with what comes next. Five seconds at most, since a child that nobody reaps never goes.
 */
export async function endGroup(leader: number): Promise<void> {
  process.kill(-leader, 'SIGKILL');
  for (let look = 0; look < 250 && isThere(-leader); look += 1) await new Promise((resolve) => setTimeout(resolve, 20));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
