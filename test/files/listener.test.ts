/** A listener that throws is a bug of the listener: it is reported each time, and reading neither stalls nor doubles anything. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../main/service/store/open.ts';
import type { Store } from '../../main/service/store/store.ts';
import type { TailEvent } from '../../main/service/tail/events.ts';
import { openTail } from '../../main/service/tail/tail.ts';
import { numbers, text } from './logs.ts';
import { formatById, HEADER, recognise } from './number-formats.ts';
import { manualClock } from './world.ts';

let folder: string;
let root: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gapwatch-listener-'));
  root = join(folder, 'runs');
  mkdirSync(root);
  store = openStore(join(folder, 'db', 'gapwatch.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function values(rootId: number): number[] {
  return store.sources(rootId).flatMap(({ id }) => store.series(id).flatMap((row) => [...store.points(row.id).value.subarray(0, row.count)]));
}

test.each(['grew', 'added', 'root-state', 'progress'])('that throws at every "%s"', async (kind) => {
  const clock = manualClock();
  const heard: TailEvent[] = [];
  const mistakes: unknown[] = [];
  const rootId = store.addRoot(root);
  const tail = openTail({
    store, recognise, formatById, clock, hints: false,
    onEvent(event) {
      heard.push(event);
      if (event.kind === kind) throw new TypeError(`at ${event.kind}`);
    },
    onListenerError: (error) => mistakes.push(error),
  });
  tail.attach(rootId);
  writeFileSync(join(root, 'log.num'), HEADER + text(100, 20));
  await tail.tick();
  for (let turn = 0; turn < 5; turn += 1) {
    appendFileSync(join(root, 'log.num'), text(120 + turn, 1));
    clock.advance(100);
    tail.lookAgain();
    await tail.tick();
    // Prompt: no back-off, as there would be after trouble with the store.
    expect(values(rootId)).toEqual(numbers(100, 21 + turn));
  }
  await tail.close();
  expect(mistakes).toHaveLength(heard.filter((event) => event.kind === kind).length);
  expect(mistakes.length).toBeGreaterThan(0);
  expect(heard.filter((event) => event.kind === 'storage' || event.kind === 'problem')).toEqual([]);
});

test('without somebody to report to, the error ends the process', () => {
  const script = `
    import { openStore } from ${JSON.stringify(new URL('../../main/service/store/open.ts', import.meta.url).href)};
    import { openTail } from ${JSON.stringify(new URL('../../main/service/tail/tail.ts', import.meta.url).href)};
    const store = openStore(${JSON.stringify(join(folder, 'other.db'))});
    const tail = openTail({ store, recognise: () => null, formatById: () => null, hints: false, onEvent() { throw new TypeError('a mistake'); } });
    await tail.catchUp(store.addRoot(${JSON.stringify(root)}));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('a mistake');
});
