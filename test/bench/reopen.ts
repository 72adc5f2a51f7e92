/**
 * The service started on 500 runs that it knows, beside its own start on an empty data folder: until it has what the window shows first, the top
 * of the list and the newest run's curves, until it has all rows, and until it has looked at every file, which begins later (main/service/service.ts). In this the diagnoses that were stored count, which
 * the command line of ingest.ts has none of. The CPU of the whole process holds what V8 compiles and collects on other threads meanwhile; the
 * window waits for the service's own thread alone. And the same start on runs of ten times the length: what is known is not read again.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBundle } from './bundle.ts';
import { generateTfevents } from './generate-tfevents.ts';
import { paired, seconds, type Row } from './row.ts';

const PAIRS = 5;
const STEPS = 400;
const LONG = 4000;

interface Opened {
  drawn: number;
  drawnThread: number;
  listed: number;
  read: number;
  readThread: number;
}

type Start = (logs: string, data: string) => Opened;

export async function benchReopen(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-reopen-'));
  try {
    return await withBundle('reopenService', (script) => {
      const start: Start = (logs, data) => JSON.parse(execFileSync(process.execPath, [script, logs, data, join(scratch, 'compiled')], { encoding: 'utf8' })) as Opened;
      return Promise.resolve(measured(start, scratch));
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measured(start: Start, scratch: string): Row[] {
  const [logs, longLogs, longData] = ['logs', 'long-logs', 'long-data'].map((name) => join(scratch, name)) as [string, string, string];
  generateTfevents(logs, 500, 5, STEPS);
  generateTfevents(longLogs, 500, 5, LONG);
  // Compiled code of both kinds of start is at hand for both: what is compared is what a database spares.
  start(longLogs, longData);
  start(longLogs, longData);
  const pairs = Array.from({ length: PAIRS }, () => {
    const data = mkdtempSync(join(scratch, 'data-'));
    const cold = start(logs, data);
    return { cold, warm: start(logs, data), long: start(longLogs, longData) };
  });
  type Started = (typeof pairs)[number];
  const faster = { text: '>= 10', met: (ratio: number) => ratio >= 10 };
  const until = { drawn: "the first rows and the newest run's curves", drawnThread: "the first rows and the newest run's curves", listed: 'all rows too', read: 'all looked at' };
  const row = (what: string, warm: keyof typeof until, cold: 'read' | 'readThread', target: { text: string; met(ratio: number): boolean }): Row =>
    paired(`${what}, started on 500 known runs x 5 tags x ${STEPS} steps: cold to all read / warm to ${until[warm]}`, pairs.map((pair: Started) => ({ ours: pair.warm[warm], anchor: pair.cold[cold] })), seconds, ({ ours, anchor }) => anchor / ours, target);
  const untargeted = (warm: 'listed' | 'read'): Row => ({ ...row('CPU of the service', warm, 'read', { text: '', met: () => true }), met: null });
  return [
    row('CPU of the service', 'drawn', 'read', faster),
    row("CPU of the service's own thread", 'drawnThread', 'readThread', faster),
    untargeted('listed'),
    untargeted('read'),
    paired(`CPU of the service's own thread to the first rows and the newest run's curves: 500 known runs of ${LONG} steps / of ${STEPS}`, pairs.map(({ warm, long }) => ({ ours: long.drawnThread, anchor: warm.drawnThread })), seconds, ({ ours, anchor }) => ours / anchor, { text: '<= 1.25', met: (ratio) => ratio <= 1.25 }),
  ];
}
