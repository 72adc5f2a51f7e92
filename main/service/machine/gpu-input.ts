/** The GPUs of a run as its diagnosis wants them: columns of the stored samples, with what the host did at the same times. */
import type { GpuInput } from '../diagnose/input.ts';
import type { MachineStore } from '../store/store.ts';
import type { DeviceInfo } from './sample.ts';

/** Rules look at half an hour at most. */
export const GPU_HISTORY_MS = 40 * 60_000;
/** One value every five seconds. */
const BUCKETS = 480;

/**
 * Samples of `devices` (those that are known to work for the run) between two times in milliseconds since 1970. Devices without samples
 * there are left out.
 */
export function gpuInputs(store: Pick<MachineStore, 'range'>, devices: readonly DeviceInfo[], fromMs: number, toMs: number): GpuInput[] {
  const host = store.range('host', fromMs, toMs, BUCKETS);
  return devices.flatMap((info) => {
    const { atMs, values } = store.range(info.device, fromMs, toMs, BUCKETS);
    if (atMs.length === 0) return [];
    const column = (name: string): Float64Array => Float64Array.from(atMs, (_, i) => values[name]?.[i] ?? NaN);
    const beside = (name: string): Float64Array => nearest(host.atMs, host.values[name] ?? [], atMs);
    return [
      {
        device: info.device,
        index: info.index,
        name: info.name,
        time: Float64Array.from(atMs, (at) => at / 1000),
        util: column('util'),
        memoryUsed: column('memoryUsed'),
        memoryTotal: info.memoryTotal,
        temperature: column('temperature'),
        slowdown: column('slowdown'),
        powerCap: column('powerCap'),
        hostCpu: beside('cpu'),
        hostIoWait: beside('ioWait'),
      },
    ];
  });
}

/** Further apart than this, the host says nothing of that moment. */
const REACH_MS = 15_000;

/** The value of a series at the time nearest to each of `atMs` (both ascending); NaN where none is near. */
function nearest(times: readonly number[], values: readonly (number | null)[], atMs: readonly number[]): Float64Array {
  let j = 0;
  return Float64Array.from(atMs, (at) => {
    while (j + 1 < times.length && Math.abs((times[j + 1] as number) - at) <= Math.abs((times[j] as number) - at)) j += 1;
    const distance = Math.abs((times[j] ?? Infinity) - at);
    return distance <= REACH_MS ? (values[j] ?? NaN) : NaN;
  });
}
