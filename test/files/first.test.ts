/** A root that was never read: the first points are there before the whole of it is listed. */
import { linkSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootDisk, type RootDisk, type RootDiskOptions } from '../../main/service/watch/root-disk.ts';
import { numbers, text } from './logs.ts';
import { openWorld, type World } from './world.ts';

let world: World;
/** Folders that were listed, in order. */
let listed: string[];

function openDisk(path: string, options: RootDiskOptions): RootDisk {
  const disk = rootDisk(path, options);
  return {
    ...disk,
    held: disk.held,
    list(folder, large) {
      listed.push(String(folder).slice(path.length + 1));
      return disk.list(folder, large);
    },
  };
}

beforeEach(async () => {
  listed = [];
  world = await openWorld({ openDisk });
});
afterEach(() => world.close());

function put(path: string, content: string, ageS: number): void {
  const file = join(world.root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
  const at = Date.now() / 1000 - ageS;
  for (const one of [file, join(file, '..')]) utimesSync(one, at, at);
}

/** The folders that had been listed when the first points were told. */
async function listedBeforePoints(): Promise<string[]> {
  let before: string[] | null = null;
  const push = world.events.push.bind(world.events);
  world.events.push = (...events) => {
    if (events.some(({ kind }) => kind === 'grew')) before ??= [...listed];
    return push(...events);
  };
  await world.look();
  return before ?? [];
}

test('the newest run is read first, before the others are listed', async () => {
  for (let run = 0; run < 30; run += 1) put(`run${run}/log.num`, text(run * 100, 3), Math.abs(run - 17) * 1000);
  expect(await listedBeforePoints()).toEqual(['', 'run17']);
  for (let run = 0; run < 30; run += 1) expect(world.values(world.source(`run${run}/log.num`)!)).toEqual(numbers(run * 100, 3));
});

test('what says nothing is passed over, and a second name of a file is not a second source', async () => {
  put('old/log.num', text(5, 2), 5000);
  put('new/notes.txt', 'hello\n', 10);
  put('newer/empty.num', '', 5);
  linkSync(join(world.root, 'old/log.num'), join(world.root, 'old/again.num'));
  const before = await listedBeforePoints();
  expect(before.at(-1)).toBe('old');
  const there = world.store.sources(world.rootId).filter(({ path }) => path.startsWith('old/'));
  expect(there).toHaveLength(1);
  expect(world.values(there[0]!)).toEqual([5, 6]);
});

test('a root that is known is listed whole first: its files may have moved', async () => {
  put('a/log.num', text(1, 2), 100);
  put('b/log.num', text(7, 2), 50);
  await world.look();
  listed = [];
  put('c/log.num', text(9, 2), 5);
  await world.restart();
  expect(await listedBeforePoints()).toHaveLength(4);
});
