/** Follows growing, rotating and damaged logs for a long time in one process, and watches what that process holds: memory, descriptors, log of the database. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { seeded } from '../bench/generate-tfevents.ts';
import { startFollower } from './follower-process.ts';
import { compareWhole, noResult } from './kill-loop.ts';
import { memory } from './world.ts';
import { openWriter } from './writer.ts';

export interface Sample {
  minutes: number;
  residentMiB: number;
  descriptors: number;
  walMiB: number;
}

export interface SteadyResult {
  samples: Sample[];
  points: number;
  /** Growth of the resident memory after the first third of the time. */
  slopeMiBPerHour: number;
  wrong: string[];
}

const WAL_MIB = 16;
/** Commits between two checkpoints may go beyond the size to which the log is cut back. */
const OVER_MIB = 8;
const SAMPLE_MS = 5000;

/** Runs for so many minutes, with a change of a log every `pauseMs` or so. */
export async function runSteady(minutes: number, seed: number, pauseMs = 20): Promise<SteadyResult> {
  const folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-steady-')));
  const root = join(folder, 'runs');
  mkdirSync(root);
  const database = join(folder, 'gapwatch.db');
  const writer = openWriter(root, seeded(seed));
  const follower = startFollower(database, [root]);
  const samples: Sample[] = [];
  const began = performance.now();
  let sampledAt = began;
  try {
    await follower.until(() => true);
    while (performance.now() - began < minutes * 60_000) {
      writer.step();
      await setTimeout(pauseMs);
      if (performance.now() - sampledAt < SAMPLE_MS) continue;
      sampledAt = performance.now();
      samples.push(sampleOf(follower.child.pid ?? 0, database, (sampledAt - began) / 60_000));
      follower.said.length = 0;
      for (const log of writer.logs.values()) log.versions.splice(0, log.versions.length - 1);
    }
    await follower.end();
    const result = noResult();
    await compareWhole(database, root, writer, result);
    const late = samples.slice(Math.floor(samples.length / 3));
    return { samples, points: result.points, slopeMiBPerHour: slope(late), wrong: [...result.wrong, ...complaints(late)] };
  } finally {
    follower.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleOf(pid: number, database: string, minutes: number): Sample {
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    minutes,
    residentMiB: Number(resident) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    walMiB: (statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) / 2 ** 20,
  };
}

function complaints(samples: readonly Sample[]): string[] {
  const wal = Math.max(...samples.map(({ walMiB }) => walMiB));
  const few = samples.slice(0, Math.ceil(samples.length / 4)).map(({ descriptors }) => descriptors);
  const last = samples.at(-1)?.descriptors ?? 0;
  return [
    ...(wal > WAL_MIB + OVER_MIB ? [`the log of the database grew to ${wal.toFixed(1)} MiB`] : []),
    ...(last > Math.max(...few) * 1.5 + 20 ? [`descriptors grew from ${Math.max(...few)} to ${last}`] : []),
  ];
}

/** Least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [t, m] = [mean(({ minutes }) => minutes), mean(({ residentMiB }) => residentMiB)];
  const over = samples.reduce((sum, sample) => sum + (sample.minutes - t) * (sample.residentMiB - m), 0);
  return (60 * over) / samples.reduce((sum, sample) => sum + (sample.minutes - t) ** 2, 0);
}
