/** Cold ingest and warm reopen of a million TensorBoard scalars, every checksum checked, every point committed in SQLite. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
  cpuSeconds: number;
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

async function shapeRows(name: string, logs: string, scratch: string, tensorboard: ReturnType<typeof findTensorBoard>): Promise<Row[]> {
  const cold = `cold ingest, CPU, ${name}: us / Rust server --checksum`;
  const target = { text: '<= 1.0', met: (ratio: number) => ratio <= 1 };
  const rows: Row[] = [];
  const ours: number[] = [];
  const warm: { ours: number; anchor: number }[] = [];
  const pairs: { ours: number; anchor: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const data = join(scratch, `data-${pair}`);
    const first = ingest(logs, data);
    const again = ingest(logs, data);
    if (first.points !== 1_000_000 || again.points !== 1_000_000) throw new Error(`${first.points} points instead of a million`);
    ours.push(first.cpuSeconds);
    warm.push({ ours: again.seconds, anchor: first.seconds });
    if (typeof tensorboard !== 'string') pairs.push({ ours: first.cpuSeconds, anchor: (await rustLoad(tensorboard.server, logs)).cpuSeconds });
  }
  if (typeof tensorboard === 'string') rows.push(skipped(cold, tensorboard, target.text));
  else {
    rows.push(paired(cold, pairs, seconds, ({ ours: own, anchor }) => own / anchor, target));
    const python = pythonLoad(tensorboard.python, logs);
    const many = { text: '>= 80', met: (ratio: number) => ratio >= 80 };
    rows.push(paired(`cold ingest, CPU, ${name}: TensorBoard's Python loader, one run / us`, ours.map((own) => ({ ours: own, anchor: python })), seconds, ({ ours: own, anchor }) => anchor / own, many));
  }
  const faster = { text: '>= 10', met: (ratio: number) => ratio >= 10 };
  rows.push(paired(`reopen with nothing new, ${name}: cold / warm`, warm, seconds, ({ ours: own, anchor }) => anchor / own, faster));
  return rows;
}

/**
 * The built command line as a process of its own. Its CPU seconds are those of the whole process, from the start of Node to the closing of
 * the database: what it says itself leaves out the latter. Compiled code of an earlier start is at hand but in the first of the pairs.
 */
function ingest(logs: string, data: string): Ingested {
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'service', 'cli.cjs');
  if (!existsSync(cli)) throw new Error('build first: npm run build');
  const said = `${data}.json`;
  const cpuSeconds = cpuOfRun([process.execPath, cli, 'ingest', logs, '--data', data, '--json'], said);
  return { ...(JSON.parse(readFileSync(said, 'utf8')) as Ingested), cpuSeconds };
}
