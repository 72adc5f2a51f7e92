/**
 * Diagnoses of long runs, in a thread of their own: one of 400,000 evals computes for many seconds, in which no curve would grow and no question
 * be answered. The thread of the service only reads the points, in slices. One run at a time, so that memory holds the points of one.
 */
import type { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import type { LongRun, Made, Stretch } from './diagnosisWorker.ts';
import { Points } from './points.ts';
import type { Diagnosed } from './runs/input.ts';
import { newestFrom } from './runs/newestPoints.ts';
import type { Store } from './store/store.ts';
import { openPace } from './watch/pace.ts';
import { workerScript } from './workerScript.ts';

/** A run is long from so many points on, about 25 ms of computing; an eval, which a detector looks at in three ways, counts as so many. */
const LONG = 40_000;
const EVAL_WEIGHT = 20;
/** Points that are read at once: whole chunks of the store, a few milliseconds. */
export const SLICE = 32_768;
/**
 * Megabytes for what the thread computes with, beside the points. It keeps 45 of 400,000 evals; a heap that may grow further is cleared less
 * often, and held 110 more.
 */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };
/** The thread ends, and gives its memory back, after so long without a long run, in milliseconds. */
const IDLE_MS = 10_000;

export interface LongDiagnosis {
  /** Rejects if the points cannot be read, the rules fail or memory is short, and when it is closed. */
  diagnose(run: Diagnosed, beside: LongRun['beside']): Promise<Diagnosis>;
  close(): void;
}

/** True where a diagnosis would hold up everything else. */
export function isLong({ series }: Pick<Diagnosed, 'series'>): boolean {
  let weight = 0;
  for (const { split, parts } of series) for (const { count } of parts) weight += split === 'val' ? EVAL_WEIGHT * count : count;
  return weight > LONG;
}

/** The thread is started with the first long run. */
export function openLongDiagnosis(store: Pick<Store, 'addPoints'>, clock: Clock): LongDiagnosis {
  let worker: Worker | null = null;
  let settle: ((made: Made) => void) | null = null;
  let before: Promise<unknown> = Promise.resolve();
  let cancelEnd: (() => void) | null = null;
  let closed = false;

  function open(): Worker {
    const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
    const opened = new Thread(workerScript('diagnosis-worker'), { name: 'diagnosis', resourceLimits: LIMITS });
    opened.unref();
    opened.on('message', (made: Made) => settle?.(made));
    opened.on('error', (error) => fail(error.message));
    return opened;
  }

  function fail(error: string): void {
    worker = null;
    settle?.({ error });
  }

  async function make(run: Diagnosed, beside: LongRun['beside']): Promise<Diagnosis> {
    cancelEnd?.();
    try {
      const points = await read(run);
      const made = await new Promise<Made>((resolve) => {
        if (closed) return resolve({ error: 'The service is closing.' });
        settle = resolve;
        worker ??= open();
        worker.postMessage({ run, points, beside } satisfies LongRun, buffersOf(points));
      });
      if ('error' in made) throw new Error(made.error);
      return made.diagnosis;
    } finally {
      settle = null;
      if (!closed) cancelEnd = clock.after(IDLE_MS, end);
    }
  }

  /** As many points as the run had when this began: what comes while it is read is for the next diagnosis. */
  async function read({ series }: Diagnosed): Promise<Map<number, Stretch>> {
    const pace = openPace();
    const newest = newestFrom(series);
    const points = new Map<number, Stretch>();
    for (const { id, count } of series.flatMap(({ parts }) => parts)) {
      const from = newest.get(id) ?? 0;
      if (from >= count) continue;
      const start = from - (from % SLICE);
      const columns = new Points(Math.ceil((count - start) / SLICE) * SLICE);
      for (let at = start; at < count; at += SLICE) {
        if (pace.isSpent()) await pace.rest();
        if (closed) return points;
        store.addPoints(columns, id, at, at + SLICE);
      }
      points.set(id, { columns, from: from - start, to: Math.min(columns.length, count - start) });
    }
    return points;
  }

  function end(): void {
    void worker?.terminate();
    worker = null;
  }

  return {
    diagnose(run, beside) {
      const made = before.then(() => make(run, beside));
      before = made.catch(() => undefined);
      return made;
    },
    close() {
      closed = true;
      cancelEnd?.();
      end();
      fail('The service is closing.');
    },
  };
}

/** Moved to the thread, not copied. */
function buffersOf(points: ReadonlyMap<number, Stretch>): ArrayBuffer[] {
  return [...points.values()].flatMap(({ columns: { step, epoch, time, value } }) => [step, epoch, time, value].map((column) => column.buffer as ArrayBuffer));
}
