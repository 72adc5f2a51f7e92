/** The rules of tailing one by one, on real files and a real database; actions.test.ts plays them against each other. */
import { appendFileSync, linkSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logsOf, numbers, text } from './logs.ts';
import { HEADER } from './number-formats.ts';
import { openWorld, type World } from './world.ts';

let world: World;
const { at, put, source, values, begun } = logsOf(() => world);

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('appending', () => {
  test('only what is new is read, and the reader goes on where it was', async () => {
    const before = await begun();
    appendFileSync(at('run/log.num'), text(120, 5));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 25));
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 0, offset: statSync(at('run/log.num')).size });
    const [series] = world.store.series(before.id);
    const points = world.store.points(series?.id ?? 0);
    expect([...points.step.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(points.step[24]).toBe(25);
  });

  test('a file written byte by byte, looked at after each, has each point once', async () => {
    const content = HEADER.slice(0, 20) + '\n' + text(100, 4);
    put('run/log.num', '');
    for (const byte of content) {
      appendFileSync(at('run/log.num'), byte);
      await world.pass(1000);
    }
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 4));
  });

  test('nothing is committed while nothing happens', async () => {
    await begun();
    const told = world.events.length;
    for (let minute = 0; minute < 5; minute += 1) await world.pass(61_000);
    expect(world.events.slice(told)).toEqual([]);
  });

  test('a source knows when it grew while it was watched', async () => {
    const history = await begun();
    expect(history.grewAtMs).toBeNull();
    appendFileSync(at('run/log.num'), text(120, 1));
    await world.look();
    expect(source('run/log.num').grewAtMs).toBeGreaterThan(Date.now() - 60_000);
    put('run2/log.num', HEADER + text(200, 1));
    await world.look();
    expect(source('run2/log.num').grewAtMs).not.toBeNull();
  });
});

describe('a last line without its newline', () => {
  test('waits, is taken after 2.5 s of silence, and is replaced by what it becomes', async () => {
    await begun();
    appendFileSync(at('run/log.num'), '77');
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 20));
    await world.pass(2600);
    expect(values('run/log.num')).toEqual([...numbers(100, 20), 77]);
    appendFileSync(at('run/log.num'), '8');
    await world.pass(1000);
    expect(values('run/log.num')).toEqual(numbers(100, 20));
    appendFileSync(at('run/log.num'), '9\n5\n');
    await world.pass(1000);
    expect(values('run/log.num')).toEqual([...numbers(100, 20), 7789, 5]);
  });

  test('is still replaced after a restart', async () => {
    await begun();
    appendFileSync(at('run/log.num'), '77');
    await world.look();
    await world.pass(2600);
    await world.restart();
    await world.look();
    expect(values('run/log.num')).toEqual([...numbers(100, 20), 77]);
    appendFileSync(at('run/log.num'), '8\n');
    await world.look();
    expect(values('run/log.num')).toEqual([...numbers(100, 20), 778]);
  });
});

describe('restart', () => {
  test('resumes at the offset: nothing twice, nothing missing, reader state kept', async () => {
    const before = await begun();
    await world.restart();
    appendFileSync(at('run/log.num'), text(120, 5));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 25));
    const [series] = world.store.series(before.id);
    expect(world.store.points(series?.id ?? 0).step[24]).toBe(25);
  });

  test('a long file whose reading was interrupted is read on, although it did not change', async () => {
    put('run/log.num', HEADER + text(1_000_000, 800_000));
    const reading = world.tail.tick();
    while (world.store.totals().points === 0) await new Promise((resume) => setImmediate(resume));
    await Promise.all([world.restart(), reading]);
    expect(values('run/log.num').length).toBeLessThan(800_000);
    await world.look();
    const all = values('run/log.num');
    expect([all.length, all.at(-1)]).toEqual([800_000, 1_799_999]);
  });

  test('an unchanged root is not read again', async () => {
    await begun();
    await world.restart();
    const told = world.events.length;
    await world.look();
    expect(world.events.slice(told).filter((event) => event.kind === 'grew')).toEqual([]);
  });
});

describe('several files', () => {
  test('two writers in one folder, each file its own source', async () => {
    await begun('run/one.num');
    put('run/two.num', HEADER + text(100, 20));
    for (let turn = 0; turn < 5; turn += 1) {
      appendFileSync(at('run/one.num'), text(1000 + turn, 1));
      appendFileSync(at('run/two.num'), text(2000 + turn, 1));
      await world.pass(1000);
    }
    await world.look();
    expect(values('run/one.num')).toEqual([...numbers(100, 20), ...numbers(1000, 5)]);
    expect(values('run/two.num')).toEqual([...numbers(100, 20), ...numbers(2000, 5)]);
  });

  test('a hard link is the same file and is read once', async () => {
    await begun();
    linkSync(at('run/log.num'), at('run/again.num'));
    await world.look();
    expect(world.store.sources(world.rootId)).toHaveLength(1);
    unlinkSync(at('run/log.num'));
    await world.look();
    expect(values('run/again.num')).toEqual(numbers(100, 20));
    expect(world.store.sources(world.rootId)).toHaveLength(1);
  });
});

describe('newcomers', () => {
  test('a file of no known format is remembered with its first line, and looked at again when it grows', async () => {
    put('run/notes.csv', 'what is this\nsecond line\n');
    await world.look();
    expect(world.tail.notUnderstood(world.rootId)).toEqual([{ path: 'run/notes.csv', firstLine: 'what is this' }]);
    expect(world.store.sources(world.rootId)).toEqual([]);
  });

  test('an empty file waits for its first bytes', async () => {
    put('run/log.num', '');
    await world.look();
    expect(world.store.sources(world.rootId)).toEqual([]);
    appendFileSync(at('run/log.num'), HEADER + text(1, 1));
    await world.look();
    expect(values('run/log.num')).toEqual([1]);
  });

  test('a new file in an old folder is found by the next scan', async () => {
    await begun();
    put('run/more.num', HEADER + text(5, 1));
    await world.pass(61_000);
    expect(values('run/more.num')).toEqual([5]);
  });
});

describe('one-shot reading', () => {
  test('reads to the end, the last line without newline included, and a later look does not double it', async () => {
    put('run/log.num', `${HEADER}${text(100, 3)}103`);
    const { progress } = await world.tail.catchUp(world.rootId);
    expect(values('run/log.num')).toEqual(numbers(100, 4));
    expect(progress).toMatchObject({ files: 1, points: 4 });
    appendFileSync(at('run/log.num'), '\n104\n');
    await world.tail.catchUp(world.rootId);
    expect(values('run/log.num')).toEqual(numbers(100, 5));
  });
});

test('removing the root of a closed world leaves nothing open', async () => {
  await begun();
  rmSync(world.root, { recursive: true });
  await world.look();
  expect(world.events.filter((event) => event.kind === 'root-state').at(-1)).toMatchObject({ state: 'gone' });
});
