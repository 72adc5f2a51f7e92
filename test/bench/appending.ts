/**
 * From a scalar on disk to its painted point in the whole app, with one run on the screen, beside the moment at which TensorBoard's API gives it:
 * its page asks that at the push of a button, or every 30 s. Both watch the same event file, and hear of the same scalars.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, whyNoWindow } from './app.ts';
import { appendScalar, writeTfevents } from './generate-tfevents.ts';
import { p99 } from './live.ts';
import { notePainted, paintedOf } from './painted.ts';
import { median, milliseconds, skipped, type Row } from './row.ts';
import { findTensorBoard, serveTensorBoard } from './tensorboard.ts';

const APPENDS = 20;
/** TensorBoard looks every 5 s: the appends come at another place between two looks each. */
const EVERY_MS = 1700;
const TAG = 'train/loss';
const WHAT = 'append to painted point, one run on the screen / to the answer of TensorBoard\'s API';
const TARGET = 'p50 <= 1/30; p99 <= 250 ms';

export async function benchAppending(): Promise<Row[]> {
  const why = whyNoWindow();
  if (why !== null) return [skipped(WHAT, why, TARGET)];
  const tensorboard = findTensorBoard();
  if (typeof tensorboard === 'string') return [skipped(WHAT, tensorboard, TARGET)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-appending-'));
  const logs = join(scratch, 'logs');
  const first = Array.from({ length: 100 }, (_, step) => 1 / (step + 1));
  const file = writeTfevents(join(logs, 'run'), TAG, first);
  const server = await serveTensorBoard(tensorboard.tensorboard, logs);
  try {
    const app = await startApp(join(scratch, 'data'), logs);
    try {
      await app.page.getByRole('option', { name: /run/ }).first().click({ timeout: 60_000 });
      await app.page.waitForSelector('[data-chart="Loss"][data-last-x="99"]', { timeout: 60_000 });
      await notePainted(app.page, 'Loss', 'data-last-x');
      const answers = followApi(server.url);
      const written: number[] = [];
      for (let step = first.length; step < first.length + APPENDS; step += 1) {
        written.push(performance.timeOrigin + performance.now());
        appendScalar(file, TAG, step, 1 / step);
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
      const theirs = await answers.upTo(first.length + APPENDS - 1);
      const painted = new Map(await paintedOf(app.page));
      const delays = (seen: ReadonlyMap<number, number>) => written.map((at, n) => (seen.get(first.length + n) ?? NaN) - at);
      return [rowOf(delays(painted), delays(theirs))];
    } finally {
      await app.electron.close();
    }
  } finally {
    server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function rowOf(ours: readonly number[], theirs: readonly number[]): Row {
  const ratio = median(ours) / median(theirs);
  const words = (delays: readonly number[]): string => `p50 ${milliseconds(median(delays))}, p99 ${milliseconds(p99(delays))} (n ${delays.length})`;
  return { what: WHAT, ours: words(ours), anchor: words(theirs), ratio, spread: null, target: TARGET, met: ratio <= 1 / 30 && p99(ours) <= 250 };
}

/** Asks the API again and again. `upTo` resolves with the moments (ms since 1970) at which each step was first in an answer. */
function followApi(url: string): { upTo(last: number): Promise<Map<number, number>> } {
  const seen = new Map<number, number>();
  let until = Infinity;
  const asking = (async () => {
    while (!seen.has(until)) {
      const answer = (await fetch(`${url}/data/plugin/scalars/scalars?run=run&tag=${encodeURIComponent(TAG)}`).then((got) => got.json())) as [number, number, number][];
      const now = performance.timeOrigin + performance.now();
      for (const [, step] of answer) if (!seen.has(step)) seen.set(step, now);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async upTo(last) {
      until = last;
      await asking;
      return seen;
    },
  };
}
