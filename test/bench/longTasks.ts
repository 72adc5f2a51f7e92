/**
 * Does the window stay quick while a folder of ten million points is read for the first time, with the run that is being read on the screen,
 * and what does a stored point take up in memory? The latter is the slope between a folder of one million points and one of ten, as the
 * target is defined: what the process takes with no points at all (80 MB of it are the runtime's own code) is no matter of the points, and
 * `window` measures it. Both folders are left alone for a minute first: the run is diagnosed when all of it has been read, and what that needed
 * for a while (the newest 400,000 points of five series) is seen to be given back within half a minute. What memory was at most is told beside.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ElectronApplication, Page } from 'playwright';
import { until } from '../e2e/until.ts';
import { startApp, whyNoWindow } from './app.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { p99 } from './live.ts';
import { residentOf } from './processes.ts';
import { median, skipped, type Row } from './row.ts';

const TAGS = 10;
const STEPS = 1_000_000;
const FEWER_STEPS = 100_000;
const REST_MS = 60_000;
/** What one load meets is also what else the machine does: tasks are told of each. */
const LOADS = 5;
const LIMIT_MS = 50;
const TARGET = `none over ${LIMIT_MS} ms`;

/** A key that means nothing to the window is pressed this often while points are read. */
const KEY_EVERY_MS = 40;

/** What the page keeps for us: durations of long tasks, and how long each press of the key waited until the page heard of it, ms. */
type Observed = Window & { longTasks: number[]; inputs: number[] };

export async function benchLongTasks(): Promise<Row[]> {
  const what = 'long tasks of the page while 10 M points are read';
  const why = whyNoWindow();
  if (why !== null) return [skipped(what, why, TARGET)];
  const fewer = await load(FEWER_STEPS, REST_MS);
  const whole = await load(STEPS, REST_MS);
  const loads = [whole.loading];
  while (loads.length < LOADS) loads.push((await load(STEPS, 0)).loading);
  return rows(what, whole, loads, fewer.memory);
}

/** Opens the app on a run of so many steps, clicks it, and lets it rest for so long once it has been read. */
async function load(steps: number, restMs: number): Promise<Measured> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-long-'));
  try {
    const logs = join(scratch, 'logs');
    generateTfevents(logs, 1, TAGS, steps);
    const app = await startApp(join(scratch, 'data'), logs);
    try {
      await observe(app.page, app.electron);
      const began = performance.now();
      await app.page.getByRole('option', { name: /run/ }).first().click({ timeout: 60_000 });
      const loaded = async (): Promise<boolean> => (await app.overview()).roots[0]?.state === 'ok';
      const keys = pressKeys(app.page);
      await until(loaded, 'all points are read', 600_000);
      const took = (performance.now() - began) / 1000;
      await keys.stop();
      const loading = await observed(app.page, app.electron);
      const { totals } = await app.overview();
      if (totals.points !== TAGS * steps) throw new Error(`${totals.points} points instead of ${TAGS * steps}`);
      const resting = await rest(app.page, app.electron, restMs);
      return { took, loading, resting, memory: residentOf((await app.pids()).service) };
    } finally {
      await app.electron.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Real key events, one after the other. */
function pressKeys(page: Page): { stop(): Promise<void> } {
  let isOn = true;
  const pressing = (async () => {
    while (isOn) {
      await page.keyboard.press('Shift');
      await new Promise((resolve) => setTimeout(resolve, KEY_EVERY_MS));
    }
  })();
  return {
    async stop() {
      isOn = false;
      await pressing;
    },
  };
}

interface Delays {
  tasks: number[];
  inputs: number[];
  mainMax: number;
  mainP99: number;
}

interface Measured {
  took: number;
  loading: Delays;
  resting: Delays;
  memory: Memory;
}

type Memory = ReturnType<typeof residentOf>;

function rows(what: string, { took, resting, memory }: Measured, loads: readonly Delays[], fewer: Memory): Row[] {
  const row = (name: string, ours: string, target: string, met: boolean | null): Row => ({ what: name, ours, anchor: '', ratio: null, spread: null, target, met });
  const words = ({ tasks }: Delays): string => (tasks.length === 0 ? 'none' : `${tasks.length} of at most ${Math.max(...tasks).toFixed(0)} ms`);
  const inputs = loads.flatMap((each) => each.inputs);
  const mainP99 = median(loads.map((each) => each.mainP99));
  const perPoint = (which: keyof Memory): number => (memory[which] - fewer[which]) / (TAGS * (STEPS - FEWER_STEPS));
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return [
    row(`${what} (${took.toFixed(0)} s), the run on the screen, in each of ${LOADS} loads`, loads.map(words).join(', '), `${TARGET} (median load)`, median(loads.map(({ tasks }) => tasks.length)) === 0),
    row('the same page at rest on the same machine', words(resting), '', null),
    row('delay of key presses in the page meanwhile, p99 / most', `${p99(inputs).toFixed(0)} / ${Math.max(...inputs).toFixed(0)} ms (n ${inputs.length})`, 'p99 <= 100 ms', p99(inputs) <= 100),
    row('delay of the main process meanwhile, p99 / most', `${mainP99.toFixed(0)} / ${Math.max(...loads.map((each) => each.mainMax)).toFixed(0)} ms (at rest ${resting.mainP99.toFixed(0)} / ${resting.mainMax.toFixed(0)})`, 'p99 <= 100 ms', mainP99 <= 100),
    row(
      'resident memory of the service by stored point, from 1 M to 10 M points, a minute after they were read',
      `${perPoint('now').toFixed(1)} bytes (in all ${megabytes(fewer.now)} and ${megabytes(memory.now)} MB)`,
      '<= 30',
      perPoint('now') <= 30,
    ),
    row(
      'the same at most, while they are read and diagnosed for the first time',
      `${perPoint('peak').toFixed(1)} bytes (in all ${megabytes(fewer.peak)} and ${megabytes(memory.peak)} MB)`,
      '<= 30',
      perPoint('peak') <= 30,
    ),
  ];
}

/** Collects the page's long tasks (over 50 ms by definition), the delays of key presses, and the delays of the main process's loop. */
async function observe(page: Page, electron: ElectronApplication): Promise<void> {
  await page.evaluate(() => {
    const own = window as unknown as Observed;
    own.longTasks = [];
    own.inputs = [];
    addEventListener('keydown', ({ key, timeStamp }) => key === 'Shift' && own.inputs.push(performance.now() - timeStamp), true);
    new PerformanceObserver((list) => own.longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: false });
  });
  await electron.evaluate(() => {
    const histogram = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 });
    histogram.enable();
    (globalThis as unknown as { delays: typeof histogram }).delays = histogram;
  });
}

async function observed(page: Page, electron: ElectronApplication): Promise<Delays> {
  const [tasks, inputs] = await page.evaluate(() => {
    const { longTasks, inputs } = window as unknown as Observed;
    return [longTasks.splice(0), inputs.splice(0)] as const;
  });
  const main = await electron.evaluate(() => {
    const { delays } = globalThis as unknown as { delays: ReturnType<typeof monitorEventLoopDelay> };
    const found = { max: delays.max / 1e6, p99: delays.percentile(99) / 1e6 };
    delays.reset();
    return found;
  });
  return { tasks, inputs, mainMax: main.max, mainP99: main.p99 };
}

/** The same for a window in which nothing happens: what the machine itself does to it. */
async function rest(page: Page, electron: ElectronApplication, ms: number): Promise<Delays> {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await observed(page, electron);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return observed(page, electron);
}
