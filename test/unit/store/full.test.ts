import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { StoreFull, StoreReadOnly } from '../../../main/service/store/errors.ts';
import { openStore } from '../../../main/service/store/open.ts';
import type { Store } from '../../../main/service/store/store.ts';
import { commit, folder } from './places.ts';

const mounted: string[] = [];

/** A file system of its own, or null where this process may not mount one. */
function smallDisk(size: string): string | null {
  const at = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    return null;
  }
  mounted.push(at);
  return at;
}

afterEach(() => {
  for (const at of mounted.splice(0)) execFileSync('umount', ['-l', at]);
});

const probe = smallDisk('1m');
for (const at of mounted.splice(0)) execFileSync('umount', ['-l', at]);
if (!probe) console.warn('SKIPPED: tests of a full and of a read-only disk need root on Linux (mount -t tmpfs)');

function append(store: Store, id: number, count: number): void {
  const { offset } = store.source(id)!;
  store.commit([commit(id, offset + count, (b) => {
    for (let i = offset; i < offset + count; i += 1) b.point(b.series('loss'), i, NaN, 1.7e9 + Math.sin(i), Math.cos(i));
  })]);
}

/** Points, offset, marks and curve agree. */
function expectWhole(store: Store, id: number): void {
  const { offset } = store.source(id)!;
  const row = store.series(id)[0]!;
  expect(row).toMatchObject({ count: offset, segments: [0] });
  const points = store.points(row.id);
  expect(points.length).toBe(offset);
  for (let i = 0; i < offset; i += 1) if (points.step[i] !== i || points.value[i] !== Math.cos(i)) throw new Error(`point ${i} is wrong`);
  expect(store.curve(row.id, { axis: 'step', pixels: 100 }).points).toBe(offset);
}

describe.skipIf(!probe)('a disk', () => {
  test('that is full: a typed error, nothing half written, and it goes on when there is room', () => {
    const disk = smallDisk('6m')!;
    const ballast = join(disk, 'ballast');
    let store = openStore(join(disk, 'a.db'));
    const id = store.addSource(store.addRoot('/runs'), 'log', 'x').id;
    append(store, id, 6000);
    let [failed, succeeded] = [0, 0];
    for (let round = 0; round < 4; round += 1) {
      const { bavail, bsize } = statfsSync(disk);
      writeFileSync(ballast, new Uint8Array(Math.max(0, bavail * bsize - 400_000 + round * 60_000)));
      for (let k = 0; k < 40; k += 1) {
        const before = store.source(id)!.offset;
        try {
          append(store, id, 777 + k);
        } catch (error) {
          expect(error).toBeInstanceOf(StoreFull);
          expect(store.source(id)!.offset).toBe(before);
          expectWhole(store, id);
          failed += 1;
          break;
        }
      }
      rmSync(ballast);
      append(store, id, 123);
      expectWhole(store, id);
      store.rest();
      succeeded += 1;
    }
    expect([failed, succeeded]).toEqual([4, 4]);
    expect(store.check()).toEqual([]);
    store.close();
    store = openStore(join(disk, 'a.db'));
    expect(store.recovered).toBe(null);
    expectWhole(store, id);
    store.close();
  });

  test('that is read-only: what is there can be read, commits say why not', () => {
    const disk = smallDisk('6m')!;
    const file = join(disk, 'a.db');
    const store = openStore(file);
    const id = store.addSource(store.addRoot('/runs'), 'log', 'x').id;
    append(store, id, 6000);
    store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const readOnly = openStore(file);
    expect(readOnly).toMatchObject({ readOnly: true, recovered: null });
    expectWhole(readOnly, id);
    expect(() => append(readOnly, id, 1)).toThrow(StoreReadOnly);
    expect(() => readOnly.documents.set('a', 'b', 1)).toThrow(StoreReadOnly);
    expectWhole(readOnly, id);
    readOnly.close();
  });
});
