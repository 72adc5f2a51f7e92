/** Following live, with the system's own notifications and the real clock. Waits for events, never for time. */
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../main/service/store/open.ts';
import type { Store } from '../../main/service/store/store.ts';
import type { TailEvent } from '../../main/service/tail/events.ts';
import { openTail, type Tail } from '../../main/service/tail/tail.ts';
import { formatById, HEADER, recognise } from './number-formats.ts';

let root: string;
let databaseFolder: string;
let store: Store;
let tail: Tail;
let rootId: number;
let listeners: ((event: TailEvent) => void)[];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-live-')));
  databaseFolder = mkdtempSync(join(tmpdir(), 'gapwatch-live-db-'));
  store = openStore(join(databaseFolder, 'gapwatch.db'));
  listeners = [];
  tail = openTail({ store, recognise, formatById, onEvent: (event) => [...listeners].forEach((listen) => listen(event)) });
  rootId = store.addRoot(root);
});
afterEach(async () => {
  await tail.close();
  store.close();
  for (const folder of [root, databaseFolder]) rmSync(folder, { recursive: true, force: true });
});

/** Resolves as soon as an event makes `holds` true; at once if it is. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const listen = (): void => {
      if (!holds()) return;
      listeners = listeners.filter((one) => one !== listen);
      resolve();
    };
    listeners.push(listen);
    listen();
  });
}

function count(path: string): number {
  const source = store.sources(rootId).find((one) => one.path === path && !one.gone);
  return source ? store.series(source.id).reduce((sum, series) => sum + series.count, 0) : 0;
}

async function following(): Promise<void> {
  let ok = false;
  listeners.push((event) => {
    if (event.kind === 'root-state' && event.state === 'ok') ok = true;
  });
  tail.follow(rootId);
  await until(() => ok);
}

test('an appended line is committed without waiting for a poll', async () => {
  writeFileSync(join(root, 'log.num'), `${HEADER}1\n`);
  await following();
  const delays: number[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const before = performance.now();
    appendFileSync(join(root, 'log.num'), `${turn}\n`);
    await until(() => count('log.num') === turn + 2);
    delays.push(performance.now() - before);
  }
  delays.sort((a, b) => a - b);
  // A poll would come after a second; the median of a notification is some milliseconds, on a busy machine some tens.
  expect(delays[20]).toBeLessThan(300);
});

test('a root that is renamed is gone at once', async () => {
  writeFileSync(join(root, 'log.num'), `${HEADER}1\n`);
  await following();
  let state = 'ok';
  listeners.push((event) => {
    if (event.kind === 'root-state') state = event.state;
  });
  renameSync(root, `${root}-away`);
  try {
    // The next whole look would come after a minute, which is longer than a test may take.
    await until(() => state === 'gone');
  } finally {
    renameSync(`${root}-away`, root);
  }
});

test('new runs, new folders and renamed folders are met at once', async () => {
  writeFileSync(join(root, 'log.num'), `${HEADER}1\n`);
  await following();
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/b/log.num'), `${HEADER}1\n2\n`);
  await until(() => count('a/b/log.num') === 2);
  appendFileSync(join(root, 'a/b/log.num'), '3\n');
  await until(() => count('a/b/log.num') === 3);
  renameSync(join(root, 'a'), join(root, 'c'));
  await until(() => count('c/b/log.num') === 3);
  appendFileSync(join(root, 'c/b/log.num'), '4\n');
  await until(() => count('c/b/log.num') === 4);
  rmSync(join(root, 'c'), { recursive: true });
  await until(() => store.sources(rootId).every((source) => source.gone || source.path === 'log.num'));
  expect(store.totals().points).toBe(5);
});

test('queries are answered and live lines committed while a long history is read', async () => {
  const lines = Array.from({ length: 400_000 }, (_, index) => `${index}\n`).join('');
  for (let run = 0; run < 6; run += 1) writeFileSync(join(root, `old-${run}.num`), HEADER + lines);
  writeFileSync(join(root, 'live.num'), `${HEADER}1\n`);
  let longest = 0;
  // The processor's time, as other programs' turns are not ours.
  const used = (): number => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  let last = used();
  let ticking = true;
  const tick = (): void => {
    longest = Math.max(longest, used() - last);
    last = used();
    if (ticking) setImmediate(tick);
  };
  let started = false;
  listeners.push((event) => {
    if (event.kind === 'progress') started = true;
  });
  tail.follow(rootId);
  await until(() => started);
  last = used();
  tick();
  appendFileSync(join(root, 'live.num'), '2\n');
  await until(() => count('live.num') === 2);
  expect(store.totals().points).toBeLessThan(2_400_000);
  await until(() => store.totals().points === 2_400_002);
  ticking = false;
  // Looks are cut to 8 ms and commits to 4 MiB of input; the rest is what a busy machine adds.
  expect(longest).toBeLessThan(400);
});

test('closing leaves no handles', async () => {
  mkdirSync(join(root, 'a'));
  writeFileSync(join(root, 'a/log.num'), `${HEADER}1\n`);
  const before = process.getActiveResourcesInfo().filter((name) => name.includes('FSEvent')).length;
  await following();
  appendFileSync(join(root, 'a/log.num'), '2\n');
  await until(() => count('a/log.num') === 2);
  await tail.close();
  expect(process.getActiveResourcesInfo().filter((name) => name.includes('FSEvent')).length).toBe(before);
});
