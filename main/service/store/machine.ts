/** Samples of GPUs and of the host. The newest are a row each; once there are many they become one block of columns. */
import type { Statements } from './lazyStatements.ts';
import { eachSample, means } from './sampleBuckets.ts';
import { type Sample, type SampleColumns, columnsOf, decodeSamples, encodeSamples } from './sampleBlock.ts';
import type { MachineStore } from './store.ts';
import { fromJson } from './json.ts';

/** Samples in a block: ten minutes at one every two seconds, about 3 bytes a number instead of 15. */
const BLOCK = 300;

interface Stored {
  at: number;
  count: number;
  data: Uint8Array;
}

export interface MachineTable extends MachineStore {
  /** Forgets what is held in memory after a rollback. */
  forget(): void;
}

export function openMachine(db: Statements): MachineTable {
  const addDevice = db.prepare('INSERT INTO devices (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
  const deviceId = db.prepare<[string], number>('SELECT id FROM devices WHERE name = ?').pluck();
  const deviceIds = db.prepare<[], number>('SELECT id FROM devices').pluck();
  const add = db.prepare('INSERT INTO samples (device_id, at, until, count, data) VALUES (?, ?, ?, ?, ?)');
  const singles = db.prepare<[number], Stored>('SELECT at, count, data FROM samples WHERE device_id = ? AND count = 1 ORDER BY id');
  const dropSingles = db.prepare('DELETE FROM samples WHERE device_id = ? AND count = 1');
  const inRange = db.prepare<[number, number, number], Stored>(
    'SELECT at, count, data FROM samples WHERE device_id = ? AND until >= ? AND at <= ? ORDER BY until',
  );
  const extent = db.prepare<[number, number, number], { first: number | null; last: number | null; total: number }>(
    'SELECT min(at) AS first, max(until) AS last, total(count) AS total FROM samples WHERE device_id = ? AND until >= ? AND at <= ?',
  );
  const span = db.prepare<[number, number], { firstMs: number | null; lastMs: number | null }>(
    'SELECT (SELECT min(at) FROM samples WHERE device_id = ?) AS firstMs, (SELECT max(until) FROM samples WHERE device_id = ?) AS lastMs',
  );
  const names = db.prepare<[], { id: number; device: string }>('SELECT id, name AS device FROM devices ORDER BY id');
  const prune = db.prepare('DELETE FROM samples WHERE device_id = ? AND until < ?');
  /** Rows with one sample, by device. */
  const waiting = new Map<number, number>();

  const idOf = (device: string): number => {
    const known = deviceId.get(device);
    if (known !== undefined) return known;
    addDevice.run(device);
    return deviceId.get(device)!;
  };

  const fold = (id: number) => {
    const samples = singles.all(id).map(sampleOf);
    dropSingles.run(id);
    const times = samples.map((sample) => sample.atMs);
    add.run(id, Math.min(...times), Math.max(...times), samples.length, encodeSamples(samples));
    waiting.set(id, 0);
  };

  return {
    add(samples) {
      for (const { device, atMs, values } of samples) {
        const id = idOf(device);
        const before = waiting.get(id) ?? singles.all(id).length;
        add.run(id, atMs, atMs, 1, Buffer.from(JSON.stringify(values)));
        waiting.set(id, before + 1);
        if (before + 1 >= BLOCK) fold(id);
      }
    },
    range(device, fromMs, toMs, buckets) {
      const id = deviceId.get(device);
      const { first, last, total } = id === undefined ? nothing : extent.get(id, fromMs, toMs)!;
      if (id === undefined || first === null || last === null) return { atMs: [], values: {} };
      const most = Math.max(1, Math.floor(buckets));
      const range = { fromMs: Math.max(first, fromMs), toMs: Math.min(last, toMs) };
      // Block by block, so that a month of samples is never in memory at once.
      const parts = () => parted(inRange.iterate(id, fromMs, toMs));
      return total <= most ? eachSample([...parts()], range) : means(parts(), range, most);
    },
    devices() {
      const found = names.all().map(({ id, device }) => ({ device, ...span.get(id, id)! }));
      return found.filter((device): device is { device: string; firstMs: number; lastMs: number } => device.firstMs !== null);
    },
    prune(beforeMs) {
      for (const id of deviceIds.all()) prune.run(id, beforeMs);
      waiting.clear();
    },
    forget: () => waiting.clear(),
  };
}

const nothing = { first: null, last: null, total: 0 };
const decoder = new TextDecoder();

function* parted(stored: Iterable<Stored>): Generator<SampleColumns> {
  for (const row of stored) yield row.count === 1 ? columnsOf([sampleOf(row)]) : decodeSamples(row.data);
}

function sampleOf({ at, data }: Stored): Sample {
  return { atMs: at, values: fromJson(decoder.decode(data)) as Sample['values'] };
}
