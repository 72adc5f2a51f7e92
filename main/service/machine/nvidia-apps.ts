/**
 * The processes that compute on NVIDIA GPUs, by a second resident nvidia-smi. It runs only while a GPU is in use: with nobody on the
 * GPUs it prints nothing at all, so an idle one could neither be told from a hung one nor notice that its parent died.
 */
import type { Clock } from '../clock.ts';
import { appFields, readAppRow } from './nvidia-row.ts';
import { startResident, type Resident } from './resident.ts';
import type { GpuProcess, Sample } from './sample.ts';

const PERIOD_S = 10;
/** The rows of one look arrive together; a pause this long ends it. */
const SWEEP_MS = 300;
/** Silence for more than two looks means that no process is left. */
const EMPTY_MS = 2.5 * PERIOD_S * 1000;
/** A GPU is in use above this share of time or of memory, and for this long after. */
const BUSY_PERCENT = 1;
const BUSY_MEMORY = 0.05;
const REST_MS = 5 * 60_000;
const RETRY_MS = 60_000;

export interface AppsOptions {
  clock: Clock;
  onProcesses(processes: GpuProcess[]): void;
}

export interface Apps {
  /** Tells what the GPUs do; starts and stops the child. */
  sampled(command: string, samples: readonly Sample[]): void;
  /** The driver does not answer: ask nothing until it does. */
  pause(): void;
  close(): void;
}

export function watchApps({ clock, onProcesses }: AppsOptions): Apps {
  let resident: Resident | null = null;
  let busyAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let rows: GpuProcess[] = [];
  let cancel: (() => void) | null = null;

  function start(command: string): void {
    triedAt = clock.steady();
    resident = startResident({
      command,
      args: [`--query-compute-apps=${appFields.join(',')}`, '--format=csv,noheader,nounits', '-l', String(PERIOD_S)],
      clock,
      firstLineMs: null,
      lineMs: null,
      onLines(lines) {
        for (const line of lines) {
          const row = readAppRow(line);
          if (row) rows.push(row);
        }
        expect(SWEEP_MS);
      },
      onEnd: () => {
        resident = null;
        cancel?.();
      },
    });
    expect(EMPTY_MS);
  }

  function expect(ms: number): void {
    cancel?.();
    cancel = clock.after(ms, publish);
  }

  function publish(): void {
    onProcesses(rows);
    rows = [];
    if (resident) expect(EMPTY_MS);
  }

  function stop(): void {
    cancel?.();
    resident?.close();
    resident = null;
    rows = [];
  }

  return {
    sampled(command, samples) {
      const now = clock.steady();
      if (samples.some((sample) => inUse(sample))) busyAt = now;
      const wanted = now - busyAt < REST_MS;
      if (wanted && !resident && now - triedAt >= RETRY_MS) start(command);
      else if (!wanted && resident) {
        stop();
        onProcesses([]);
      }
    },
    pause: stop,
    close: stop,
  };
}

/** True if somebody computes on the GPU or holds a good part of its memory. */
export function inUse({ values }: Sample): boolean {
  const { util, memoryUsed, memoryTotal } = values;
  if ((util ?? 0) >= BUSY_PERCENT) return true;
  return memoryUsed != null && memoryTotal != null && memoryTotal > 0 && memoryUsed / memoryTotal >= BUSY_MEMORY;
}
