/**
 * AMD GPUs by the files of the amdgpu driver below /sys/class/drm: no program, no rights, a few small reads a look.
 * Formats reference, section 5.4; kernel documentation "amdgpu: thermal and power".
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMask, type DeviceInfo, type GpuValues, type Sample } from './sample.ts';

const AMD = '0x1002';

interface Card {
  index: number;
  folder: string;
  hwmon: string | null;
  /** Sensor files by what their label says. */
  temperature: string | null;
  memoryTemperature: string | null;
  info: DeviceInfo;
}

/**
 * Finds the AMD cards below `drm` (usually /sys/class/drm). An empty list where there are none or the folder is missing.
 */
export async function findCards(drm: string): Promise<Card[]> {
  const names = await readdir(drm).catch(() => [] as string[]);
  const cards: Card[] = [];
  for (const name of names) {
    const index = /^card(\d+)$/.exec(name)?.[1];
    if (index === undefined) continue;
    const folder = join(drm, name, 'device');
    if ((await text(join(folder, 'vendor'))) !== AMD) continue;
    cards.push(await describe(Number(index), folder));
  }
  return cards.sort((a, b) => a.index - b.index);
}

async function describe(index: number, folder: string): Promise<Card> {
  const pci = /^PCI_SLOT_NAME=(.+)$/m.exec((await text(join(folder, 'uevent'))) ?? '')?.[1] ?? null;
  const hwmons = await readdir(join(folder, 'hwmon')).catch(() => [] as string[]);
  const hwmon = hwmons[0] === undefined ? null : join(folder, 'hwmon', hwmons[0]);
  const sensors = hwmon === null ? new Map<string, string>() : await sensorFiles(hwmon);
  const limit = hwmon === null ? null : await number(join(hwmon, 'power1_cap'));
  const info: DeviceInfo = {
    device: `amdgpu-${pci ?? `card${index}`}`,
    source: 'amdgpu',
    vendor: 'AMD',
    index,
    name: (await text(join(folder, 'product_name'))) || 'AMD GPU',
    pci,
    driver: 'amdgpu',
    memoryTotal: await number(join(folder, 'mem_info_vram_total')),
    powerLimit: limit === null ? null : limit / 1e6,
    mig: false,
  };
  const temperature = sensors.get('edge') ?? sensors.get('junction') ?? null;
  return { index, folder, hwmon, temperature, memoryTemperature: sensors.get('mem') ?? null, info };
}

async function sensorFiles(hwmon: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const place of [1, 2, 3]) {
    const label = await text(join(hwmon, `temp${place}_label`));
    if (label) found.set(label, join(hwmon, `temp${place}_input`));
  }
  if (found.size === 0) found.set('edge', join(hwmon, 'temp1_input'));
  return found;
}

/** One look at a card. A sleeping card is not woken: all its values are null. */
export async function readCard(card: Card, atMs: number): Promise<Sample> {
  const asleep = (await text(join(card.folder, 'power', 'runtime_status'))) === 'suspended';
  const values = asleep ? nothing : await readValues(card);
  return { device: card.info.device, atMs, values: { ...values } };
}

const nothing: GpuValues = {
  util: null,
  memoryUsed: null,
  memoryTotal: null,
  memoryController: null,
  power: null,
  powerLimit: null,
  temperature: null,
  memoryTemperature: null,
  fan: null,
  clock: null,
  memoryClock: null,
  throttle: null,
  slowdown: null,
  powerCap: null,
};

async function readValues(card: Card): Promise<GpuValues> {
  const device = (name: string): Promise<number | null> => number(join(card.folder, name));
  const hwmon = (name: string, scale: number): Promise<number | null> =>
    card.hwmon === null ? Promise.resolve(null) : number(join(card.hwmon, name), scale);
  const sensor = (file: string | null): Promise<number | null> => (file === null ? Promise.resolve(null) : number(file, 1e-3));
  const [pwm, pwmMax] = [await hwmon('pwm1', 1), await hwmon('pwm1_max', 1)];
  return {
    util: await device('gpu_busy_percent'),
    memoryUsed: await device('mem_info_vram_used'),
    memoryTotal: await device('mem_info_vram_total'),
    memoryController: await device('mem_busy_percent'),
    power: (await hwmon('power1_average', 1e-6)) ?? (await hwmon('power1_input', 1e-6)),
    powerLimit: await hwmon('power1_cap', 1e-6),
    temperature: await sensor(card.temperature),
    memoryTemperature: await sensor(card.memoryTemperature),
    fan: pwm === null ? null : (100 * pwm) / (pwmMax || 255),
    clock: await hwmon('freq1_input', 1e-6),
    memoryClock: await hwmon('freq2_input', 1e-6),
    ...readMask(null),
  };
}

async function text(file: string): Promise<string | null> {
  return readFile(file, 'utf8').then(
    (content) => content.trim(),
    () => null,
  );
}

async function number(file: string, scale = 1): Promise<number | null> {
  const content = await text(file);
  if (content === null || !/^-?\d+$/.test(content)) return null;
  return Number(content) * scale;
}
