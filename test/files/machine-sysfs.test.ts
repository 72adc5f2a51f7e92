/** AMD cards from a folder tree as the amdgpu driver shows it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findCards, readCard } from '../../main/service/machine/amdgpu.ts';
import type { MachineState, Sample } from '../../main/service/machine/sample.ts';
import { watchMachine } from '../../main/service/machine/watch.ts';
import { manualClock } from '../fixtures/machine/manual-clock.ts';

let drm: string;

beforeEach(async () => {
  drm = await mkdtemp(join(tmpdir(), 'gapwatch-drm-'));
});

afterEach(() => rm(drm, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(drm, path)), { recursive: true });
    await writeFile(join(drm, path), `${content}\n`);
  }
}

const card = {
  'card1/device/vendor': '0x1002',
  'card1/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0',
  'card1/device/product_name': 'AMD Instinct MI210',
  'card1/device/gpu_busy_percent': '0',
  'card1/device/mem_busy_percent': '17',
  'card1/device/mem_info_vram_used': '1073741824',
  'card1/device/mem_info_vram_total': '68702699520',
  'card1/device/hwmon/hwmon4/temp1_label': 'edge',
  'card1/device/hwmon/hwmon4/temp1_input': '47000',
  'card1/device/hwmon/hwmon4/temp3_label': 'mem',
  'card1/device/hwmon/hwmon4/temp3_input': '58000',
  'card1/device/hwmon/hwmon4/power1_average': '93000000',
  'card1/device/hwmon/hwmon4/power1_cap': '300000000',
  'card1/device/hwmon/hwmon4/freq1_input': '1700000000',
  'card0/device/vendor': '0x10de',
  'card1-DP-1/status': 'connected',
  version: 'drm 1.1.0',
};

it('reads an AMD card and leaves the others alone', async () => {
  await write(card);
  const cards = await findCards(drm);
  const known = { device: 'amdgpu-0000:03:00.0', vendor: 'AMD', name: 'AMD Instinct MI210', powerLimit: 300, memoryTotal: 68702699520 };
  expect(cards.map((found) => found.info)).toEqual([expect.objectContaining(known)]);
  const { values } = await readCard(cards[0]!, 5);
  expect(values).toMatchObject({ util: 0, memoryUsed: 2 ** 30, memoryController: 17, power: 93 });
  expect(values).toMatchObject({ temperature: 47, memoryTemperature: 58, clock: 1700 });
  expect(values).toMatchObject({ fan: null, memoryClock: null, throttle: null });
});

it('does not wake a sleeping card', async () => {
  await write({ ...card, 'card1/device/power/runtime_status': 'suspended' });
  const [found] = await findCards(drm);
  expect(Object.values((await readCard(found!, 5)).values).every((value) => value === null)).toBe(true);
});

it('is empty where there is no such folder', async () => {
  expect(await findCards(join(drm, 'missing'))).toEqual([]);
});

it('gives samples without nvidia-smi, and then nothing is missing', async () => {
  await write(card);
  const clock = manualClock();
  const samples: Sample[] = [];
  const states: MachineState[] = [];
  let wake = (): void => undefined;
  const machine = watchMachine({
    command: join(drm, 'no-nvidia-smi'),
    sysfs: drm,
    clock,
    onSamples: (more) => (samples.push(...more), wake()),
    onDevice: () => wake(),
    onState: (state) => (states.push(state), wake()),
  });
  try {
    while (!samples.some((sample) => sample.device.startsWith('amdgpu'))) {
      clock.advance(2000);
      await new Promise((done) => setImmediate(done));
    }
    while (states.length > 0 && machine.state().kind !== 'ok') await new Promise<void>((done) => (wake = done));
    expect(machine.state()).toEqual({ kind: 'ok', sentence: '' });
  } finally {
    machine.close();
  }
  expect(clock.waiting).toBe(0);
});
