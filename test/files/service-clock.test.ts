/** The whole service while the clock of the machine is set, or the machine sleeps. */
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../main/service/clock.ts';
import { systemClock } from '../../main/service/clock.ts';
import { openPlace, type Place } from './place.ts';
import { EXAMPLES, openServed, type Served } from './served.ts';

let place: Place;
let open: Served | null = null;

beforeEach(() => {
  place = openPlace();
  mkdirSync(join(place.folder, 'data'));
});
afterEach(async () => {
  await open?.close();
  open = null;
  await place.remove();
});

/** One at a time. */
function serve(clock: Clock): Served {
  open = openServed(join(place.folder, 'data'), { clock });
  return open;
}

const line = (step: number): string => `${JSON.stringify({ step, loss: Math.sin(step) + 2, val_loss: Math.cos(step) + 2 })}\n`;
const lines = (from: number, count: number): string => Array.from({ length: count }, (_, index) => line(from + index)).join('');

/** A clock that runs twenty times as fast and can be set by `jump`; `slept` is what the steady clock counts of it. */
function jumpingClock(): Clock & { jump: number; slept: number } {
  const began = Date.now();
  const steady = (): number => performance.now() * 20 + clock.slept;
  const first = performance.now() * 20;
  const clock = {
    jump: 0,
    slept: 0,
    wall: () => began + performance.now() * 20 - first + clock.jump,
    steady,
    after: (ms: number, work: () => void) => systemClock.after(ms / 20, work),
  };
  return clock;
}

test.each([
  ['set an hour forward', 3600_000, 0],
  ['set an hour back, as at the end of summer time', -3600_000, 0],
  ['stopped for eight hours with the machine', 8 * 3600_000, 8 * 3600_000],
])('the clock is %s: growth is read once and at once, and nothing is told twice or for nothing', async (_, jump, slept) => {
  const clock = jumpingClock();
  mkdirSync(join(place.root, 'exp'));
  const events = 'events.out.tfevents.1767749726.trainbox.4242.0';
  copyFileSync(join(EXAMPLES, 'accumulation-scale', events), join(place.root, 'exp', events));
  place.put('run/log.jsonl', lines(0, 100));
  const app = serve(clock);
  await app.ask('addFolder', place.root);
  await app.eventually(() => (app.notices.length > 0 ? true : null));
  // A run that logs the time every second, and was logging a moment ago.
  const timed = (from: number, count: number): string => Array.from({ length: count }, (_, index) => `${JSON.stringify({ step: from + index, time: clock.wall() / 1000 - count + index, loss: 1 / (from + index + 1) })}\n`).join('');
  place.put('timed/log.jsonl', timed(0, 60));
  await app.eventually(async () => ((await app.ask('overview')).runs.length === 3 ? true : null));
  appendFileSync(join(place.root, 'timed/log.jsonl'), timed(60, 20));
  appendFileSync(join(place.root, 'run/log.jsonl'), lines(100, 10));
  const total = async (): Promise<number> => (await app.ask('overview')).totals.points;
  const before = await app.eventually(async () => (await total()) || null);
  clock.jump = jump;
  clock.slept = slept;
  if (slept > 0) app.service.resumed();
  // A quarter of a minute passes before any run logs its next line.
  await new Promise<void>((resume) => clock.after(15_000, resume));
  appendFileSync(join(place.root, 'run/log.jsonl'), lines(110, 10));
  await app.eventually(async () => ((await total()) >= before + 20 ? true : null));
  for (let turn = 0; turn < 5; turn += 1) {
    appendFileSync(join(place.root, 'run/log.jsonl'), line(120 + turn));
    const now = await total();
    await app.eventually(async () => ((await total()) >= now + 2 ? true : null));
  }
  expect(app.notices.map(({ run }) => run.split(':')[1])).toEqual(['exp']);
  await app.close();
  const again = serve(clock);
  await again.eventually(async () => ((await again.ask('overview')).roots[0]?.state === 'ok' ? true : null));
  expect(again.notices).toEqual([]);
});
