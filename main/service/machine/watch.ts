/** Everything that is read of the machine, behind one call: NVIDIA and AMD GPUs, CPU and memory, and the processes on the GPUs. */
import { cpus } from 'node:os';
import { findCards, readCard } from './amdgpu.ts';
import { systemClock, type Clock } from '../clock.ts';
import { every } from './every.ts';
import { hostReader } from './host.ts';
import { usualCommands, watchNvidia } from './nvidia.ts';
import { inUse, watchApps } from './nvidia-apps.ts';
import type { DeviceInfo, GpuProcess, MachineState, Sample } from './sample.ts';
import { thinner } from './thin.ts';

const HOST_MS = 2000;
/** The host is idle below this share of its cores. */
const IDLE_CPU = 20;

export interface MachineOptions {
  /** Path of nvidia-smi; without it the usual places are tried. */
  command?: string;
  /** Folder of the graphics cards of Linux; '' reads none. */
  sysfs?: string;
  clock?: Clock;
  onSamples(samples: Sample[]): void;
  /** A device was seen for the first time, or something of it changed. To be kept as a document. */
  onDevice(info: DeviceInfo): void;
  /** The processes that compute on NVIDIA GPUs, about every ten seconds while a GPU is in use. */
  onProcesses?(processes: GpuProcess[]): void;
  onState(state: MachineState): void;
}

export interface Machine {
  state(): MachineState;
  /** Stops reading and ends the children. */
  close(): void;
}

/**
 * Starts reading. Samples come from the next turn of the event loop on: GPUs every second, the host every two, both every ten while
 * nothing happens.
 */
export function watchMachine(options: MachineOptions): Machine {
  const clock = options.clock ?? systemClock;
  const closers: (() => void)[] = [];
  let state: MachineState = { kind: 'ok', sentence: '' };
  let otherGpus = 0;
  const keep = thinner(clock, inUse);
  const pass = (samples: Sample[]): void => void (samples.length > 0 && options.onSamples(samples));

  const apps = watchApps({ clock, onProcesses: (processes) => options.onProcesses?.(processes) });
  const nvidia = watchNvidia({
    commands: options.command === undefined ? usualCommands() : [options.command],
    clock,
    onSamples(samples) {
      pass(keep(samples));
      if (nvidia.command !== null) apps.sampled(nvidia.command, samples);
    },
    onDevice: options.onDevice,
    onState(next) {
      if (next.kind !== 'ok' && next.kind !== 'lost') apps.pause();
      // Without NVIDIA but with AMD nothing is missing.
      say(next.kind === 'no-driver' && otherGpus > 0 ? { kind: 'ok', sentence: '' } : next);
    },
  });
  function say(next: MachineState): void {
    if (next.kind === state.kind && next.sentence === state.sentence) return;
    state = next;
    options.onState(next);
  }

  closers.push(() => nvidia.close(), () => apps.close(), watchHost(options, clock));
  const amd = watchAmd(options, clock, (count) => {
    otherGpus = count;
    if (state.kind === 'no-driver') say({ kind: 'ok', sentence: '' });
  });
  closers.push(amd);
  return {
    state: () => state,
    close: () => closers.forEach((close) => close()),
  };
}

function watchHost(options: MachineOptions, clock: Clock): () => void {
  const read = hostReader();
  const { memoryTotal } = read();
  const cores = cpus();
  const name = `${cores[0]?.model.trim() ?? 'CPU'}, ${cores.length} cores`;
  const none = { pci: null, driver: null, powerLimit: null, mig: false, vendor: null, index: null };
  options.onDevice({ ...none, device: 'host', source: 'host', name, memoryTotal });
  const keep = thinner(clock, ({ values }) => (values.cpu ?? 0) > IDLE_CPU);
  return every(clock, HOST_MS, () => {
    const kept = keep([{ device: 'host', atMs: clock.wall(), values: { ...read() } }]);
    if (kept.length > 0) options.onSamples(kept);
  });
}

function watchAmd(options: MachineOptions, clock: Clock, found: (cards: number) => void): () => void {
  const folder = options.sysfs ?? (process.platform === 'linux' ? '/sys/class/drm' : '');
  let stop: (() => void) | null = null;
  let closed = false;
  if (folder === '') return () => undefined;
  void findCards(folder).then((cards) => {
    if (closed || cards.length === 0) return;
    cards.forEach((card) => options.onDevice(card.info));
    found(cards.length);
    let reading = false;
    stop = every(clock, HOST_MS, () => {
      if (reading) return;
      reading = true;
      const atMs = clock.wall();
      void Promise.all(cards.map((card) => readCard(card, atMs))).then((samples) => {
        reading = false;
        if (!closed) options.onSamples(samples);
      });
    });
  });
  return () => {
    closed = true;
    stop?.();
  };
}
