/** Start and memory of the whole app beside a bare Electron window, in turn, on the same machine. Needs a display (xvfb-run). */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';
import { paired, seconds, skipped, type Row } from './row.ts';

const PAIRS = 7;
const RUNS = 10;
const BARE = `
const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1440, height: 900 });
  window.loadURL('data:text/html,<title>bare</title><p id="there">bare</p>');
});
`;

interface Start {
  seconds: number;
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
    for (let pair = 0; pair < PAIRS; pair += 1) pairs.push({ ours: await ours(data, []), anchor: await theirs(bare) });
    const of = (what: keyof Start) => pairs.map((pair) => ({ ours: pair.ours[what], anchor: pair.anchor[what] }));
    const ratio = (pair: { ours: number; anchor: number }): number => pair.ours / pair.anchor;
    return [
      paired(`start to a window with the last curves of ${RUNS} runs / to a bare Electron window`, of('seconds'), seconds, ratio, start),
      paired('memory of all processes (PSS) / of a bare Electron window', of('megabytes'), (value) => `${value.toFixed(0)} MB`, ratio, memory),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function ours(data: string, folders: string[]): Promise<Start> {
  const { argsBefore } = electronExecutable();
  return started([...argsBefore, ...folders], { GAPWATCH_DATA: data, GAPWATCH_NVIDIA_SMI: '' }, (page) => page.waitForSelector('[data-chart][data-points]', { timeout: 30_000 }));
}

async function theirs(bare: string): Promise<Start> {
  const { argsBefore } = electronExecutable();
  return started([...argsBefore.slice(0, -1), bare], {}, (page) => page.waitForSelector('#there'));
}

async function started(args: string[], environment: Record<string, string>, usable: (page: Page) => Promise<unknown>): Promise<Start> {
  const { executable } = electronExecutable();
  const before = performance.now();
  const electron = await _electron.launch({ executablePath: executable, args, env: { ...(process.env as Record<string, string>), ...environment } });
  await usable(await electron.firstWindow());
  const took = (performance.now() - before) / 1000;
  const megabytes = pssOf(electron) / 1e6;
  await electron.close();
  return { seconds: took, megabytes };
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

/** Proportional set size of a process and all below it, in bytes. */
function pssOf(electron: ElectronApplication): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      parents.set(Number(name), Number(stat[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const own = new Set([electron.process().pid ?? 0]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [pid, parent] of parents) {
      if (own.has(parent) && !own.has(pid)) {
        own.add(pid);
        grew = true;
      }
    }
  }
  let kilobytes = 0;
  for (const pid of own) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // As above.
    }
  }
  return kilobytes * 1024;
}
