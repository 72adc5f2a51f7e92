/**
 * From a cold start to the first curves of a folder with 500 runs: our service as a process beside TensorBoard as it is installed. Both have
 * been started before on this machine, so that their code lies compiled (TensorBoard's in `__pycache__`), and have seen nothing of the folder.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBundle } from './bundle.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { endGroup } from './processes.ts';
import { paired, seconds, skipped, type Row } from './row.ts';
import { findTensorBoard, freePort, type TensorBoard } from './tensorboard.ts';

const PAIRS = 9;
const WHAT = 'first curves of 500 runs (1 M scalars): TensorBoard to its first tags / us to the newest run\'s curves';
/** TensorBoard as it is installed, and with the loader that the design's figure of 6.7 s is of. */
const ANCHORS = [
  { name: 'with its Rust server', options: [], target: atLeast(10) },
  { name: 'with its Python loader', options: ['--load_fast=false'], target: atLeast(12) },
];

function atLeast(least: number): { text: string; met(ratio: number): boolean } {
  return { text: `>= ${least}`, met: (ratio) => ratio >= least };
}

export async function benchFirstCurves(): Promise<Row[]> {
  const tensorboard = findTensorBoard();
  if (typeof tensorboard === 'string') return ANCHORS.map(({ name, target }) => skipped(`${WHAT}, ${name}`, tensorboard, target.text));
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-first-'));
  try {
    const logs = join(scratch, 'logs');
    generateTfevents(logs, 500, 5, 400);
    // Else our commits wait for what generating wrote; TensorBoard, which writes nothing, does not.
    execFileSync('sync');
    return await withBundle('firstCurvesService', (script) => measured(script, logs, scratch, tensorboard));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measured(script: string, logs: string, scratch: string, tensorboard: TensorBoard): Promise<Row[]> {
  await ours(script, logs, mkdtempSync(join(scratch, 'data-')), true);
  const rows: Row[] = [];
  for (const { name, options, target } of ANCHORS) {
    const pairs: { ours: number; anchor: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await ours(script, logs, mkdtempSync(join(scratch, 'data-'))), anchor: await theirs(tensorboard.tensorboard, logs, options) });
    rows.push(paired(`${WHAT}, ${name}`, pairs, seconds, ({ ours: own, anchor }) => anchor / own, target));
  }
  return rows;
}

/** Seconds to the first curves. `toEnd` lets the process end by itself, as an app that is closed does: then its compiled code is kept. */
async function ours(script: string, logs: string, data: string, toEnd = false): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, logs, data, join(data, '..')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the service ended before its first curve')));
  });
  const took = (performance.now() - started) / 1000;
  child.kill(toEnd ? 'SIGTERM' : 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return took;
}

async function theirs(program: string, logs: string, options: readonly string[]): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(program, ['--logdir', logs, '--port', String(port), '--host', '127.0.0.1', ...options], { stdio: 'ignore', detached: true });
  try {
    for (;;) {
      const tags = await fetch(`http://127.0.0.1:${port}/data/plugin/scalars/tags`).then((answer) => answer.json()).catch(() => ({})) as object;
      if (Object.keys(tags).length > 0) return (performance.now() - started) / 1000;
      if (child.exitCode !== null) throw new Error('TensorBoard ended');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    if (child.pid !== undefined) await endGroup(child.pid);
  }
}
