/**
 * Memory of the whole app with ten runs open, beside TensorBoard's servers and its page in a window of the same Electron, on the same event files.
 * Counted is the proportional set of all processes of either (what they share is counted once), a while after their first charts are drawn:
 * TensorBoard's page goes on drawing for seconds, from 530 MB to 700. Ours is the larger of one run's charts and the ten in one comparison.
 * No other Electron may run meanwhile: the pages of the program would be shared with it, and counted half.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/until.ts';
import { startApp, whyNoWindow } from './app.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { familyOf, proportionalOf } from './processes.ts';
import { paired, skipped, type Row } from './row.ts';
import { findTensorBoard, serveTensorBoard, type Served } from './tensorboard.ts';
import { openTensorBoardPage } from './tensorboardPage.ts';

const PAIRS = 5;
const RUNS = 10;
const TAGS = 20;
const STEPS = 1000;
const SETTLED_MS = 10_000;
const WHAT = `memory of all processes (PSS), ${RUNS} runs x ${TAGS} tags x ${STEPS} steps open: us / TensorBoard's servers and its page`;
const TARGET = { text: '<= 0.6', met: (ratio: number) => ratio <= 0.6 };

export async function benchMemory(): Promise<Row[]> {
  const why = whyNoWindow();
  if (why !== null) return [skipped(WHAT, why, TARGET.text)];
  const tensorboard = findTensorBoard();
  if (typeof tensorboard === 'string') return [skipped(WHAT, tensorboard, TARGET.text)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-memory-'));
  const logs = join(scratch, 'logs');
  generateTfevents(logs, RUNS, TAGS, STEPS, 1, () => Array.from({ length: TAGS }, (_, tag) => `metric/m${String(tag).padStart(2, '0')}`));
  const server = await serveTensorBoard(tensorboard.tensorboard, logs);
  try {
    const pairs: { ours: number; anchor: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await ours(join(scratch, `data-${pair}`), logs), anchor: await theirs(server, join(scratch, `bare-${pair}`)) });
    return [paired(WHAT, pairs, (megabytes) => `${megabytes.toFixed(0)} MB`, (pair) => pair.ours / pair.anchor, TARGET)];
  } finally {
    server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function ours(data: string, logs: string): Promise<number> {
  const { electron, page, overview } = await startApp(data, logs);
  try {
    await until(async () => (await overview()).roots[0]?.state === 'ok', 'the folder is read', 60_000);
    await page.waitForSelector('main[aria-busy="false"] [data-chart][data-points]', { timeout: 30_000 });
    const memory = (): Promise<number> => settled(() => familyOf(electron.process().pid ?? 0));
    const ofOne = await memory();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('button', { name: `Compare the first ${RUNS} of the list` }).click();
    await page.waitForSelector(`[data-chart][data-last-train${RUNS - 1}]`, { timeout: 30_000 });
    return Math.max(ofOne, await memory());
  } finally {
    await electron.close();
  }
}

async function theirs(server: Served, folder: string): Promise<number> {
  const { electron } = await openTensorBoardPage(server.url, folder);
  try {
    return await settled(() => [...familyOf(server.pid), ...familyOf(electron.process().pid ?? 0)]);
  } finally {
    await electron.close();
  }
}

/** Megabytes of processes, once they have settled. */
async function settled(pids: () => number[]): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  return proportionalOf(pids()) / 1e6;
}
