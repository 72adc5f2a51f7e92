/** The machine's samples on their way into the store and out to the window; which GPU process belongs to which run. */
import type { MachineView } from '../../preload/contract.ts';
import type { Clock } from './clock.ts';
import type { GpuInput } from './diagnose/input.ts';
import { GPU_HISTORY_MS, gpuInputs } from './machine/gpu-input.ts';
import { attribute, type RunPlace } from './machine/processes.ts';
import type { DeviceInfo, GpuProcess } from './machine/sample.ts';
import type { Machine } from './machine/watch.ts';
import type { Store } from './store/store.ts';

/** Samples are written this many at a time at the most seldom: a few seconds' worth. */
const BATCH = 6;
/** Watching begins so many milliseconds after the start, which has rows and curves to show first. */
const BEGIN_MS = 300;
/** Samples older than this are dropped, in milliseconds. */
const KEEP_MS = 30 * 24 * 3600_000;

export interface MachineRecord {
  /** Samples of the GPUs on which this run's processes compute, as far as the health rules look back; empty if none is known. */
  inputsFor(run: string, nowMs: number): GpuInput[];
  view(fromMs: number, toMs: number, buckets: number): MachineView;
  close(): void;
}

/** `command` is nvidia-smi's path, null to look in the usual places, '' to leave the machine alone. `places` says where runs live. */
export function openMachineRecord(store: Store, clock: Clock, command: string | null, places: () => RunPlace[]): MachineRecord {
  const waiting: { device: string; atMs: number; values: Record<string, number | null> }[] = [];
  const infos = new Map(store.documents.all<DeviceInfo>('device').map(({ key, value }) => [key, value]));
  let processes: (GpuProcess & { run: string | null })[] = [];
  let machine: Machine | null = null;
  let failed = '';
  let closed = false;
  const stopBeginning = command === '' ? null : clock.after(BEGIN_MS, () => void begin());

  async function begin(): Promise<void> {
    const { watchMachine } = await import('./machine/watch.ts');
    if (closed) return;
    guarded(() => store.machine.prune(clock.wall() - KEEP_MS));
    machine = watchMachine({
      ...(command !== null ? { command } : {}),
      onSamples(samples) {
        waiting.push(...samples);
        if (waiting.length >= BATCH) write();
      },
      onDevice(info) {
        infos.set(info.device, info);
        guarded(() => store.documents.set('device', info.device, info));
      },
      onProcesses: (seen) => void name(seen),
      onState: () => undefined,
    });
  }

  function write(): void {
    guarded(() => store.machine.add(waiting.splice(0)));
  }

  /** A full disk loses samples of the machine, never the service. */
  function guarded(work: () => void): void {
    try {
      work();
      failed = '';
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
  }

  async function name(seen: GpuProcess[]): Promise<void> {
    const { gatherProcesses } = await import('./machine/procfs.ts');
    const facts = await gatherProcesses(seen.map(({ pid }) => pid));
    const runs = new Map(attribute(facts, places()).map(({ pid, run }) => [pid, run]));
    processes = seen.map((process) => ({ ...process, run: runs.get(process.pid) ?? null }));
  }

  return {
    inputsFor(run, nowMs) {
      const devices = new Set(processes.filter((process) => process.run === run).map(({ device }) => device));
      const known = [...devices].flatMap((device) => infos.get(device) ?? []);
      return known.length > 0 ? gpuInputs(store.machine, known, nowMs - GPU_HISTORY_MS, nowMs) : [];
    },
    view(fromMs, toMs, buckets) {
      if (waiting.length > 0) write();
      const devices = store.machine.devices().map(({ device }) => {
        const info = infos.get(device);
        return {
          device,
          name: info?.name ?? device,
          memoryTotal: info?.memoryTotal ?? null,
          powerLimit: info?.powerLimit ?? null,
          ...store.machine.range(device, fromMs, toMs, buckets),
          processes: processes.filter((process) => process.device === device).map(({ pid, name: program, memory, run }) => ({ pid, name: program, memory, run })),
        };
      });
      const said = command === '' ? 'Watching this machine is switched off.' : machine?.state().sentence;
      return { sentence: failed || said || null, devices };
    },
    close() {
      closed = true;
      stopBeginning?.();
      machine?.close();
      if (waiting.length > 0) write();
    },
  };
}
