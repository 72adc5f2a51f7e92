/** nvidia-smi as a real child process that misbehaves in every way we know, under a clock that only the test moves. */
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceInfo, GpuProcess, MachineState, Sample } from '../../main/service/machine/sample.ts';
import { watchMachine, type Machine } from '../../main/service/machine/watch.ts';
import { manualClock, type ManualClock } from '../fixtures/machine/manual-clock.ts';

const fixtures = new URL('../fixtures/machine/', import.meta.url);
const GPU = 'GPU-00000001-1111-2222-3333-444444444444';

let folder: string;
let clock: ManualClock;
let machine: Machine | null;
let samples: Sample[];
let devices: Map<string, DeviceInfo>;
let states: MachineState[];
let processes: GpuProcess[][];
let wake: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gapwatch-machine-'));
  for (const name of ['nvidia-smi', 'help-query-gpu.txt']) await copyFile(new URL(name, fixtures), join(folder, name));
  await chmod(join(folder, 'nvidia-smi'), 0o755);
  clock = manualClock();
  machine = null;
  samples = [];
  devices = new Map();
  states = [];
  processes = [];
  wake = () => undefined;
});

afterEach(async () => {
  machine?.close();
  await rm(folder, { recursive: true, force: true });
});

async function become(mode: string): Promise<void> {
  await writeFile(join(folder, 'mode'), mode);
}

async function start(mode: string, command = join(folder, 'nvidia-smi')): Promise<void> {
  await become(mode);
  const noted = <T>(note: (value: T) => void) => (value: T) => {
    note(value);
    wake();
  };
  machine = watchMachine({
    command,
    sysfs: '',
    clock,
    onSamples: noted((more: Sample[]) => void samples.push(...more)),
    onDevice: noted((info: DeviceInfo) => void devices.set(info.device, info)),
    onProcesses: noted((list: GpuProcess[]) => void processes.push(list)),
    onState: noted((state: MachineState) => void states.push(state)),
  });
}

/** Waits for events, not for time. */
async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await new Promise<void>((done) => (wake = done));
}

