/** The service as the window uses it, on real files and a real database, without Electron. */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Events, Overview, Results, RunDetail, Settings } from '../../preload/contract.ts';
import type { Notice } from '../../main/service/alerts/policy.ts';
import { systemClock } from '../../main/service/clock.ts';
import { openRequests } from '../../main/service/requests.ts';
import { openService, type Service } from '../../main/service/service.ts';

const examples = join(import.meta.dirname, '..', '..', 'main', 'service', 'examples', 'runs');

let scratch: string;
let service: Service | null = null;
let request: ReturnType<typeof openRequests>;
let notices: Notice[];
let listeners: Set<() => void>;

beforeEach(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-service-')));
  mkdirSync(join(scratch, 'runs'));
  notices = [];
  listeners = new Set();
});

afterEach(async () => {
  await service?.close();
  service = null;
  rmSync(scratch, { recursive: true, force: true });
});

function open(): void {
  service = openService({
    dataFolder: join(scratch, 'data'),
    version: '0',
    examplesFolder: examples,
    nvidiaSmi: '',
    clock: systemClock,
    emit: <K extends keyof Events>(_event: K, _payload: Events[K]) => listeners.forEach((listener) => listener()),
    notify: (notice) => {
      notices.push(notice);
      listeners.forEach((listener) => listener());
    },
    onSettings: (_settings: Settings) => undefined,
    onDamaged: (sentence) => {
      throw new Error(sentence);
    },
  });
  request = openRequests(service);
}

async function ask<K extends keyof Results>(channel: K, ...args: unknown[]): Promise<Results[K]> {
  const answer = await request(channel, args);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as Results[K];
}

/** Waits for the events of the service, not for time: the test's own limit is the limit. */
async function eventually<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const woken = new Promise<void>((resolve) => {
      const listener = (): void => {
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
    const found = await look();
    if (found !== null) return found;
    await woken;
  }
}

async function theRun(isReady: (detail: RunDetail) => boolean = () => true): Promise<RunDetail> {
  return eventually(async () => {
    const overview: Overview = await ask('overview');
    const [row] = overview.runs;
    const detail = row ? await ask('run', row.key) : null;
    return detail && isReady(detail) ? detail : null;
  });
}

test('a log that grows is a curve that grows', async () => {
  const log = join(scratch, 'runs', 'metrics.jsonl');
  const line = (step: number): string => `${JSON.stringify({ step, loss: 2 / (step + 1), val_loss: 2.1 / (step + 1) })}\n`;
  writeFileSync(log, [0, 1, 2, 3].map(line).join(''));
  open();
  await ask('addFolder', join(scratch, 'runs'));
  const detail = await theRun((run) => run.series.length === 2);
  appendFileSync(log, line(4));
  await theRun((run) => run.series.every((series) => series.points === 5));
  const [curve] = await ask('curves', { run: detail.row.key, series: [detail.series[0]?.key], axis: 'step', pixels: 500 });
  expect([...(curve?.x ?? [])]).toEqual([0, 1, 2, 3, 4]);
  expect(curve?.y[4]).toBe(0.4);
});

test('an anomalous run is told once, also when the service is started again; a healthy one never', async () => {
  for (const name of ['healthy', 'accumulation-scale', 'dropout']) cpSync(join(examples, name), join(scratch, 'runs', name), { recursive: true });
  open();
  await ask('addFolder', join(scratch, 'runs'));
  await eventually(async () => (notices.length > 0 && (await ask('overview')).runs.filter(({ chip }) => chip.tone !== 'none').length === 3 ? true : null));
  const alerts = await ask('alerts');
  expect(alerts.filter(({ notified }) => notified).map(({ run }) => run.split(':')[1])).toEqual(['accumulation-scale']);
  expect(notices).toHaveLength(1);
  expect(notices[0]?.body).toMatch(/grad_accum_steps|factor/);
  await service?.close();
  open();
  await eventually(async () => ((await ask('overview')).runs.length === 3 ? true : null));
  expect(notices).toHaveLength(1);
});

test('remedies, notes and marks outlive the service', async () => {
  cpSync(join(examples, 'dropout'), join(scratch, 'runs', 'dropout'), { recursive: true });
  open();
  await ask('addFolder', join(scratch, 'runs'));
  const { row, remedies } = await theRun((run) => run.diagnosis.gap.firedAt !== null);
  const [first] = remedies;
  await ask('setRemedy', { run: row.key, remedy: first?.id, state: 'done', note: 'tried it' });
  await ask('setNote', row.key, 'look again');
  await ask('setPinned', row.key, true);
  await service?.close();
  open();
  const again = await theRun();
  expect(again.note).toBe('look again');
  expect(again.row.pinned).toBe(true);
  expect(again.remedies.find(({ id }) => id === first?.id)).toMatchObject({ state: 'done', note: 'tried it' });
});

test('a wrong folder is a sentence, not a crash', async () => {
  open();
  await expect(ask('addFolder', join(scratch, 'nowhere'))).rejects.toThrow(/There is no folder/);
  expect(await request('no such channel', [])).toMatchObject({ ok: false });
  expect(await ask('run', '1:nothing')).toBeNull();
});

test('a second service on the same data folder is refused', () => {
  open();
  const first = service;
  expect(open).toThrow(/in use by another Gapwatch/);
  service = first;
});
