/** Machine samples for drawing: each one, or means over equal stretches of time. */
import type { SampleColumns } from './sampleBlock.ts';
import type { MachineStore } from './store.ts';

type Drawn = ReturnType<MachineStore['range']>;

interface TimeRange {
  /** Inclusive. */
  fromMs: number;
  toMs: number;
}

/** What one field has in each bucket. */
interface Sums {
  count: Uint32Array;
  sum: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

/** Every sample of the range, oldest first; samples of the same millisecond are one. */
export function eachSample(parts: readonly SampleColumns[], range: TimeRange): Drawn {
  const times = new Set(parts.flatMap(({ atMs }) => [...atMs]));
  const places = new Map([...times].sort((a, b) => a - b).map((atMs, place) => [atMs, place]));
  return gathered(parts, range, places.size, (atMs) => places.get(atMs)!);
}

/** Means over `buckets` equal stretches of the range; those without a sample are left out. */
export function means(parts: Iterable<SampleColumns>, range: TimeRange, buckets: number): Drawn {
  const scale = buckets / (range.toMs - range.fromMs || 1);
  return gathered(parts, range, buckets, (atMs) => Math.min(buckets - 1, Math.floor((atMs - range.fromMs) * scale)));
}

function gathered(parts: Iterable<SampleColumns>, { fromMs, toMs }: TimeRange, buckets: number, placeOf: (atMs: number) => number): Drawn {
  const times = emptySums(buckets);
  const fields = new Map<string, Sums>();
  for (const part of parts) {
    const places = part.atMs.map((atMs) => (atMs >= fromMs && atMs <= toMs ? placeOf(atMs) : -1));
    take(times, places, part.atMs);
    for (const [name, values] of part.fields) {
      const sums = fields.get(name) ?? emptySums(buckets);
      fields.set(name, sums);
      take(sums, places, values);
    }
  }
  const filled = [...times.count.keys()].filter((bucket) => times.count[bucket]! > 0);
  const column = (sums: Sums, value: (bucket: number) => number) => filled.map((bucket) => (sums.count[bucket]! > 0 ? value(bucket) : null));
  const columns: [string, (number | null)[]][] = [];
  for (const [name, sums] of fields) {
    columns.push([name, column(sums, (bucket) => sums.sum[bucket]! / sums.count[bucket]!)]);
    if (name !== 'util') continue;
    columns.push(['util.min', column(sums, (bucket) => sums.min[bucket]!)], ['util.max', column(sums, (bucket) => sums.max[bucket]!)]);
  }
  return { atMs: filled.map((bucket) => times.sum[bucket]! / times.count[bucket]!), values: Object.fromEntries(columns) };
}

function emptySums(buckets: number): Sums {
  return {
    count: new Uint32Array(buckets),
    sum: new Float64Array(buckets),
    min: new Float64Array(buckets).fill(Infinity),
    max: new Float64Array(buckets).fill(-Infinity),
  };
}

/** Adds values to their buckets (-1: outside the range); NaN is no value. */
function take(sums: Sums, places: Float64Array, values: Float64Array): void {
  for (let i = 0; i < values.length; i += 1) {
    const bucket = places[i]!;
    const value = values[i]!;
    if (bucket < 0 || value !== value) continue;
    sums.count[bucket]! += 1;
    sums.sum[bucket]! += value;
    if (value < sums.min[bucket]!) sums.min[bucket] = value;
    if (value > sums.max[bucket]!) sums.max[bucket] = value;
  }
}
