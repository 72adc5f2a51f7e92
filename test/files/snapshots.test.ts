/** Files that are written anew each time. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logsOf } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
const { at, put, values } = logsOf(() => world);

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('snapshots', () => {
  test('replace what was there, and a half-written one leaves it', async () => {
    put('run/state.list', '[1,2,3]');
    await world.look();
    expect(values('run/state.list')).toEqual([1, 2, 3]);
    writeFileSync(at('run/state.list'), '[1,2,3,4');
    await world.look();
    expect(values('run/state.list')).toEqual([1, 2, 3]);
    expect(world.tail.troubles()).toEqual([]);
    writeFileSync(at('run/state.list'), '[1,2,9,4]');
    await world.look();
    expect(values('run/state.list')).toEqual([1, 2, 9, 4]);
  });

  test('one that stays broken is reported, and no longer once it is whole', async () => {
    put('run/state.list', '[1,2');
    for (let turn = 0; turn < 4; turn += 1) await world.pass(4000);
    expect(world.tail.troubles()).toMatchObject([{ path: 'run/state.list' }]);
    writeFileSync(at('run/state.list'), '[1]');
    await world.look();
    expect(world.tail.troubles()).toEqual([]);
    expect(values('run/state.list')).toEqual([1]);
  });
});
