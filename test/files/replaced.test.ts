/** Files that are truncated, replaced, copied over or only touched: what a run shows then, on real files and a real database. */
import { appendFileSync, copyFileSync, readFileSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
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


describe('truncated and replaced', () => {
  test('replaced by a copy that goes on, before the unfinished last line was looked at: that line is there once', async () => {
    await begun();
    appendFileSync(at('run/log.num'), text(120, 200));
    await world.look();
    appendFileSync(at('run/log.num'), '32');
    const whole = readFileSync(at('run/log.num'), 'latin1');
    writeFileSync(at('other'), `${whole}0\n${text(321, 3)}`);
    renameSync(at('other'), at('run/log.num'));
    await world.look();
    await world.pass(3000);
    expect(values('run/log.num')).toEqual(numbers(100, 224));
  });

  test('truncated and written anew: a new generation, the old points are kept as superseded', async () => {
    const before = await begun();
    put('run/log.num', HEADER + text(200, 3));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(200, 3));
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 1 });
    expect(world.values(source('run/log.num'), 'all')).toEqual([...numbers(100, 20), ...numbers(200, 3)]);
  });

  test('truncated: the old points stay what the run shows until there are new ones', async () => {
    await begun();
    truncateSync(at('run/log.num'), 0);
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 20));
    appendFileSync(at('run/log.num'), HEADER);
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 20));
    appendFileSync(at('run/log.num'), text(200, 1));
    await world.look();
    expect(values('run/log.num')).toEqual([200]);
  });

  test('truncated and grown beyond the old offset between two looks', async () => {
    await begun();
    put('run/log.num', HEADER + text(200, 50));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(200, 50));
    expect(source('run/log.num').generation).toBe(1);
  });

  test('copied and truncated (copytruncate): both files say what they contain', async () => {
    await begun();
    copyFileSync(at('run/log.num'), at('run/log.num.1'));
    writeFileSync(at('run/log.num'), HEADER + text(200, 2));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(200, 2));
    expect(values('run/log.num.1')).toEqual(numbers(100, 20));
  });

  test('replaced by renaming, with other content', async () => {
    const before = await begun();
    put('run/new.tmp', HEADER + text(300, 30));
    renameSync(at('run/new.tmp'), at('run/log.num'));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(300, 30));
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 1 });
  });

  test('replaced by a longer copy of itself (rsync): goes on, nothing is read twice', async () => {
    const before = await begun();
    put('run/new.tmp', HEADER + text(100, 25));
    renameSync(at('run/new.tmp'), at('run/log.num'));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 25));
    expect(source('run/log.num')).toMatchObject({ id: before.id, generation: 0 });
  });

  test.each(['by renaming', 'in place'])('other content of the same size under the same time stamp, %s', async (how) => {
    put('run/log.num', HEADER + text(100_000, 2000));
    await world.look();
    const { atime, mtime } = statSync(at('run/log.num'));
    // Far from both ends, which are compared at every look.
    const changed = readFileSync(at('run/log.num'), 'latin1').replace('101000\n', '999999\n');
    if (how === 'in place') writeFileSync(at('run/log.num'), changed, { flag: 'r+' });
    else {
      put('run/new.tmp', changed);
      renameSync(at('run/new.tmp'), at('run/log.num'));
    }
    utimesSync(at('run/log.num'), atime, mtime);
    await world.look();
    expect(values('run/log.num')[1000]).toBe(999_999);
    expect(values('run/log.num')).toHaveLength(2000);
  });

  test('only touched: nothing happens', async () => {
    await begun();
    utimesSync(at('run/log.num'), new Date(), new Date(Date.now() + 5000));
    await world.look();
    expect(values('run/log.num')).toEqual(numbers(100, 20));
    expect(source('run/log.num').generation).toBe(0);
  });
});
