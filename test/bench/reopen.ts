/**
 * The service started on 500 runs that it knows, beside its own start on an empty data folder: until the newest run's curves are at hand, and
 * until it has looked at every file. In this the diagnoses that were stored count, which the command line of ingest.ts has none of.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBundle } from './bundle.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { paired, seconds, type Row } from './row.ts';

const PAIRS = 5;

interface Opened {
  drawn: number;
  read: number;
}

export async function benchReopen(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-reopen-'));
  try {
    const logs = join(scratch, 'logs');
    generateTfevents(logs, 500, 5, 400);
    return await withBundle('reopenService', (script) => Promise.resolve(measured(script, logs, scratch)));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measured(script: string, logs: string, scratch: string): Row[] {
  const pairs = Array.from({ length: PAIRS }, () => {
    const data = mkdtempSync(join(scratch, 'data-'));
    const start = (): Opened => JSON.parse(execFileSync(process.execPath, [script, logs, data], { encoding: 'utf8' })) as Opened;
    const cold = start();
    return { cold, warm: start() };
  });
  const row = (what: string, warm: (opened: Opened) => number, target: { text: string; met(ratio: number): boolean }): Row =>
    paired(`CPU of the service, started on 500 known runs x 5 tags x 400 steps: cold to all read / ${what}`, pairs.map((pair) => ({ ours: warm(pair.warm), anchor: pair.cold.read })), seconds, ({ ours, anchor }) => anchor / ours, target);
  return [
    row("warm to all rows and the newest run's curves", ({ drawn }) => drawn, { text: '>= 10', met: (ratio) => ratio >= 10 }),
    { ...row('warm to all looked at', ({ read }) => read, { text: '', met: () => true }), met: null },
  ];
}
