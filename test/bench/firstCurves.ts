/** From a cold start to the first curves of a folder with 500 runs: our service as a process beside TensorBoard as it is installed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';
import { generateTfevents } from './generate-tfevents.ts';
import { paired, seconds, skipped, type Row } from './row.ts';
import { findTensorBoard, freePort } from './tensorboard.ts';

const PAIRS = 5;
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
    // The app runs the built service: a bundle, not a hundred files whose types are stripped at each start.
    const built = await bundled(scratch);
    const rows: Row[] = [];
    for (const { name, options, target } of ANCHORS) {
      const pairs: { ours: number; anchor: number }[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await ours(built, logs, mkdtempSync(join(scratch, 'data-'))), anchor: await theirs(tensorboard.tensorboard, logs, options) });
      rows.push(paired(`${WHAT}, ${name}`, pairs, seconds, ({ ours: own, anchor }) => anchor / own, target));
    }
    return rows;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', basename(scratch)), { recursive: true, force: true });
  }
}

async function bundled(scratch: string): Promise<string> {
  const outDir = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', basename(scratch));
  await build({ configFile: false, logLevel: 'error', build: { ssr: join(import.meta.dirname, 'firstCurvesService.ts'), outDir, emptyOutDir: true, rolldownOptions: { output: { entryFileNames: '[name].mjs' } } }, ssr: { noExternal: true, external: ['better-sqlite3'] } });
  return join(outDir, 'firstCurvesService.mjs');
}

async function ours(script: string, logs: string, data: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, logs, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the service ended before its first curve')));
  });
  const took = (performance.now() - started) / 1000;
  child.kill('SIGKILL');
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
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
}
