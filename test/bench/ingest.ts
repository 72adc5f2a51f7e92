/** Cold ingest and warm reopen of a million TensorBoard scalars, every checksum checked, every point committed in SQLite. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateTfevents } from './generate-tfevents.ts';
import { cpuOfRun } from './processes.ts';
import { paired, seconds, skipped, type Row } from './row.ts';
import { findTensorBoard, pythonLoad, rustLoad } from './tensorboard.ts';

const PAIRS = 5;
const SHAPES = [
  { name: '1 run x 5 tags x 200 k steps', runs: 1, steps: 200_000 },
  { name: '500 runs x 5 tags x 400 steps', runs: 500, steps: 400 },
];

interface Ingested {
  points: number;
  bytesRead: number;
  seconds: number;
  /** Of the whole process, its start included. */
  cpuSeconds: number;
  wallSeconds: number;
}

/** Rows of the table. The Python loader takes a minute of CPU time for each shape: it runs once. */
export async function benchIngest(): Promise<Row[]> {
  const tensorboard = findTensorBoard();
  const rows: Row[] = [];
  for (const { name, runs, steps } of SHAPES) {
    const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-bench-'));
    try {
      const logs = join(scratch, 'logs');
      generateTfevents(logs, runs, 5, steps);
      rows.push(...(await shapeRows(name, logs, scratch, tensorboard)));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return rows;
}

interface Pair {
  first: Ingested;
  again: Ingested;
  /** CPU seconds; NaN without the Rust server. */
  rust: number;
  /** Bytes of our data folder after the first of the two. */
  bytes: number;
}

async function shapeRows(name: string, logs: string, scratch: string, tensorboard: ReturnType<typeof findTensorBoard>): Promise<Row[]> {
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const data = join(scratch, `data-${pair}`);
    const first = ingest(logs, data);
    const bytes = bytesBelow(data);
    const again = ingest(logs, data);
    if (first.points !== 1_000_000 || again.points !== 1_000_000) throw new Error(`${first.points} points instead of a million`);
    pairs.push({ first, again, bytes, rust: typeof tensorboard === 'string' ? NaN : (await rustLoad(tensorboard.server, logs)).cpuSeconds });
  }
  const logged = bytesBelow(logs);
  const faster = { text: '>= 10', met: (ratio: number) => ratio >= 10 };
  return [
    ...againstTensorBoard(name, logs, pairs, tensorboard),
    paired(`reopen with nothing new, ${name}: cold / warm`, pairs.map(({ first, again }) => ({ ours: again.seconds, anchor: first.seconds })), seconds, ({ ours, anchor }) => anchor / ours, faster),
    paired(`bytes on disk, ${name}, pyramid included: our data folder / the event files`, pairs.map(({ bytes }) => ({ ours: bytes, anchor: logged })), megabytes, ({ ours, anchor }) => ours / anchor, { text: '<= 1/6', met: (ratio) => ratio <= 1 / 6 }),
  ];
}

function againstTensorBoard(name: string, logs: string, pairs: readonly Pair[], tensorboard: ReturnType<typeof findTensorBoard>): Row[] {
  const cold = `cold ingest, CPU, ${name}: us / Rust server --checksum`;
  const loader = "TensorBoard's Python loader, one run / us";
  const [most, many, all] = [least(80), least(200), least(40)];
  const whats = { cold: `cold ingest, CPU, ${name}: ${loader}`, complete: `all of ${name} read and committed, wall clock of the process: ${loader}`, warm: `reopen with nothing new, CPU, ${name}: ${loader}, which reads all again` };
  if (typeof tensorboard === 'string') return [[cold, '<= 1.0'], [whats.cold, most.text], [whats.complete, all.text], [whats.warm, many.text]].map(([what = '', target = '']) => skipped(what, tensorboard, target));
  const python = pythonLoad(tensorboard.python, logs);
  const against = (what: string, anchor: number, own: (pair: Pair) => number, target: Target): Row => paired(what, pairs.map((pair) => ({ ours: own(pair), anchor })), seconds, (pair) => pair.anchor / pair.ours, target);
  return [
    paired(cold, pairs.map(({ first, rust }) => ({ ours: first.cpuSeconds, anchor: rust })), seconds, ({ ours, anchor }) => ours / anchor, { text: '<= 1.0', met: (ratio) => ratio <= 1 }),
    against(whats.cold, python.cpuSeconds, ({ first }) => first.cpuSeconds, most),
    against(whats.complete, python.seconds, ({ first }) => first.wallSeconds, all),
    against(whats.warm, python.cpuSeconds, ({ again }) => again.cpuSeconds, many),
  ];
}

interface Target {
  text: string;
  met(ratio: number): boolean;
}

function least(ratio: number): Target {
  return { text: `>= ${ratio}`, met: (found) => found >= ratio };
}

/** Bytes of all files of a folder. */
function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0), 0);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * The built command line as a process of its own. Its CPU seconds are those of the whole process, from the start of Node to the closing of
 * the database: what it says itself leaves out the latter. Compiled code of an earlier start is at hand but in the first of the pairs.
 */
function ingest(logs: string, data: string): Ingested {
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'service', 'cli.cjs');
  if (!existsSync(cli)) throw new Error('build first: npm run build');
  const said = `${data}.json`;
  const started = performance.now();
  const cpuSeconds = cpuOfRun([process.execPath, cli, 'ingest', logs, '--data', data, '--json'], said);
  return { ...(JSON.parse(readFileSync(said, 'utf8')) as Ingested), cpuSeconds, wallSeconds: (performance.now() - started) / 1000 };
}
