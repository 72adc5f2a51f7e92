/** Follows growing, rotating and damaged logs for a long time, and watches what the following processes hold: memory, descriptors, log of the database. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startApp } from '../bench/app.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { startFollower } from './follower-process.ts';
import { compareWhole, noResult } from './kill-loop.ts';
import { KINDS } from './log-kinds.ts';
import { memory } from './world.ts';
import { openWriter } from './writer.ts';

export interface Sample {
  minutes: number;
  /** Of each process. */
  residentMiB: number[];
  /** Of the process that tails. */
  descriptors: number;
  walMiB: number;
}

export interface SteadyResult {
  samples: Sample[];
  /** Names of the processes, and the growth of each one's resident memory after the first third of the time. */
  processes: { name: string; slopeMiBPerHour: number }[];
  points: number;
  wrong: string[];
}

interface Following {
  /** The first one tails. */
  pids: { name: string; pid: number }[];
  database: string;
  /** Forgets what was said, which would grow in this process. */
  hush(): void;
  end(): Promise<unknown>;
}

export type Follow = (folder: string, root: string) => Promise<Following>;

const WAL_MIB = 16;
/** Commits between two checkpoints may go beyond the size to which the log is cut back. */
const OVER_MIB = 8;
const SAMPLE_MS = 5000;

/** Tailing and the store alone, in a process of Node. */
export const inNode: Follow = async (folder, root) => {
  const database = join(folder, 'gapwatch.db');
  const follower = startFollower(database, [root]);
  await follower.until(() => true);
  const hush = (): void => void (follower.said.length = 0);
  return { pids: [{ name: 'process', pid: follower.child.pid ?? 0 }], database, hush, end: () => follower.end() };
};

/** The app, with one of the growing runs in its window. Needs a display. */
export const inApp: Follow = async (folder, root) => {
  const data = join(folder, 'data');
  const app = await startApp(data, root);
  await app.page.getByRole('option', { name: /run/ }).first().click({ timeout: 60_000 });
  const { main, service, page } = await app.pids();
  const pids = [{ name: 'service', pid: service }, { name: 'window', pid: page }, { name: 'main', pid: main }];
  return { pids, database: join(data, 'gapwatch.db'), hush: () => {}, end: () => app.electron.close() };
};

/** Runs for so many minutes, with a change of a log every `pauseMs` or so. */
export async function runSteady(follow: Follow, minutes: number, seed: number, pauseMs = 20): Promise<SteadyResult> {
  const folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-steady-')));
  const root = join(folder, 'runs');
  mkdirSync(root);
  try {
    const kinds = follow === inApp ? KINDS.filter(({ file }) => file !== 'log.num') : KINDS;
    const writer = openWriter(root, seeded(seed), kinds);
    const following = await follow(folder, root);
    const samples: Sample[] = [];
    const began = performance.now();
    let sampledAt = began;
    while (performance.now() - began < minutes * 60_000) {
      writer.step();
      await setTimeout(pauseMs);
      if (performance.now() - sampledAt < SAMPLE_MS) continue;
      sampledAt = performance.now();
      samples.push(sampleOf(following, (sampledAt - began) / 60_000));
      following.hush();
      for (const log of writer.logs.values()) log.versions.splice(0, log.versions.length - 1);
    }
    await following.end();
    const result = noResult();
    await compareWhole(following.database, root, writer, result);
    const late = samples.slice(Math.floor(samples.length / 3));
    const processes = following.pids.map(({ name }, at) => ({ name, slopeMiBPerHour: slope(late, at) }));
    return { samples, processes, points: result.points, wrong: [...result.wrong, ...complaints(late)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampleOf({ pids, database }: Following, minutes: number): Sample {
  return {
    minutes,
    residentMiB: pids.map(({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024),
    descriptors: readdirSync(`/proc/${pids[0]?.pid ?? 0}/fd`).length,
    walMiB: (statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) / 2 ** 20,
  };
}

function complaints(samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  const wal = Math.max(...samples.map(({ walMiB }) => walMiB));
  const few = samples.slice(0, Math.ceil(samples.length / 4)).map(({ descriptors }) => descriptors);
  const last = samples.at(-1)?.descriptors ?? 0;
  return [
    ...(wal > WAL_MIB + OVER_MIB ? [`the log of the database grew to ${wal.toFixed(1)} MiB`] : []),
    ...(last > Math.max(...few) * 1.5 + 20 ? [`descriptors grew from ${Math.max(...few)} to ${last}`] : []),
  ];
}

/** Least squares, of the process with this place. */
function slope(samples: readonly Sample[], at: number): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const resident = (sample: Sample): number => sample.residentMiB[at] ?? NaN;
  const [t, m] = [mean(({ minutes }) => minutes), mean(resident)];
  const over = samples.reduce((sum, sample) => sum + (sample.minutes - t) * (resident(sample) - m), 0);
  return (60 * over) / samples.reduce((sum, sample) => sum + (sample.minutes - t) ** 2, 0);
}
