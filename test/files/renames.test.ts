/** Files that are renamed, rotated, deleted and recreated: the rules one by one. */
import { appendFileSync, mkdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
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

describe('renamed, deleted, recreated', () => {
  test('renamed inside the root: the same source at its new path, read on', async () => {
    const before = await begun();
    mkdirSync(at('kept'));
    renameSync(at('run/log.num'), at('kept/better.num'));
    appendFileSync(at('kept/better.num'), text(120, 5));
    await world.look();
    expect(source('kept/better.num')).toMatchObject({ id: before.id, generation: 0 });
    expect(values('kept/better.num')).toEqual(numbers(100, 25));
    expect(world.source('run/log.num')).toBeUndefined();
    expect(world.events.at(-1)).toMatchObject({ kind: 'grew' });
  });

  test('rotated (log to log.1 to log.2, a new log): every file keeps its source', async () => {
    const first = await begun();
    renameSync(at('run/log.num'), at('run/log.num.1'));
    put('run/log.num', HEADER + text(200, 4));
    await world.look();
    const second = source('run/log.num');
    renameSync(at('run/log.num.1'), at('run/log.num.2'));
    renameSync(at('run/log.num'), at('run/log.num.1'));
    put('run/log.num', HEADER + text(300, 4));
    await world.look();
    expect(source('run/log.num.2').id).toBe(first.id);
    expect(source('run/log.num.1').id).toBe(second.id);
    expect(values('run/log.num.2')).toHaveLength(20);
    expect(values('run/log.num.1')).toEqual(numbers(200, 4));
    expect(values('run/log.num')).toEqual(numbers(300, 4));
  });

  test('rotated and grown before its folder is scanned: the old file is looked for first', async () => {
    const first = await begun();
    renameSync(at('run/log.num'), at('run/log.num.1'));
    put('run/log.num', HEADER + text(200, 40));
    for (let second = 0; second < 3; second += 1) await world.pass(1000);
    expect(source('run/log.num.1')).toMatchObject({ id: first.id, generation: 0 });
    expect(values('run/log.num')).toEqual(numbers(200, 40));
    expect(world.store.totals().points).toBe(60);
  });

  test('written anew, rotated, and restarted before its first new point: what was there is shown until then', async () => {
    const before = await begun();
    put('run/log.num', HEADER);
    await world.look();
    renameSync(at('run/log.num'), at('run/log.num.1'));
    put('run/log.num', HEADER + text(300, 4));
    await world.look();
    await world.restart();
    expect(source('run/log.num.1')).toMatchObject({ id: before.id, generation: 0 });
    expect(values('run/log.num.1')).toEqual(numbers(100, 20));
    appendFileSync(at('run/log.num.1'), text(200, 25));
    await world.look();
    expect(source('run/log.num.1')).toMatchObject({ id: before.id, generation: 1 });
    expect(values('run/log.num.1')).toEqual(numbers(200, 25));
    expect(values('run/log.num')).toEqual(numbers(300, 4));
  });

  test('the folder of a run is renamed', async () => {
    const before = await begun('a/b/log.num');
    renameSync(at('a'), at('z'));
    await world.look();
    expect(source('z/b/log.num').id).toBe(before.id);
  });

  test('renamed over another known file: that one counts as deleted, its points are kept', async () => {
    const over = await begun('run/old.num');
    const mover = await begun('run/log.num');
    renameSync(at('run/log.num'), at('run/old.num'));
    await world.look();
    expect(source('run/old.num').id).toBe(mover.id);
    const lost = world.store.source(over.id);
    expect(lost?.gone).toBe(true);
    expect(lost && world.values(lost)).toEqual(numbers(100, 20));
  });

  test('deleted: gone, its points are kept; back again: read on', async () => {
    const before = await begun();
    renameSync(at('run/log.num'), join(world.folder, 'elsewhere'));
    await world.look();
    expect(world.store.source(before.id)?.gone).toBe(true);
    expect(world.values(before)).toEqual(numbers(100, 20));
    renameSync(join(world.folder, 'elsewhere'), at('run/log.num'));
    appendFileSync(at('run/log.num'), text(120, 2));
    await world.look();
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 0, gone: false });
    expect(values('run/log.num')).toEqual(numbers(100, 22));
  });

  test('deleted and recreated at once, with the same header', async () => {
    const before = await begun();
    // Most file systems give the inode away again at once, which is the point of this test.
    unlinkSync(at('run/log.num'));
    put('run/log.num', HEADER + text(500, 20));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(500, 20));
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 1 });
  });

  test('a deleted file whose inode went to another file: two sources', async () => {
    const before = await begun();
    const { ino } = statSync(at('run/log.num'));
    unlinkSync(at('run/log.num'));
    for (let attempt = 0; attempt < 100; attempt += 1) {
      put('run/other.num', HEADER + text(500, 20));
      if (statSync(at('run/other.num')).ino === ino) break;
      // Another program took the inode, or this file system gives out new ones first: keep this one occupied and try again.
      renameSync(at('run/other.num'), join(world.folder, `decoy-${attempt}`));
    }
    put('run/other.num', HEADER + text(500, 20));
    await world.look();
    expect(source('run/other.num').id).not.toBe(before.id);
    expect(values('run/other.num')).toEqual(numbers(500, 20));
    expect(world.values(before)).toEqual(numbers(100, 20));
  });

  test('what was appended just before the file was deleted or replaced is still read', async () => {
    await begun('a/log.num');
    await begun('b/log.num');
    for (const run of ['a', 'b']) appendFileSync(at(`${run}/log.num`), text(120, 1));
    await world.look();
    const [a, b] = [source('a/log.num'), source('b/log.num')];
    appendFileSync(at('a/log.num'), text(121, 3) + '124');
    unlinkSync(at('a/log.num'));
    appendFileSync(at('b/log.num'), text(121, 3));
    put('b/new.tmp', HEADER + text(900, 2));
    renameSync(at('b/new.tmp'), at('b/log.num'));
    await world.look();
    expect(world.values(a)).toEqual(numbers(100, 25));
    expect(world.store.source(a.id)?.gone).toBe(true);
    expect(values('b/log.num')).toEqual(numbers(900, 2));
    expect(world.values(b, 'all')).toEqual([...numbers(100, 24), ...numbers(900, 2)]);
  });

  test('the root goes away and comes back', async () => {
    const before = await begun();
    renameSync(world.root, `${world.root}-away`);
    await world.look();
    expect(world.events.at(-1)).toMatchObject({ kind: 'gone' });
    expect(world.events).toContainEqual(expect.objectContaining({ kind: 'root-state', state: 'gone' }));
    renameSync(`${world.root}-away`, world.root);
    appendFileSync(at('run/log.num'), text(120, 2));
    await world.pass(3100);
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 0 });
    expect(values('run/log.num')).toEqual(numbers(100, 22));
    expect(world.events.filter((event) => event.kind === 'root-state').at(-1)).toMatchObject({ state: 'ok' });
  });
});

test('names with "#" are names like any other, also after a restart', async () => {
  await begun('run#3/log.num');
  await world.restart();
  appendFileSync(at('run#3/log.num'), text(120, 2));
  await world.look();
  expect(values('run#3/log.num')).toEqual(numbers(100, 22));
  expect(source('run#3/log.num').generation).toBe(0);
});