const gpuSamples = (): Sample[] => samples.filter((sample) => sample.device.startsWith('GPU-'));
const state = (): string | undefined => states.at(-1)?.kind;
const starts = async (): Promise<string[]> => {
  const text = await readFile(join(folder, 'starts'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
};

describe('nvidia-smi', () => {
  it('gives samples and devices of every GPU from one child', async () => {
    await start('normal');
    await until(() => gpuSamples().length >= 20);
    const values = { util: 87, memoryUsed: 40512 * 2 ** 20, powerCap: 1, slowdown: 0 };
    expect(gpuSamples()[0]).toMatchObject({ device: GPU, atMs: clock.wall(), values });
    expect(gpuSamples()[1]?.values.util).toBe(0);
    expect(devices.get(GPU)).toMatchObject({ name: 'NVIDIA H100 80GB HBM3', vendor: 'NVIDIA', powerLimit: 700 });
    expect(devices.size).toBe(3);
    expect((await starts()).filter((line) => line.includes('--query-gpu='))).toHaveLength(1);
    expect(machine?.state()).toEqual({ kind: 'ok', sentence: '' });
  });

  it('that is missing costs one plain sentence and no further start until the next rare look', async () => {
    await start('normal', join(folder, 'nowhere', 'nvidia-smi'));
    await until(() => state() === 'no-driver');
    expect(machine?.state().sentence).toMatch(/^No NVIDIA driver found: .*nvidia-smi does not exist\. CPU and memory are/);
    clock.advance(4 * 60_000);
    expect(states).toHaveLength(1);
    expect(samples.every((sample) => sample.device === 'host')).toBe(true);
    expect(samples.length).toBeGreaterThanOrEqual(24);
  });

  it('that falls silent is killed, named, and started again', async () => {
    await start('hangs');
    await until(() => gpuSamples().length === 1);
    await become('normal');
    clock.advance(2900);
    expect(states).toEqual([]);
    clock.advance(200);
    await until(() => state() === 'hung');
    expect(machine?.state().sentence).toMatch(/printed nothing for 3 s/);
    await restarted();
    await until(() => state() === 'ok' && gpuSamples().length > 3);
    const [first] = (await starts()).filter((line) => line.includes('--query-gpu='));
    expect(isAlive(Number(first?.split(' ')[0]))).toBe(false);
  });

  it('that never prints a line is given the time that a cold driver needs, not more', async () => {
    await start('silent');
    await until(() => clock.waiting >= 2);
    await probed();
    clock.advance(14_000);
    expect(states).toEqual([]);
    clock.advance(2000);
    await until(() => state() === 'hung');
    expect(machine?.state().sentence).toMatch(/within 15 s of its start/);
  });

  it('that dies is started again, each time later', async () => {
    await start('dies');
    for (let times = 1; times <= 4; times += 1) {
      await until(() => gpuSamples().length === times);
      await restarted();
    }
    expect(states.some((told) => told.kind === 'exited' && /ended with code 1/.test(told.sentence))).toBe(true);
  });

  it('that prints garbage is stopped and counted, and the rest goes on', async () => {
    await start('garbage');
    await until(() => state() === 'garbage');
    expect(gpuSamples()).toEqual([]);
    clock.advance(10_000);
    expect(samples.some((sample) => sample.device === 'host')).toBe(true);
  });

  it('that prints one endless line does not fill the memory', async () => {
    await start('endless');
    await until(() => state() === 'garbage');
  });

  it('may say something between the lines', async () => {
    await start('noise');
    await until(() => gpuSamples().length === 2);
    expect(states).toEqual([]);
  });

  it('without a running driver is explained and left alone for minutes', async () => {
    await start('driver-down');
    await until(() => state() === 'no-driver');
    expect(machine?.state().sentence).toBe('The NVIDIA driver is not running: nvidia-smi cannot communicate with it.');
    const before = (await starts()).length;
    clock.advance(4 * 60_000);
    expect((await starts()).length).toBe(before);
  });

  it('that refuses a field is asked without it', async () => {
    await start('refuses');
    await until(() => gpuSamples().length > 2);
    expect(gpuSamples()[0]?.values).toMatchObject({ util: 7, fan: null, power: 118.42 });
    expect(states).toEqual([]);
  });

  it('without help is asked for the basic fields', async () => {
    await start('no-help');
    await until(() => gpuSamples().length > 2);
    expect(gpuSamples()[0]?.values).toMatchObject({ util: 55, clock: null });
    expect(devices.get(GPU)?.name).toBe('NVIDIA H100, rev 2');
  });

  it('of an old driver is asked by the old name of the clock reasons', async () => {
    await start('old');
    await until(() => gpuSamples().length > 2);
    expect((await starts()).some((line) => line.includes('clocks_throttle_reasons.active'))).toBe(true);
    expect(gpuSamples()[0]?.values.powerCap).toBe(1);
  });

  it('names the GPU that is lost and goes on with the others', async () => {
    await start('lost');
    await until(() => state() === 'lost' && gpuSamples().length > 20);
    expect(machine?.state().sentence).toBe('GPU 1 (NVIDIA H100 80GB HBM3) does not answer: GPU is lost.');
    expect(states.map((told) => told.kind)).toEqual(['lost']);
    expect(gpuSamples().at(-1)?.values).toBeDefined();
    expect((await starts()).filter((line) => line.includes('--query-gpu='))).toHaveLength(1);
  });

  it('that goes blind in its loop is started anew', async () => {
    await start('blind');
    await until(() => state() === 'lost');
    await become('normal');
    await restarted();
    await until(() => gpuSamples().at(-1)?.values.util === 0 && state() === 'ok');
  });

  it('with MIG on reports memory and power without utilisation', async () => {
    await start('mig');
    await until(() => gpuSamples().length > 0);
    expect(gpuSamples()[0]?.values).toMatchObject({ util: null, memoryUsed: 3021 * 2 ** 20, power: 98.1 });
    expect(devices.get(GPU)?.mig).toBe(true);
  });

  it('lists the processes while a GPU is in use', async () => {
    await start('normal');
    while (processes.length === 0) {
      await new Promise<void>((done) => (wake = done));
      clock.advance(20);
    }
    expect(processes[0]).toContainEqual({ device: GPU, pid: 4243, name: '/home/a, b/python', memory: null });
  });

  it('is gone after close', async () => {
    await start('normal');
    await until(() => gpuSamples().length > 0);
    const pids = (await starts()).map((line) => Number(line.split(' ')[0]));
    machine?.close();
    machine = null;
    await gone(pids);
    expect(clock.waiting).toBe(0);
  });
});

/** Moves the clock until the next child has been started. */
async function restarted(): Promise<void> {
  const before = (await starts()).length;
  for (let tries = 0; (await starts()).length === before; tries += 1) {
    if (tries > 2000) throw new Error('not started again');
    clock.advance(250);
    await new Promise((done) => setImmediate(done));
  }
}

/** Waits until the help was read and the query runs. */
async function probed(): Promise<void> {
  while (!(await starts()).some((line) => line.includes('--query-gpu='))) await new Promise((done) => setImmediate(done));
}

async function gone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((done) => setImmediate(done));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
