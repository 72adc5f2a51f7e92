/**
 * One look at a device, in the shape that `MachineStore.add` takes. Every value may be null ("not reported"); 0 is a value.
 * The names below are the columns of the machine table and of the machine view.
 */
export interface Sample {
  /** The GPU's uuid (NVIDIA) or PCI address (AMD), or 'host'. */
  device: string;
  /** Milliseconds since 1970 at which the line arrived or the file was read. */
  atMs: number;
  values: Record<string, number | null>;
}

/** Columns of a GPU. Masks cannot be averaged, so the two things that the mask says about slowness are columns of their own. */
export const gpuColumns = [
  /** Per cent of the time in which a kernel ran. Says nothing about how much of the GPU it filled. */
  'util',
  /** Bytes. */
  'memoryUsed',
  'memoryTotal',
  /** Per cent of the time in which the memory controller was busy. */
  'memoryController',
  /** Watts. */
  'power',
  'powerLimit',
  /** Degrees Celsius. */
  'temperature',
  'memoryTemperature',
  /** Per cent of the fan's intended maximum; may exceed 100. */
  'fan',
  /** MHz, of the streaming multiprocessors (NVIDIA) or shader clock (AMD). */
  'clock',
  'memoryClock',
  /** Bit mask of the driver's reasons for a lower clock. */
  'throttle',
  /** 1 if hardware, temperature or an external power brake holds the clock down, else 0: its mean is a share of the time. */
  'slowdown',
  /** 1 if the power limit holds the clock down, else 0. */
  'powerCap',
] as const;

/** Columns of the device 'host': busy and input/output-waiting share of all cores in per cent, memory in bytes. */
export const hostColumns = ['cpu', 'ioWait', 'memoryUsed', 'memoryTotal'] as const;

export type GpuValues = Record<(typeof gpuColumns)[number], number | null>;
export type HostValues = Record<(typeof hostColumns)[number], number | null>;

/** What does not change from sample to sample: kept as a document of kind 'device' under the device's key. */
export interface DeviceInfo {
  device: string;
  source: 'nvidia-smi' | 'amdgpu' | 'host';
  vendor: 'NVIDIA' | 'AMD' | null;
  /** As the driver counts at this boot, null for the host. */
  index: number | null;
  name: string;
  pci: string | null;
  driver: string | null;
  /** Bytes and watts, null where not reported. */
  memoryTotal: number | null;
  powerLimit: number | null;
  /** True while the GPU is split into MIG instances: the driver then reports no utilisation for the whole. */
  mig: boolean;
}

/** Bits of `clocks_event_reasons.active` (nvml.h, nvmlClocksEventReason...). */
export const reasons = {
  idle: 0x1,
  applicationClocks: 0x2,
  powerCap: 0x4,
  hardwareSlowdown: 0x8,
  softwareThermal: 0x20,
  hardwareThermal: 0x40,
  powerBrake: 0x80,
} as const;

const SLOWDOWN = reasons.hardwareSlowdown | reasons.softwareThermal | reasons.hardwareThermal | reasons.powerBrake;

/** The columns that follow from the mask; null stays null. */
export function readMask(mask: number | null): { throttle: number | null; slowdown: number | null; powerCap: number | null } {
  if (mask === null) return { throttle: null, slowdown: null, powerCap: null };
  return { throttle: mask, slowdown: mask & SLOWDOWN ? 1 : 0, powerCap: mask & reasons.powerCap ? 1 : 0 };
}

/** A process that computes on a GPU. */
export interface GpuProcess {
  device: string;
  pid: number;
  /** As the driver gives it: the path of the program, possibly with commas. */
  name: string;
  /** Bytes, null where the driver does not say. */
  memory: number | null;
}

export type MachineStateKind = 'ok' | 'no-driver' | 'hung' | 'garbage' | 'exited' | 'lost';

/** How the source of GPU samples stands, with one plain sentence for the window ('' when all is well). */
export interface MachineState {
  kind: MachineStateKind;
  sentence: string;
}
