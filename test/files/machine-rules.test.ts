/** From stored samples to a finding: real database, real rules. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { throttling } from '../../main/service/diagnose/health/b15-throttling.ts';
import { gpuIdle } from '../../main/service/diagnose/health/b13-gpu-idle.ts';
import { GPU_HISTORY_MS, gpuInputs } from '../../main/service/machine/gpu-input.ts';
import type { DeviceInfo } from '../../main/service/machine/sample.ts';
import { openStore } from '../../main/service/store/open.ts';
import type { Store } from '../../main/service/store/store.ts';
import { made } from '../unit/diagnose/health/made-run.ts';

const START_MS = 1_700_000_000_000;
const info: DeviceInfo = {
  device: 'GPU-1',
  source: 'nvidia-smi',
  vendor: 'NVIDIA',
  index: 3,
  name: 'NVIDIA A100',
  pci: null,
  driver: null,
  memoryTotal: 2 ** 36,
  powerLimit: 400,
  mig: false,
};
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gapwatch-gpu-'));
  store = openStore(join(folder, 'gapwatch.db'));
});

afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

it('finds heat and a starved GPU in what was stored second by second', () => {
  store.transaction(() => {
    for (let s = 0; s < 1500; s += 1) {
      const atMs = START_MS + s * 1000;
      const values = { util: 20, memoryUsed: 2 ** 33, temperature: 90, slowdown: s % 2, powerCap: null };
      const samples = [{ device: 'GPU-1', atMs, values }];
      if (s % 2 === 0) store.machine.add([{ device: 'host', atMs, values: { cpu: 97, ioWait: 0 } }]);
      store.machine.add(samples);
    }
  });
  const end = START_MS + 1500 * 1000;
  const machine = gpuInputs(store.machine, [info, { ...info, device: 'GPU-absent' }], end - GPU_HISTORY_MS, end);
  expect(machine.map(({ device }) => device)).toEqual(['GPU-1']);
  expect(machine[0]?.time.length).toBeLessThanOrEqual(480);
  const view = made({ train: [1, 1, 1], time: (step) => START_MS / 1000 + step, run: { machine } });
  const said = [throttling, gpuIdle].map((rule) => {
    const result = rule.check(view);
    return 'faults' in result ? result.faults[0]?.text : result.notChecked;
  });
  expect(said[0]).toBe('GPU 3 (NVIDIA A100) lowers its clock 50 % of the time (heat, hardware or power brake) at 90 C.');
  expect(said[1]).toMatch(/^GPU 3 \(NVIDIA A100\) is busy at most 20 % of the time .* while the CPU is 97 % busy\.$/);
});

it('has nothing to say without samples', () => {
  expect(gpuInputs(store.machine, [info], 0, START_MS)).toEqual([]);
});
