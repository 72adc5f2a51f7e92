/** The machine itself: how busy its cores are, how long they wait for input/output, how much memory is taken. */
import { readFileSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import type { HostValues } from './sample.ts';

/** Time of all cores together since the start, in any one unit. */
export interface CpuTimes {
  total: number;
  idle: number;
  ioWait: number | null;
}

/**
 * The first line of /proc/stat: user nice system idle iowait irq softirq steal, in ticks. Guest time is part of user time.
 * null if it is not that file.
 */
export function readProcStat(text: string): CpuTimes | null {
  const line = /^cpu\s+(.+)$/m.exec(text)?.[1];
  if (line === undefined) return null;
  const ticks = line.trim().split(/\s+/).slice(0, 8).map(Number);
  if (ticks.length < 4 || ticks.some((tick) => !Number.isFinite(tick))) return null;
  const ioWait = ticks[4] ?? null;
  return { total: ticks.reduce((sum, tick) => sum + tick, 0), idle: ticks[3]! + (ioWait ?? 0), ioWait };
}

/** MemTotal and MemTotal - MemAvailable of /proc/meminfo in bytes, null if it is not that file. */
export function readMemInfo(text: string): { used: number; total: number } | null {
  const kib = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
    return found === undefined ? null : Number(found) * 1024;
  };
  const total = kib('MemTotal');
  const available = kib('MemAvailable');
  return total === null || available === null ? null : { total, used: total - available };
}

/** Shares between two looks, in per cent; null if no time has passed or a counter ran backwards. */
export function shares(before: CpuTimes, after: CpuTimes): { cpu: number | null; ioWait: number | null } {
  const total = after.total - before.total;
  const idle = after.idle - before.idle;
  if (total <= 0 || idle < 0 || idle > total) return { cpu: null, ioWait: null };
  const waited = before.ioWait === null || after.ioWait === null ? null : after.ioWait - before.ioWait;
  return { cpu: (100 * (total - idle)) / total, ioWait: waited === null || waited < 0 ? null : (100 * waited) / total };
}

/** Returns a function that gives the values since its last call. The first call has no shares yet. */
export function hostReader(proc = '/proc'): () => HostValues {
  let before: CpuTimes | null = null;
  return () => {
    const now = cpuTimes(proc);
    const share = before && now ? shares(before, now) : { cpu: null, ioWait: null };
    before = now;
    const memory = readMemInfo(textOf(`${proc}/meminfo`)) ?? { total: totalmem(), used: totalmem() - freemem() };
    return { ...share, memoryUsed: memory.used, memoryTotal: memory.total };
  };
}

function cpuTimes(proc: string): CpuTimes | null {
  const read = readProcStat(textOf(`${proc}/stat`));
  if (read) return read;
  const times = { total: 0, idle: 0, ioWait: null };
  for (const { times: core } of cpus()) {
    times.total += core.user + core.nice + core.sys + core.idle + core.irq;
    times.idle += core.idle;
  }
  return times.total > 0 ? times : null;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
