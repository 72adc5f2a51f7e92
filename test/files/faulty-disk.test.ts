/** Logs on file systems that hang, fail, answer in part or number their files strangely: a real one, mounted through fuse/server.ts. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../main/service/store/open.ts';
import { noFuse } from './fuse/mount.ts';
import { HEADER } from './number-formats.ts';
import { numbers, text } from './logs.ts';
import { loaded, named, openPlace, type Place } from './place.ts';

let place: Place;

beforeEach(() => {
  place = openPlace();
});
afterEach(() => place.remove());

/** Values by path, of everything that is in the store. */
function stored(): Map<string, number[]> {
  const store = openStore(place.database);
  const found = new Map<string, number[]>();
  for (const { id } of store.roots()) {
    for (const source of store.sources(id)) {
      const rows = store.series(source.id);
      found.set(source.path, rows.flatMap((row) => [...store.points(row.id).value.subarray(0, row.count)]));
    }
  }
  store.close();
  return found;
}

describe.skipIf(noFuse !== null)(named('a disk', noFuse), () => {
  test('that hangs is flagged within 5 s, other folders stay prompt, and it is read on when it answers', async () => {
    const far = await place.faulty('far');
    // Old enough not to be looked at every second: the folder itself is asked.
    writeFileSync(join(far.behind, 'log.num'), `${HEADER}1\n`);
    place.put('log.num', `${HEADER}1\n`);
    const follower = place.follow(place.database, [place.root, far.at]);
    await follower.until((line) => loaded(line) && line.rootId === 1);
    await follower.until((line) => loaded(line) && line.rootId === 2);
    expect(follower.said.find((line) => line.kind === 'problem' && line.rootId === 2)?.text).toMatch(/network file system \(fuse/);
    far.hang();
    const hung = performance.now();
    const first = await follower.until((line) => line.rootId === 2 && line.state === 'not-answering');
    expect(performance.now() - hung).toBeLessThan(5000);
    for (let turn = 0; turn < 5; turn += 1) {
      const appended = performance.now();
      appendFileSync(join(place.root, 'log.num'), `${turn}\n`);
      await follower.until((line) => line.kind === 'grew' && line.rootId === 1 && line.stored === 3 + turn);
      expect(performance.now() - appended).toBeLessThan(1000);
    }
    appendFileSync(join(far.behind, 'log.num'), '2\n');
    far.answer();
    await follower.until((line) => line.rootId === 2 && line.kind === 'grew' && line.stored === 8);
    expect(follower.said.filter((line) => line.rootId === 2 && line.kind === 'root-state').at(-1)?.state).toBe('ok');
    far.hang();
    await follower.until((line) => line.state === 'not-answering' && line !== first);
    // Closing does not wait for the disk either; the process itself the kernel lets go only with the last call.
    const ended = follower.end();
    await follower.until((line) => line.kind === 'closed');
    far.answer();
    await ended;
  });

  test('whose reads fail for one file: it is named, others are not held up, and it is read when it can be', async () => {
    const far = await place.faulty('far', { fail: { error: 'EIO', every: 1, operations: ['read'], on: 'bad' } });
    for (const run of ['bad', 'good']) {
      mkdirSync(join(far.behind, run));
      writeFileSync(join(far.behind, run, 'log.num'), HEADER + text(100, 20));
    }
    const follower = place.follow(place.database, [far.at]);
    const said = await follower.until((line) => line.kind === 'problem' && line.path === 'bad/log.num');
    expect(said.text).toMatch(/read error/);
    await follower.until((line) => line.stored === 20);
    appendFileSync(join(far.behind, 'good/log.num'), text(120, 5));
    await follower.until((line) => line.stored === 25);
    await far.set({});
    await follower.until((line) => line.stored === 45);
    await follower.until((line) => line.kind === 'problem' && line.path === 'bad/log.num' && line.text === null);
    await follower.end();
    expect(stored()).toEqual(new Map([['bad/log.num', numbers(100, 20)], ['good/log.num', numbers(100, 25)]]));
  });

  test('that does not tell files from folders, and cannot say what one of them is: the others are read', async () => {
    const far = await place.faulty('far', { kindsUnsaid: true, fail: { error: 'EIO', every: 1, operations: ['lookup'], on: 'bad' } });
    mkdirSync(join(far.behind, 'run'));
    for (const name of ['bad', 'good']) writeFileSync(join(far.behind, 'run', `${name}.num`), HEADER + text(100, 20));
    const follower = place.follow(place.database, [far.at]);
    await follower.until((line) => line.stored === 20);
    await far.set({ kindsUnsaid: true });
    await follower.until((line) => line.stored === 40);
  });

  test.each([
    ['that fails a tenth of all calls with EIO', { fail: { error: 'EIO', every: 10, operations: ['read', 'open', 'lookup', 'getattr', 'readdir', 'opendir'] } }],
    ['whose handles are stale now and then', { fail: { error: 'ESTALE', every: 10, operations: ['read', 'open', 'lookup', 'getattr'] } }],
    ['that gives only a part of what is asked for', { shortReads: true }],
    ['whose calls are interrupted', { fail: { error: 'EINTR', every: 2, operations: ['read'] }, shortReads: true }],
  ])('%s costs and doubles no point', async (_, faults) => {
    const far = await place.faulty('far', faults);
    const total = 12 * 3000;
    for (let run = 0; run < 12; run += 1) writeFileSync(join(far.behind, `log-${run}.num`), HEADER + text(100_000 * run, 2000));
    const follower = place.follow(place.database, [far.at]);
    for (let turn = 0; turn < 10; turn += 1) {
      // Something was read since the last turn: the disk did its worst meanwhile.
      const before = follower.said.length;
      await follower.until((line) => follower.said.length > before && (line.stored ?? 0) > 0);
      for (let run = 0; run < 12; run += 1) appendFileSync(join(far.behind, `log-${run}.num`), text(100_000 * run + 2000 + turn * 100, 100));
    }
    const failed = await far.set({});
    if ('fail' in faults) expect(failed).toBeGreaterThan(10);
    await follower.until((line) => line.stored === total);
    await follower.end();
    const values = stored();
    for (let run = 0; run < 12; run += 1) expect(values.get(`log-${run}.num`)).toEqual(numbers(100_000 * run, 3000));
  });

  test('whose inodes are larger than 2^53 and differ in their last bits: each file is one of its own', async () => {
    const far = await place.faulty('far', { largeInodes: true });
    for (let run = 0; run < 60; run += 1) writeFileSync(join(far.behind, `log-${run}.num`), `${HEADER}${run}\n`);
    const follower = place.follow(place.database, [far.at]);
    await follower.until(loaded);
    await follower.end();
    const values = stored();
    expect(values.size).toBe(60);
    for (let run = 0; run < 60; run += 1) expect(values.get(`log-${run}.num`)).toEqual([run]);
  });
});
