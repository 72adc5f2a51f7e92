/**
 * Appending while we watch: the delay until the curves of a run on the screen are at hand, how old the rows of the others become, and what
 * it costs. With hundreds of growing runs only those on the screen are told at once; the others' rows follow in seconds (updates.ts).
 * Painting comes on top; the journey test measures it from outside.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, CurveView, Events } from '../../preload/contract.ts';
import type { Service } from '../../main/service/service.ts';
import { openBareService, type BareService } from './bareService.ts';
import { median, milliseconds, type Row } from './row.ts';

/** Diagnosing again what only grew comes in rounds, of 500 runs every half minute: a shorter time takes in a whole round or none. */
const MEASURED_MS = 60_000;
/** Before that: compiling what runs all the time costs 1.5 % of a core in the first half minute, and nothing in a day that it is open. */
const WARM_MS = 30_000;
/** As many as one comparison takes. */
const ON_SCREEN = 8;

/** Appends one line to each of some files, evenly spread over each second; the line carries the time at which it was written. */
export const WRITER = `
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

interface Watched {
  service: Service;
  request: BareService['request'];
  folder: string;
  /** Called for every event instead of sending it to a window. */
  hear(listener: <K extends keyof Events>(event: K, payload: Events[K]) => void): void;
}

export async function benchLive(): Promise<Row[]> {
  const one = await measure(1, 20);
  const many = await measure(500, 1);
  const row = (what: string, value: string, target: string, met: boolean | null): Row => ({ what, ours: value, anchor: '', ratio: null, spread: null, target, met });
  const both = (delays: number[]): string => `${milliseconds(median(delays))} / ${milliseconds(p99(delays))} (n ${delays.length})`;
  return [
    row('append to curves at hand, 1 run at 20 lines a second, p50 / p99', both(one.delays), 'p99 <= 250 ms to the pixel', p99(one.delays) <= 250),
    row(`the same, ${ON_SCREEN} runs on the screen of 500 at 1 line a second each`, both(many.delays), 'p99 <= 1 s', p99(many.delays) <= 1000),
    row('append to row, the runs off the screen, p50 / p99', both(many.rowDelays), 'every 3 s by design', null),
    row('CPU of the service meanwhile', `${(many.share * 100).toFixed(1)} % of a core`, '<= 10 %', many.share <= 0.1),
  ];
}

async function measure(runs: number, hertz: number): Promise<{ delays: number[]; rowDelays: number[]; share: number }> {
  return withRuns(runs, async (watched) => {
    const { service, folder } = watched;
    const shown = service.catalogue.runs().slice(0, ON_SCREEN).map(({ key }) => key);
    const delays = curveDelays(watched, shown);
    const writer: ChildProcess = spawn(process.execPath, ['-e', WRITER, folder, String(runs), String(hertz)], { stdio: 'inherit' });
    await pause(WARM_MS);
    delays.onScreen.length = 0;
    delays.offScreen.length = 0;
    const share = await cpuShare(MEASURED_MS);
    writer.kill();
    await once(writer, 'exit');
    return { delays: [...delays.onScreen], rowDelays: [...delays.offScreen], share };
  });
}

/** Does what the window does: asks for the curves of a shown run that grew. A delay ends when the answer with the new point is there. */
function curveDelays({ service, request, hear }: Watched, shown: readonly string[]): { onScreen: number[]; offScreen: number[] } {
  const onScreen: number[] = [];
  const offScreen: number[] = [];
  const newest = new Map<string, number>();
  const take = (key: string, written: number | undefined, into: number[]): void => {
    if (written === undefined || written < 1e9 || newest.get(key) === written) return;
    newest.set(key, written);
    into.push(performance.timeOrigin + performance.now() - written);
  };
  const draw = async (key: string): Promise<void> => {
    const series = service.catalogue.run(key)?.series.map((each) => each.key) ?? [];
    const answer = (await request('curves', [{ run: key, series, axis: 'step', pixels: 1000 }])) as Answer<CurveView[]>;
    const written = answer.ok ? answer.value.find((each) => each.key.endsWith('written'))?.y.at(-1) : undefined;
    take(key, written, onScreen);
  };
  hear((event, payload) => {
    if (event === 'grew') for (const key of (payload as Events['grew']).runs) if (shown.includes(key)) void draw(key);
    if (event !== 'changed') return;
    for (const { key } of (payload as Events['changed']).runs) {
      if (shown.includes(key)) continue;
      const series = service.catalogue.run(key)?.series.find(({ name }) => name === 'written');
      take(key, series?.parts.at(-1)?.last?.value, offScreen);
    }
  });
  for (const key of shown) void draw(key);
  return { onScreen, offScreen };
}

async function withRuns<T>(runs: number, work: (watched: Watched) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-live-'));
  const folder = join(scratch, 'runs');
  writeLiveRuns(folder, runs);
  let listener: (event: keyof Events, payload: Events[keyof Events]) => void = () => undefined;
  const { service, request } = openBareService(join(scratch, 'data'), (event, payload) => listener(event, payload));
  try {
    await request('addFolder', [folder]);
    while (service.catalogue.runs().length < runs) await pause(50);
    return await work({ service, request, folder, hear: (next) => (listener = next as typeof listener) });
  } finally {
    await service.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs named run0, run1, ... with three points each, for the writer to append to. */
export function writeLiveRuns(folder: string, runs: number): void {
  for (let run = 0; run < runs; run += 1) {
    mkdirSync(join(folder, `run${run}`), { recursive: true });
    writeFileSync(join(folder, `run${run}`, 'metrics.jsonl'), [0, 1, 2].map((step) => `${JSON.stringify({ step, loss: 1, written: 0 })}\n`).join(''));
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

export function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? NaN;
}
