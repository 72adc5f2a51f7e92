/** Lines of `nvidia-smi --query-gpu=... --format=csv,noheader,nounits` and of `--query-compute-apps`. No I/O. */
import { canonical } from './nvidia-fields.ts';
import { readMask, type DeviceInfo, type GpuProcess, type GpuValues } from './sample.ts';

const MIB = 1024 * 1024;

/** The columns of `--query-compute-apps`, in this order: the name last, as it may contain commas. */
export const appFields = ['gpu_uuid', 'pid', 'used_gpu_memory', 'process_name'] as const;

export type Row =
  | { kind: 'gpu'; info: DeviceInfo; values: GpuValues; /** Words of the driver for a GPU that stopped answering. */ fault: string | null }
  /** The driver says that a GPU does not answer, without saying what it was. */
  | { kind: 'lost'; text: string }
  | { kind: 'garbage'; text: string };

/**
 * A number, or null for every way of saying "not available": `[N/A]`, `N/A`, `[Not Supported]`, `[Insufficient Permissions]`,
 * `[Unknown Error]`, `ERR!`, `[GPU is lost]`, `-`, and the empty field.
 */
export function readNumber(field: string | undefined): number | null {
  const text = (field ?? '').trim();
  if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return null;
  return Number(text);
}

/** `0x0000000000000044` as a number; decimal is accepted too. null if it is not a number. */
export function readMaskField(field: string | undefined): number | null {
  const text = (field ?? '').trim();
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text);
  return readNumber(text);
}

/** Words of the driver for a GPU that no longer answers, or null. */
function faultOf(fields: readonly string[]): string | null {
  const said = fields.map((field) => field.trim());
  const lost = said.find((field) => /GPU is lost|GPU requires reset/i.test(field));
  if (lost) return lost.replace(/^\[|\]$/g, '');
  const errors = said.filter((field) => /Unknown Error|^ERR!$/i.test(field)).length;
  return errors * 2 > said.length ? 'Unknown Error' : null;
}

/** Splits a line into as many fields as were asked for; what is left over belongs to the last one. null if there are too few. */
function splitFields(line: string, count: number): string[] | null {
  const parts = line.split(',');
  if (parts.length < count) return null;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(',')].map((part) => part.trim());
}

/** Reads one line of the GPU query. `fields` are those that were asked for, in order, under whichever alias. */
export function readGpuRow(line: string, fields: readonly string[]): Row {
  if (/^Unable to determine the device handle for/i.test(line)) return { kind: 'lost', text: line.trim() };
  const parts = splitFields(line, fields.length);
  if (!parts) return { kind: 'garbage', text: line.slice(0, 200) };
  const of = new Map(fields.map((field, at) => [canonical(field), parts[at]!]));
  const fault = faultOf(parts);
  const device = deviceKey(of);
  if (device === null) {
    return fault ? { kind: 'lost', text: `GPU ${of.get('index') ?? ''}: ${fault}` } : { kind: 'garbage', text: line.slice(0, 200) };
  }
  const values = readValues(of);
  const info: DeviceInfo = {
    device,
    source: 'nvidia-smi',
    vendor: 'NVIDIA',
    index: readNumber(of.get('index')),
    name: readText(of.get('name')) ?? 'NVIDIA GPU',
    pci: readText(of.get('pci.bus_id')),
    driver: readText(of.get('driver_version')),
    memoryTotal: values.memoryTotal,
    powerLimit: values.powerLimit,
    mig: /^enabled$/i.test(of.get('mig.mode.current') ?? ''),
  };
  return { kind: 'gpu', info, values, fault };
}

function deviceKey(of: ReadonlyMap<string, string>): string | null {
  const uuid = of.get('uuid') ?? '';
  if (/^(GPU|MIG)-[0-9A-Za-z/-]+$/.test(uuid)) return uuid;
  const pci = of.get('pci.bus_id') ?? '';
  return /^[0-9A-Fa-f]{4,8}:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}\.[0-9A-Fa-f]$/.test(pci) ? pci : null;
}

function readValues(of: ReadonlyMap<string, string>): GpuValues {
  const number = (field: string): number | null => readNumber(of.get(field));
  const bytes = (field: string): number | null => {
    const mib = number(field);
    return mib === null ? null : mib * MIB;
  };
  const percent = (field: string): number | null => {
    const share = number(field);
    return share === null || share < 0 || share > 100 ? null : share;
  };
  return {
    util: percent('utilization.gpu'),
    memoryUsed: bytes('memory.used'),
    memoryTotal: bytes('memory.total'),
    memoryController: percent('utilization.memory'),
    power: number('power.draw'),
    powerLimit: number('enforced.power.limit'),
    temperature: number('temperature.gpu'),
    memoryTemperature: number('temperature.memory'),
    fan: number('fan.speed'),
    clock: number('clocks.current.sm'),
    memoryClock: number('clocks.current.memory'),
    ...readMask(readMaskField(of.get('clocks_event_reasons.active'))),
  };
}

function readText(field: string | undefined): string | null {
  const text = (field ?? '').trim();
  return text === '' || /^\[.*\]$/.test(text) || text === 'N/A' ? null : text.slice(0, 200);
}

/** Reads one line of the process query, null if it is not one. The uuid is the parent GPU's when MIG is on. */
export function readAppRow(line: string): GpuProcess | null {
  const parts = splitFields(line, appFields.length);
  if (!parts) return null;
  const [device, pidText, memoryText, name] = parts as [string, string, string, string];
  const pid = readNumber(pidText);
  if (pid === null || !Number.isInteger(pid) || pid <= 0 || !/^(GPU|MIG)-/.test(device)) return null;
  const memory = readNumber(memoryText);
  return { device, pid, name: readText(name) ?? '', memory: memory === null ? null : memory * MIB };
}
