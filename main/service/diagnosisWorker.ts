/** The worker behind longDiagnosis.ts: makes one diagnosis for each message, in order. Rules know nothing of threads. */
import { parentPort } from 'node:worker_threads';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { diagnose } from './diagnose/diagnose.ts';
import type { RunInput } from './diagnose/input.ts';
import { Points } from './points.ts';
import { withShortGap } from './runs/gapCurve.ts';
import { runInput, type Diagnosed } from './runs/input.ts';

/** Points of a stored series as they were read: pieces that follow one another. */
export type Pieces = Pick<Points, 'step' | 'epoch' | 'time' | 'value' | 'length'>[];

export interface LongRun {
  run: Diagnosed;
  points: Map<number, Pieces>;
  beside: Pick<RunInput, 'otherSeeds' | 'machine'>;
}

export type Made = { diagnosis: Diagnosis } | { error: string };

parentPort?.on('message', (long: LongRun) => parentPort?.postMessage(madeOf(long)));

function madeOf({ run, points, beside }: LongRun): Made {
  try {
    return { diagnosis: withShortGap(diagnose({ ...runInput(run, (id) => joined(points, id)), ...beside })) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** The pieces are let go of: each series is asked for once. */
function joined(points: Map<number, Pieces>, id: number): Points {
  const pieces = points.get(id) ?? [];
  points.delete(id);
  const all = new Points(pieces.reduce((sum, piece) => sum + piece.length, 0));
  for (const piece of pieces) {
    for (const column of ['step', 'epoch', 'time', 'value'] as const) all[column].set(piece[column].subarray(0, piece.length), all.length);
    all.length += piece.length;
  }
  return all;
}
