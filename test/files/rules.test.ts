/** The rules of tailing one by one, on real files and a real database; actions.test.ts plays them against each other. */
import {
  appendFileSync, copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, unlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceRow } from '../../main/service/store/store.ts';
import { HEADER } from './number-formats.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const at = (path: string): string => join(world.root, path);
const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);
const text = (from: number, count: number): string => numbers(from, count).map((number) => `${number}\n`).join('');

function put(path: string, content: string): void {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), content);
}

function source(path: string): SourceRow {
  const found = world.source(path);
  if (!found) throw new Error(`no source ${path}`);
  return found;
}

const values = (path: string): number[] => world.values(source(path));

/** A run with 20 points, looked at. */
async function begun(path = 'run/log.num'): Promise<SourceRow> {
  put(path, HEADER + text(100, 20));
  await world.look();
  expect(values(path)).toEqual(numbers(100, 20));
  return source(path);
}

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

  test('an unchanged root is not read again', async () => {
    await begun();
    await world.restart();
    const told = world.events.length;
    await world.look();
    expect(world.events.slice(told).filter((event) => event.kind === 'grew')).toEqual([]);
  });
});

describe('truncated and replaced', () => {
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
    expect([values('run/log.num.2').length, values('run/log.num.1'), values('run/log.num')]).toEqual([20, numbers(200, 4), numbers(300, 4)]);
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
