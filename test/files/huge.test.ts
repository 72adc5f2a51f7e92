/** Lines, records and tables of absurd size: they cost themselves, not the memory, and nothing that stands beside them. */
import { appendFileSync, closeSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { maskedCrc32c } from '../../main/service/formats/crc32c.ts';
import { openStore } from '../../main/service/store/open.ts';
import { event, record, simple } from '../unit/formats/encode.ts';
import type { FollowerProcess } from './follower-process.ts';
import { loaded, openPlace, type Place } from './place.ts';

const MIB = 2 ** 20;
let place: Place;

beforeEach(() => {
  place = openPlace();
});
afterEach(() => place.remove());

/** A hole at the end of a file: bytes that take no room. */
function growSparse(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  ftruncateSync(file, statSync(path).size + bytes);
  closeSync(file);
}

async function peak(follower: FollowerProcess): Promise<number> {
  const asked = follower.said.length;
  follower.ask('usage');
  const said = await follower.until((line) => line.kind === 'usage' && follower.said.indexOf(line) >= asked);
  return (said.maxRssKiB ?? NaN) * 1024;
}

/** Bytes by which the greatest memory of a follower that has already read a log of this kind grows. */
async function growth(first: () => void, last: () => void, points: number): Promise<number> {
  first();
  const follower = place.follow(place.database, [place.root]);
  await follower.until(loaded);
  const before = await peak(follower);
  last();
  await follower.until((line) => (line.stored ?? 0) >= points);
  const after = await peak(follower);
  await follower.end();
  process.stdout.write(`${expect.getState().currentTestName ?? ''}: peak memory ${Math.round(before / MIB)} MiB, grew by ${((after - before) / MIB).toFixed(1)} MiB\n`);
  return after - before;
}

const rows = (from: number, count: number): string => Array.from({ length: count }, (_, index) => `${from + index},0.5\n`).join('');

test('a line of 500 MB costs that line, and no memory beyond what ordinary lines take', async () => {
  const path = join(place.root, 'metrics.csv');
  const grew = await growth(
    // As much as is read at once is warm: what is measured is the line.
    () => place.put('metrics.csv', `step,loss\n${rows(0, 200_000)}`),
    () => {
      growSparse(path, 500 * MIB);
      appendFileSync(path, `\n${rows(200_000, 2)}`);
    },
    200_002,
  );
  // Twice the cap of a line is 2 MiB; the rest is what the system rounds and the collector leaves.
  expect(grew).toBeLessThan(16 * MIB);
  const store = openStore(place.database);
  expect(store.problems()).toMatchObject([{ path: 'metrics.csv', text: 'A line longer than 1 MiB was skipped.' }]);
  expect(store.totals().points).toBe(200_002);
  store.close();
});

function lengthHeader(length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(12));
  header.setBigUint64(0, BigInt(length), true);
  header.setUint32(8, maskedCrc32c(header, 0, 8), true);
  return new Uint8Array(header.buffer);
}

const scalar = (step: number): Uint8Array => record(event(step, [simple('loss', step)]));
const scalars = (from: number, count: number): Buffer => Buffer.concat(Array.from({ length: count }, (_, index) => scalar(from + index)));

test.each([['2 GB', 2 ** 31 - 1000, true], ['4 EB that are not there', 2 ** 62, false]])('a record of %s with a right sum of its length is seeked over; the memory grows by less than 80 MB', async (_, length, there) => {
  const name = 'events.out.tfevents.1700000000.host.1.0';
  const path = join(place.root, name);
  const grew = await growth(
    () => place.put(name, scalars(0, 20_000)),
    () => {
      const file = openSync(path, 'a');
      writeSync(file, lengthHeader(length));
      closeSync(file);
      if (there) growSparse(path, length + 4);
      appendFileSync(path, scalars(20_000, 2));
    },
    20_002,
  );
  expect(grew).toBeLessThan(80 * MIB);
});

test('100,000 columns: 10,000 are kept, and memory stays bounded', async () => {
  const names = Array.from({ length: 100_000 }, (_, at) => `c${at}`);
  const grew = await growth(
    () => place.put('a/metrics.csv', 'step,loss\n1,0.5\n'),
    () => {
      place.put('wide/metrics.csv', `step,loss,${names.join(',')}\n${Array.from({ length: 3 }, (_, step) => `${step},0.5,${names.map((_name, at) => at).join(',')}\n`).join('')}`);
    },
    1 + 3 * 9999,
  );
  expect(grew).toBeLessThan(300 * MIB);
});
