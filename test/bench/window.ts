/**
 * Start and memory of the whole app beside a bare Electron window, in turn, on the same machine. Needs a display (xvfb-run).
 *
 * A start has two moments. First the window shows the curves that were seen last, as of then and marked so; then the service has answered,
 * and what is shown is so now. Wall-clock time is noisy on a machine with other work, so the CPU of all processes is told too.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';
import { until } from '../e2e/until.ts';
import { cpuOf, familyOf, proportionalOf } from './processes.ts';
import { paired, seconds, skipped, type Row } from './row.ts';

const PAIRS = 10;
const RUNS = 10;
const BARE = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900 });
  window.loadURL('data:text/html,<title>bare</title><p id="there">bare</p>');
});
`;

/** Seconds from the launch to the curves, to the service's answer, and CPU and memory (PSS) of all processes at that last moment. */
interface Start {
  curves: number;
  answered: number;
  cpu: number;
  megabytes: number;
}

export async function benchWindow(): Promise<Row[]> {
  const start = { text: '<= 1.5', met: (ratio: number) => ratio <= 1.5 };
  const memory = { text: '<= 1.35', met: (ratio: number) => ratio <= 1.35 };
  if (process.platform === 'linux' && !process.env['DISPLAY']) return [skipped('start and memory of the window', 'no display; run it under xvfb-run', start.text)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-window-'));
  try {
    const logs = writeRuns(join(scratch, 'runs'));
    const bare = bareApp(join(scratch, 'bare'));
    const data = join(scratch, 'data');
    await ours(data, [logs]);
    const pairs: { ours: Start; anchor: Start }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      // Each goes first in half of the pairs.
      const first = pair % 2 === 0 ? await ours(data) : null;
      const anchor = await theirs(bare);
      pairs.push({ ours: first ?? (await ours(data)), anchor });
    }
    const of = (what: keyof Start) => pairs.map((pair) => ({ ours: pair.ours[what], anchor: pair.anchor[what] }));
    const ratio = (pair: { ours: number; anchor: number }): number => pair.ours / pair.anchor;
    const megabytes = (value: number): string => `${value.toFixed(0)} MB`;
    return [
      paired(`start to a window with the last curves of ${RUNS} runs, as they were seen / to a bare Electron window`, of('curves'), seconds, ratio, start),
      paired('start to the same curves as the service has them now / to a bare Electron window', of('answered'), seconds, ratio, start),
      { ...paired('CPU of all processes until then / of a bare Electron window', of('cpu'), seconds, ratio, start), target: '', met: null },
      paired('memory of all processes (PSS) then / of a bare Electron window', of('megabytes'), megabytes, ratio, memory),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** With folders it is the first start: they are read, and what is seen is kept for the next. */
async function ours(data: string, folders: string[] = []): Promise<Start> {
  const { argsBefore } = electronExecutable();
  const answered = async (page: Page): Promise<void> => {
    await page.waitForSelector('main[aria-busy="false"] [data-chart][data-points]', { timeout: 30_000 });
    // The next start has nothing to show as it was seen before the page has kept it.
    if (folders.length > 0) await until(() => page.evaluate(() => localStorage.getItem('gapwatch.lastSeen') !== null), 'the run is kept');
  };
  const curves = async (page: Page): Promise<unknown> => page.waitForSelector('[data-chart][data-points]', { timeout: 30_000 });
  return started([...argsBefore, ...folders], { GAPWATCH_DATA: data, GAPWATCH_NVIDIA_SMI: '' }, curves, answered);
}

async function theirs(bare: string): Promise<Start> {
  const { argsBefore } = electronExecutable();
  const there = (page: Page): Promise<unknown> => page.waitForSelector('#there');
  return started([...argsBefore.slice(0, -1), bare], {}, there, there);
}

async function started(args: string[], environment: Record<string, string>, usable: (page: Page) => Promise<unknown>, answered: (page: Page) => Promise<unknown>): Promise<Start> {
  const { executable } = electronExecutable();
  const before = performance.now();
  const sinceThen = (): number => (performance.now() - before) / 1000;
  const electron = await _electron.launch({ executablePath: executable, args, env: { ...(process.env as Record<string, string>), ...environment } });
  const page = await electron.firstWindow();
  // Both are looked for from the beginning: to ask for the one after the other was there costs another way to the page and back.
  const [curves, then] = await Promise.all([usable(page).then(sinceThen), answered(page).then(sinceThen)]);
  const family = familyOf(electron.process().pid ?? 0);
  const cpu = cpuOf(family);
  const megabytes = proportionalOf(family) / 1e6;
  await electron.close();
  return { curves, answered: then, cpu, megabytes };
}

function writeRuns(folder: string): string {
  for (let run = 0; run < RUNS; run += 1) {
    mkdirSync(join(folder, `run${run}`), { recursive: true });
    const lines = Array.from({ length: 2000 }, (_, step) => JSON.stringify({ step, loss: 2 / (1 + step / 50), ...(step % 50 === 49 ? { val_loss: 2.1 / (1 + step / 50) } : {}) }));
    writeFileSync(join(folder, `run${run}`, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  }
  return folder;
}

function bareApp(folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bare', version: '1.0.0', main: 'main.cjs' }));
  writeFileSync(join(folder, 'main.cjs'), BARE);
  return folder;
}
