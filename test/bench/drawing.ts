/**
 * Twenty charts of ten series with a thousand points each: from the click on a run to the painted charts, beside TensorBoard's page in a
 * bare window of the same Electron, which is timed to its first four charts only (it draws no more at once). Both read the same event
 * files, in PyTorch's layout of `add_scalars`; that the ten children of a tag are one metric is told to us by the user's own correction.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import type { Answer, Bridge, Overview, RunDetail } from '../../preload/contract.ts';
import { electronExecutable } from '../../scripts/electron.mjs';
import { until } from '../e2e/until.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { paired, seconds, skipped, type Row } from './row.ts';
import { findTensorBoard, serveTensorBoard } from './tensorboard.ts';
import { openTensorBoardPage } from './tensorboardPage.ts';

const PAIRS = 5;
const CHARTS = 20;
const SERIES = 10;
const POINTS = 1000;
const WHAT = `${CHARTS} charts x ${SERIES} series x ${POINTS} points: TensorBoard's page to its first 4 charts / us from click to all painted`;
const TARGET = { text: '>= 8', met: (ratio: number) => ratio >= 8 };

export async function benchDrawing(): Promise<Row[]> {
  if (process.platform === 'linux' && !process.env['DISPLAY']) return [skipped(WHAT, 'no display; run it under xvfb-run', TARGET.text)];
  const tensorboard = findTensorBoard();
  if (typeof tensorboard === 'string') return [skipped(WHAT, tensorboard, TARGET.text)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-drawing-'));
  const logs = join(scratch, 'runs');
  writeLogs(logs);
  const server = await serveTensorBoard(tensorboard.tensorboard, join(logs, 'wide'));
  try {
    const app = await openApp(join(scratch, 'data'), logs);
    try {
      const pairs: { ours: number; anchor: number }[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await fromClick(app.page), anchor: await theirPage(server.url, join(scratch, `bare-${pair}`)) });
      return [paired(WHAT, pairs, seconds, ({ ours, anchor }) => anchor / ours, TARGET)];
    } finally {
      await app.electron.close();
    }
  } finally {
    server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Two runs that differ in their length, so that what is on the screen says which of them it is. */
function writeLogs(logs: string): void {
  for (const [name, steps, seed] of [['wide', POINTS, 1], ['other', POINTS - 100, 2]] as const) {
    const plain = join(logs, '..', `plain-${name}`);
    generateTfevents(plain, SERIES * CHARTS, 1, steps, seed, (run) => [`metric/m${String(Math.floor(run / SERIES)).padStart(2, '0')}`]);
    mkdirSync(logs, { recursive: true });
    readdirSync(plain).sort().forEach((folder, run) => {
      const target = join(logs, name, `metric_m${String(Math.floor(run / SERIES)).padStart(2, '0')}_k${run % SERIES}`);
      mkdirSync(join(logs, name), { recursive: true });
      renameSync(join(plain, folder), target);
    });
    rmSync(plain, { recursive: true });
    // The parent has a file of its own, as add_scalars leaves it: that makes the children part of this run.
    generateTfevents(plain, 1, 1, steps, seed, () => ['lr']);
    cpSync(join(plain, 'run'), join(logs, name), { recursive: true });
    rmSync(plain, { recursive: true });
  }
}

async function openApp(data: string, logs: string): Promise<{ electron: ElectronApplication; page: Page }> {
  const { executable, argsBefore } = electronExecutable();
  const electron = await _electron.launch({
    executablePath: executable,
    args: [...argsBefore, logs],
    env: { ...(process.env as Record<string, string>), GAPWATCH_DATA: data, GAPWATCH_NVIDIA_SMI: '' },
  });
  const page = await electron.firstWindow();
  await until(() => page.evaluate(loaded), 'the folder is read', 60_000);
  await page.evaluate(joinChildren);
  // High enough that every chart is in sight: what is not in sight is not drawn.
  await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1600, 1900));
  // All charts are asked for of each run on its own; the other one is on the screen at last.
  for (const [name, last] of [[/wide/, POINTS - 1], [/other/, POINTS - 101]] as const) {
    await page.getByRole('option', { name }).click();
    await page.getByRole('button', { name: /show \d+ more/i }).click();
    await page.waitForFunction(drawnTo, { charts: CHARTS, last }, { timeout: 30_000 });
  }
  return { electron, page };
}

/** True once the folder was read. Runs in the page, as do the next functions. */
async function loaded(): Promise<boolean> {
  const bridge = (window as unknown as { gapwatch: Bridge }).gapwatch;
  const answer = (await bridge.request('overview')) as Answer<Overview>;
  return answer.ok && answer.value.roots[0]?.state === 'ok' && answer.value.runs.length === 2;
}

/** The user's word that `metric/m00/k0` to `k9` are one metric. */
async function joinChildren(): Promise<void> {
  const bridge = (window as unknown as { gapwatch: Bridge }).gapwatch;
  const overview = (await bridge.request('overview')) as Answer<Overview>;
  const [first] = overview.ok ? overview.value.runs : [];
  const answer = (await bridge.request('run', first?.key ?? '')) as Answer<RunDetail | null>;
  for (const { key, name } of (answer.ok && answer.value?.series) || []) {
    const metric = /m\d\d/.exec(name)?.[0];
    if (metric) await bridge.request('correctSeries', { run: first?.key ?? '', series: key, metric, split: null });
  }
}

/** True when this many charts have been drawn whose last point is at this step. */
function drawnTo({ charts, last }: { charts: number; last: number }): boolean {
  return document.querySelectorAll(`[data-chart][data-last-x="${last}"]`).length >= charts;
}

/** Seconds from the click on the wide run to the frame after its last chart was drawn; ends with the other run on the screen. */
async function fromClick(page: Page): Promise<number> {
  const took = await page.evaluate(
    ({ charts, last }) =>
      new Promise<number>((resolve) => {
        const option = [...document.querySelectorAll<HTMLElement>('[role=option]')].find((each) => each.textContent?.includes('wide'));
        const clicked = performance.now();
        const look = (): void => {
          if (document.querySelectorAll(`[data-chart][data-last-x="${last}"]`).length < charts) requestAnimationFrame(look);
          else requestAnimationFrame(() => setTimeout(() => resolve((performance.now() - clicked) / 1000)));
        };
        option?.click();
        look();
      }),
    { charts: CHARTS, last: POINTS - 1 },
  );
  await page.getByRole('option', { name: /other/ }).click();
  await page.waitForFunction(drawnTo, { charts: CHARTS, last: POINTS - 101 }, { timeout: 30_000 });
  return took;
}

/** Seconds from the navigation to four charts with their axes, in a window with an empty cache; the server has read everything before. */
async function theirPage(url: string, folder: string): Promise<number> {
  const { electron, page } = await openTensorBoardPage(url, folder);
  try {
    return (await page.evaluate(() => performance.now())) / 1000;
  } finally {
    await electron.close();
  }
}
