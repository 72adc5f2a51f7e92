/** What five hundred finished runs cost while nothing happens: the whole app beside TensorBoard's servers, in the same minutes. */
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../e2e/until.ts';
import { startApp, whyNoWindow } from './app.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { cpuMeanwhile, familyOf } from './processes.ts';
import { skipped, type Row } from './row.ts';
import { findTensorBoard, serveTensorBoard, type Served } from './tensorboard.ts';

const RUNS = 500;
/** Two whole scans of all folders are in it. */
const MEASURED_MS = 120_000;
/**
 * After loading: diagnoses are stored, the database is tidied, the second scan has found the folders made just before the first unchanged, and the
 * runtime has collected what loading left (at 100 to 110 s, for 30 ms of a few cores at once).
 */
const SETTLED_MS = 150_000;
const WHAT = `CPU at rest, ${RUNS} finished runs`;
const TARGET = '<= 1/3 of TensorBoard';

interface Shares {
  service: number;
  main: number;
  page: number;
  theirs: number;
}

export async function benchIdle(): Promise<Row[]> {
  const why = whyNoWindow();
  if (why !== null) return [skipped(WHAT, why, TARGET)];
  const tensorboard = findTensorBoard();
  if (typeof tensorboard === 'string') return [skipped(WHAT, tensorboard, TARGET)];
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-idle-'));
  const logs = join(scratch, 'logs');
  generateTfevents(logs, RUNS, 5, 40);
  makeOld(logs);
  const server = await serveTensorBoard(tensorboard.tensorboard, logs);
  try {
    const app = await startApp(join(scratch, 'data'), logs);
    try {
      await until(async () => (await app.overview()).roots[0]?.state === 'ok', 'the folder is read', 120_000);
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const pids = await app.pids();
      const visible = await shares(pids, server);
      await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
      return [row('window visible', visible), row('window hidden', await shares(pids, server))];
    } finally {
      await app.electron.close();
    }
  } finally {
    server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A day ago: these runs have ended. */
function makeOld(logs: string): void {
  const then = Date.now() / 1000 - 86_400;
  for (const run of readdirSync(logs)) for (const file of readdirSync(join(logs, run))) utimesSync(join(logs, run, file), then, then);
}

async function shares({ service, main, page }: { service: number; main: number; page: number }, server: Served): Promise<Shares> {
  const family = familyOf(server.pid);
  const used = await cpuMeanwhile([service, main, page, ...family], MEASURED_MS);
  const share = (from: number, to?: number): number => used.slice(from, to).reduce((sum, seconds) => sum + seconds, 0) / (MEASURED_MS / 1000);
  return { service: share(0, 1), main: share(1, 2), page: share(2, 3), theirs: share(3) };
}

function row(when: string, { service, main, page, theirs }: Shares): Row {
  const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;
  const ratio = service / theirs;
  return {
    what: `${WHAT}, ${when}: our service / TensorBoard's servers`,
    ours: `${percent(service)} (main process ${percent(main)}, page ${percent(page)})`,
    anchor: `${percent(theirs)}, its page not counted`,
    ratio,
    spread: null,
    target: TARGET,
    met: ratio <= 1 / 3,
  };
}
