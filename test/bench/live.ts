/** Append to committed and told, as the service measures it, and what 500 runs at one line a second cost. Painting comes on top (e2e). */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService, type Service } from '../../main/service/service.ts';
import { median, milliseconds, type Row } from './row.ts';

const MEASURED_MS = 20_000;

/** Appends one line to each of some files, evenly spread over each second; the line carries the time at which it was written. */
const WRITER = `
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const [folder, count, hertz] = process.argv.slice(1);
const total = Number(count) * Number(hertz);
let written = 0;
const start = performance.now();
setInterval(() => {
  const due = ((performance.now() - start) / 1000) * total;
  for (; written < due; written += 1) {
    const step = Math.floor(written / Number(count));
    const file = join(folder, 'run' + (written % Number(count)), 'metrics.jsonl');
    appendFileSync(file, JSON.stringify({ step: step + 3, loss: 1 / (step + 1), written: performance.timeOrigin + performance.now() }) + '\\n');
  }
}, 1);
`;

export async function benchLive(): Promise<Row[]> {
  const one = await measure(1, 20);
  const many = await measure(500, 1);
  const idle = await idleShare(500);
  const row = (what: string, value: string, target: string, met: boolean): Row => ({ what, ours: value, anchor: '', ratio: null, spread: null, target, met });
  return [
    row('append to committed and told, 1 run at 20 lines a second, p50 / p99', `${milliseconds(median(one.delays))} / ${milliseconds(p99(one.delays))} (n ${one.delays.length})`, 'p99 <= 250 ms to the pixel', p99(one.delays) <= 250),
    row('the same, 500 runs at 1 line a second each', `${milliseconds(median(many.delays))} / ${milliseconds(p99(many.delays))} (n ${many.delays.length})`, 'p99 <= 1 s', p99(many.delays) <= 1000),
    row('CPU of the service meanwhile', `${(many.share * 100).toFixed(1)} % of a core`, '<= 10 %', many.share <= 0.1),
    row('CPU of the service, 500 runs at rest', `${(idle * 100).toFixed(2)} % of a core`, '<= 0.27 % (a third of TensorBoard\'s 0.8 %)', idle <= 0.0027),
  ];
}

async function measure(runs: number, hertz: number): Promise<{ delays: number[]; share: number }> {
  return withRuns(runs, async (folder, service, grew) => {
    const delays: number[] = [];
    const seen = new Map<number, number>();
    grew((keys) => {
      const now = performance.timeOrigin + performance.now();
      for (const key of keys) {
        for (const { parts, name } of service.catalogue.run(key)?.series ?? []) {
          const last = parts.at(-1)?.last;
          if (name !== 'written' || !last || seen.get(parts[0]?.id ?? 0) === last.index) continue;
          seen.set(parts[0]?.id ?? 0, last.index);
          if (last.value > 1e9) delays.push(now - last.value);
        }
      }
    });
    const writer: ChildProcess = spawn(process.execPath, ['-e', WRITER, folder, String(runs), String(hertz)], { stdio: 'inherit' });
    await pause(2000);
    delays.length = 0;
    const share = await cpuShare(MEASURED_MS);
    writer.kill();
    return { delays, share };
  });
}

async function idleShare(runs: number): Promise<number> {
  return withRuns(runs, async () => {
    await pause(5000);
    return cpuShare(MEASURED_MS);
  });
}

async function withRuns<T>(runs: number, work: (folder: string, service: Service, grew: (listener: (keys: string[]) => void) => void) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-live-'));
  const folder = join(scratch, 'runs');
  for (let run = 0; run < runs; run += 1) {
    mkdirSync(join(folder, `run${run}`), { recursive: true });
    writeFileSync(join(folder, `run${run}`, 'metrics.jsonl'), [0, 1, 2].map((step) => `${JSON.stringify({ step, loss: 1, written: 0 })}\n`).join(''));
  }
  let listener: (keys: string[]) => void = () => undefined;
  const service = openService({
    dataFolder: join(scratch, 'data'),
    version: '0',
    examplesFolder: '',
    nvidiaSmi: '',
    clock: systemClock,
    emit: (event, payload) => {
      if (event === 'grew') listener((payload as { runs: string[] }).runs);
    },
    notify: () => undefined,
    onSettings: () => undefined,
  });
  const request = openRequests(service);
  try {
    await request('addFolder', [folder]);
    while (service.catalogue.runs().length < runs) await pause(50);
    for (const run of service.catalogue.runs().slice(0, 1)) await request('curves', [{ run: run.key, series: [], axis: 'step', pixels: 100 }]);
    return await work(folder, service, (next) => {
      listener = next;
    });
  } finally {
    await service.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function cpuShare(ms: number): Promise<number> {
  const before = process.cpuUsage();
  await pause(ms);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / ms;
}

/** Benchmarks measure time; nothing else here may wait for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? NaN;
}
