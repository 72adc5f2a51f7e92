import type { Database } from 'better-sqlite3';
import type { MachineStore } from './store.ts';

type Values = Record<string, number | null>;

/** Samples of GPUs and of the host: one row a sample. */
export function openMachine(db: Database): MachineStore {
  const addDevice = db.prepare('INSERT INTO devices (name) VALUES (?) ON CONFLICT (name) DO NOTHING');
  const deviceId = db.prepare<[string], number>('SELECT id FROM devices WHERE name = ?').pluck();
  const add = db.prepare('INSERT OR REPLACE INTO samples (device_id, at, until, count, data) VALUES (?, ?, ?, 1, ?)');
  const inRange = db.prepare<[number, number, number], { at: number; data: Uint8Array }>(
    'SELECT at, data FROM samples WHERE device_id = ? AND at >= ? AND at <= ? ORDER BY at',
  );
  const devices = db.prepare<[], { device: string; firstMs: number; lastMs: number }>(
    `SELECT name AS device, (SELECT min(at) FROM samples WHERE device_id = d.id) AS firstMs,
       (SELECT max(at) FROM samples WHERE device_id = d.id) AS lastMs FROM devices d ORDER BY id`,
  );
  const prune = db.prepare('DELETE FROM samples WHERE until < ?');

  const idOf = (device: string): number => {
    addDevice.run(device);
    return deviceId.get(device)!;
  };
  const decoder = new TextDecoder();

  return {
    add(samples) {
      for (const { device, atMs, values } of samples) add.run(idOf(device), atMs, atMs, Buffer.from(JSON.stringify(values)));
    },
    range(device, fromMs, toMs, buckets) {
      const id = deviceId.get(device);
      if (id === undefined) return { atMs: [], values: {} };
      const samples = inRange.all(id, fromMs, toMs).map(({ at, data }) => ({ at, values: JSON.parse(decoder.decode(data)) as Values }));
      return bucketed(samples, buckets);
    },
    devices: () => devices.all().filter((device) => device.firstMs !== null),
    prune: (beforeMs) => void prune.run(beforeMs),
  };
}

interface Sample {
  at: number;
  values: Values;
}

/** Joins neighbouring samples into at most `buckets` means; `util` comes with `util.min` and `util.max`. */
function bucketed(samples: Sample[], buckets: number): { atMs: number[]; values: Record<string, (number | null)[]> } {
  const size = Math.max(1, Math.ceil(samples.length / Math.max(1, buckets)));
  const atMs: number[] = [];
  const columns = new Map<string, (number | null)[]>();
  const put = (name: string, at: number, value: number | null) => {
    const column = columns.get(name) ?? [];
    while (column.length < at) column.push(null);
    column.push(value);
    columns.set(name, column);
  };
  for (let start = 0; start < samples.length; start += size) {
    const group = samples.slice(start, start + size);
    const at = atMs.length;
    atMs.push(group.reduce((sum, sample) => sum + sample.at, 0) / group.length);
    for (const name of new Set(group.flatMap((sample) => Object.keys(sample.values)))) {
      const numbers = group.map((sample) => sample.values[name] ?? null).filter((value) => value !== null);
      put(name, at, numbers.length > 0 ? numbers.reduce((a, b) => a + b, 0) / numbers.length : null);
      if (name !== 'util') continue;
      put('util.min', at, numbers.length > 0 ? Math.min(...numbers) : null);
      put('util.max', at, numbers.length > 0 ? Math.max(...numbers) : null);
    }
  }
  for (const column of columns.values()) while (column.length < atMs.length) column.push(null);
  return { atMs, values: Object.fromEntries(columns) };
}
