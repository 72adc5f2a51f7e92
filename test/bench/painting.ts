/** From a line on disk to its painted point, in the whole app, while hundreds of runs grow by a line a second each: one of them is on the screen. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/until.ts';
import { startApp, whyNoWindow } from './app.ts';
import { p99, WRITER, writeLiveRuns } from './live.ts';
import { notePainted, paintedOf } from './painted.ts';
import { median, milliseconds, skipped, type Row } from './row.ts';

const RUNS = 500;
const MEASURED_MS = 60_000;
const WHAT = `append to painted point, a run on the screen of ${RUNS} at 1 line a second each`;
const TARGET = 'p99 <= 1 s';

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
      // The newest value of the chart says when its line was written.
      await notePainted(app.page, 'written', 'data-last-value');
      await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
      const delays = (await paintedOf(app.page)).map(([written, painted]) => painted - written);
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
