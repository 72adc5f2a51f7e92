/** The worker behind longDiagnosis.ts: makes one diagnosis for each message, in order. Rules know nothing of threads. */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { RunInput } from './diagnose/input.ts';
import { Points } from './points.ts';
import { withShortGap } from './runs/gapCurve.ts';
import { runInput, type Diagnosed } from './runs/input.ts';

const NICENESS = 5;

/** Points of a stored series as they were read, of which those from `from` on, and before `to`, are meant. */
export interface Stretch {
  columns: Pick<Points, 'step' | 'epoch' | 'time' | 'value'>;
  from: number;
  to: number;
}

export interface LongRun {
  run: Diagnosed;
  points: Map<number, Stretch>;
  beside: Pick<RunInput, 'otherSeeds' | 'machine'>;
}

export type Made = { diagnosis: Diagnosis } | { error: string };

yieldToOthers();
parentPort?.on('message', (long: LongRun) => parentPort?.postMessage(madeOf(long)));

/** Curves and questions go first where cores are short. Only Linux has a niceness of threads; elsewhere it would be that of the whole service. */
function yieldToOthers(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), NICENESS);
  } catch {
    // Without /proc, as in some containers, it computes like everybody else.
  }
}

function madeOf({ run, points, beside }: LongRun): Made {
  try {
    return { diagnosis: withShortGap(diagnose({ ...runInput(run, (id) => pointsOf(points.get(id))), ...beside })) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function pointsOf(stretch: Stretch | undefined): Points {
  const points = new Points(0);
  if (!stretch) return points;
  const { columns, from, to } = stretch;
  for (const column of ['step', 'epoch', 'time', 'value'] as const) points[column] = columns[column].subarray(from, to);
  points.length = points.value.length;
  return points;
}
