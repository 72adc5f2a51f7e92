/** From a line on disk to its painted point, in the whole app, while hundreds of runs grow by a line a second each: one of them is on the screen. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { until } from '../e2e/until.ts';
import { startApp, whyNoWindow } from './app.ts';
import { p99, WRITER, writeLiveRuns } from './live.ts';
import { median, milliseconds, skipped, type Row } from './row.ts';

const RUNS = 500;
const MEASURED_MS = 60_000;
const WHAT = `append to painted point, a run on the screen of ${RUNS} at 1 line a second each`;
const TARGET = 'p99 <= 1 s';

/** What the page keeps for us: how long each appended point took to the frame that shows it, ms. */
type Observed = Window & { delays: number[] };

export async function benchPainting(): Promise<Row[]> {
  const why = whyNoWindow();
  if (why !== null) return [skipped(WHAT, why, TARGET)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-painting-'));
  try {
    const logs = join(scratch, 'runs');
    writeLiveRuns(logs, RUNS);
    const app = await startApp(join(scratch, 'data'), logs);
    try {
      await until(async () => (await app.overview()).roots[0]?.state === 'ok', 'the folder is read', 120_000);
      // The list shows where the run stands that was read first, which is open.
      await app.page.getByRole('listbox').press('Home');
      await app.page.locator('[data-run$="run0"]').click();
      await app.page.waitForSelector('[data-chart="written"][data-last-value]');
      const writer = spawn(process.execPath, ['-e', WRITER, logs, String(RUNS), '1'], { stdio: 'inherit' });
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await app.page.evaluate(observe);
      await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
      const delays = await observed(app.page);
      writer.kill();
      await once(writer, 'exit');
      const ours = `p50 ${milliseconds(median(delays))}, p99 ${milliseconds(p99(delays))} (n ${delays.length})`;
      return [{ what: WHAT, ours, anchor: '', ratio: null, spread: null, target: TARGET, met: p99(delays) <= 1000 }];
    } finally {
      await app.electron.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The newest value of the chart says when its line was written. Runs in the page. */
function observe(): void {
  const own = window as unknown as Observed;
  own.delays = [];
  const chart = document.querySelector<HTMLElement>('[data-chart="written"]');
  if (!chart) throw new Error('no chart of the times of writing');
  let newest = Number(chart.dataset['lastValue']);
  new MutationObserver(() => {
    const written = Number(chart.dataset['lastValue']);
    // Drawn anew for another reason.
    if (written === newest) return;
    newest = written;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => own.delays.push(performance.timeOrigin + performance.now() - written);
    requestAnimationFrame(() => port2.postMessage(null));
  }).observe(chart, { attributeFilter: ['data-last-value'] });
}

function observed(page: Page): Promise<number[]> {
  return page.evaluate(() => (window as unknown as Observed).delays);
}
