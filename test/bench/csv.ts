/**
 * Typed CSV: our reader over bytes, in chunks as the service reads, against csv-parse and, where it can be imported, uDSV.
 * All start from the same bytes, end with numbers, and run in this process in turn. `npm run bench -- csv`, or this file alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { Batch } from '../../main/service/formats/batch.ts';
import { csv } from '../../main/service/formats/csv-generic.ts';
import { seeded } from './generate-tfevents.ts';
import { benchPolars } from './polars.ts';
import { paired, seconds, skipped, type Row } from './row.ts';

const CHUNK = 512 * 1024;
const PAIRS = 7;

/** What is used of uDSV; it is no dependency of ours. */
interface Udsv {
  inferSchema(text: string): unknown;
  initParser(schema: unknown): { typedCols(text: string): unknown[] };
}

/** A log of `rows` rows: steps, an epoch with decimals, values as Python prints float32, float64 and rounded ones; `seed` fixes it. */
export function csvLog(rows: number, seed = 1): Uint8Array {
  const random = seeded(seed);
  const lines = ['step,epoch,train_loss,grad_norm,accuracy,lr,tokens,time'];
  for (let step = 0; step < rows; step += 1) {
    const loss = 2 * Math.exp(-step / rows) + random();
    const values = [step, (step / 1000).toFixed(3), Math.fround(loss), loss / 3, random().toFixed(4), 0.001 * (1 - step / rows), step * 4096, (1.79e9 + step / 7).toFixed(3)];
    lines.push(values.join(','));
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

/** CPU seconds of a piece of work, user and system. */
export function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Reads a whole log in chunks; a new batch for each, as after each commit. Returns the points. */
export function readInChunks(format: typeof csv, bytes: Uint8Array): number {
  const reader = format.open({ path: 'log', name: 'log' });
  let done = 0;
  let points = 0;
  while (done < bytes.length) {
    const batch = new Batch();
    const end = Math.min(bytes.length, done + CHUNK);
    done += reader.read(bytes.subarray(done, end), done, batch, end === bytes.length);
    points += batch.pointCount;
    batch.release();
  }
  return points;
}

function withCsvParse(bytes: Uint8Array): number {
  const records = parse(Buffer.from(bytes), { columns: true, cast: (value, { header }) => (header ? value : Number(value)) }) as unknown[];
  return records.length;
}

const UDSV = 'udsv@0.7.3';

/** uDSV, from the registry where it can be had; null elsewhere. */
async function importUdsv(): Promise<Udsv | null> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gapwatch', UDSV.replace('@', '-'));
  const entry = join(folder, 'node_modules', 'udsv', 'dist', 'uDSV.mjs');
  try {
    if (!existsSync(entry)) {
      mkdirSync(folder, { recursive: true });
      execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', UDSV], { stdio: 'ignore' });
    }
    return (await import(pathToFileURL(entry).href)) as Udsv;
  } catch {
    return null;
  }
}

/** The rows of the benchmark table. */
export async function benchCsv(rows = 200_000): Promise<Row[]> {
  const bytes = csvLog(rows);
  const mib = bytes.length / 2 ** 20;
  const points = readInChunks(csv, bytes);
  if (points !== rows * 5) throw new Error(`${points} points read of ${rows * 5}`);
  const what = `typed CSV, ${rows} rows x 8 columns, ${mib.toFixed(0)} MiB, CPU`;
  const rate = (value: number): string => `${seconds(value)} (${(mib / value).toFixed(0)} MiB/s)`;
  const versus = (name: string, other: () => unknown): Row => {
    cpuSeconds(other);
    const pairs = Array.from({ length: PAIRS }, () => ({ ours: cpuSeconds(() => readInChunks(csv, bytes)), anchor: cpuSeconds(other) }));
    return paired(`${what}; against ${name}`, pairs, rate, ({ ours, anchor }) => anchor / ours, { text: '>= 1.5x', met: (ratio) => ratio >= 1.5 });
  };
  const result = [versus('csv-parse', () => withCsvParse(bytes)), benchPolars(what, bytes, () => cpuSeconds(() => readInChunks(csv, bytes)), rate)];
  const udsv = await importUdsv();
  if (udsv === null) return [...result, skipped(`${what}; against uDSV`, 'uDSV is not installed', '>= 1.5x')];
  const typed = (): unknown => {
    const text = new TextDecoder().decode(bytes);
    return udsv.initParser(udsv.inferSchema(text)).typedCols(text);
  };
  return [...result, versus('uDSV', typed)];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { what, ours, anchor, ratio, spread, skipped: why } of await benchCsv()) {
    process.stdout.write(`${what}: ${why ?? `${ours}, anchor ${anchor}, ratio ${ratio?.toFixed(2)} (${spread?.map((end) => end.toFixed(2)).join(' to ')})`}\n`);
  }
}

