import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import { cursor, getVarint, putVarint, unzigzag, zigzag } from '../../../main/service/store/codec/bytes.ts';
import { decodeBlock, encodeBlock } from '../../../main/service/store/codec/block.ts';
import { StoreDamaged } from '../../../main/service/store/errors.ts';

const hostile = [
  NaN, Infinity, -Infinity, 0, -0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2 ** 53, 2 ** 53 - 1, -(2 ** 53), 2 ** 53 + 2,
  2 ** 31, 2 ** 32, -(2 ** 31), 0.1, 1 / 3, 1e-7, 123456.789, 2147483647, -2147483648, -2147483647, -2147483646, -2147483645, Math.fround(0.1), 1e22,
];
const number = fc.oneof(fc.constantFrom(...hostile), fc.double(), fc.integer(), fc.float());

/** Columns as writers make them, and columns that nobody would write. */
const column = (length: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.constant(Array.from({ length }, () => NaN)),
    number.map((x) => Array.from({ length }, () => x)),
    fc.tuple(fc.integer(), fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(1, 100, 1000, 2 ** 22)).map(([start, by, scale]) =>
      Array.from({ length }, (_, i) => (start + i * by) / scale)),
    fc.tuple(fc.integer({ min: 1e9, max: 2e9 }), fc.nat()).map(([start, seed]) =>
      Array.from({ length }, (_, i) => start + i * 0.5 + ((i * 7919 + seed) % 1000) / 1e6)),
    fc.array(fc.integer({ min: -50_000, max: 50_000 }).map((n) => n / 1e4), { minLength: length, maxLength: length }),
    fc.array(fc.float(), { minLength: length, maxLength: length }),
    fc.array(number, { minLength: length, maxLength: length }),
  );

const blocks = fc.integer({ min: 1, max: 70 }).chain((length) =>
  fc.record({ step: column(length), epoch: column(length), time: column(length), value: column(length) }));

/** Longer than what a loop takes in one call (slice.ts): regular columns with something odd at one place, also at the seams. */
const longBlocks = fc.record({
  length: fc.constantFrom(512, 513, 514, 1024, 1025, 1500, 4096),
  odd: number,
  seed: fc.nat(),
  seam: fc.integer({ min: -2, max: 2 }),
  runs: fc.constantFrom(1, 7, 511, 512, 513),
}).map(({ length, odd, seed, seam, runs }) => {
  const at = ((seed % 8) * 512 + seam + length) % length;
  const columns = {
    step: Array.from({ length }, (_, i) => i + Math.floor(i / runs)),
    epoch: Array.from({ length }, (_, i) => (seed % 2 === 0 ? NaN : i / 781)),
    time: Array.from({ length }, (_, i) => 1.7e9 + i * 0.5 + Math.fround(((i * 7919 + seed) % 1000) / 1e3)),
    value: Array.from({ length }, (_, i) => (seed % 3 === 0 ? 1 : Math.fround(Math.sin(i + seed)))),
  };
  const names = ['step', 'epoch', 'time', 'value'] as const;
  columns[names[seed % 4]!][at] = odd;
  return columns;
});

function pointsOf(columns: Record<'step' | 'epoch' | 'time' | 'value', number[]>): Points {
  const points = new Points(columns.value.length);
  columns.value.forEach((value, i) => points.push(columns.step[i]!, columns.epoch[i]!, columns.time[i]!, value));
  return points;
}

function roundTrip(points: Points, from = 0): Points {
  const bytes = encodeBlock(points, from, points.length).bytes.slice();
  const back = new Points(points.length - from);
  back.length = decodeBlock(bytes, back, 0);
  return back;
}

function expectSame(back: Points, points: Points, from = 0): void {
  expect(back.length).toBe(points.length - from);
  for (const name of ['step', 'epoch', 'time', 'value'] as const) {
    for (let i = 0; i < back.length; i += 1) {
      if (!Object.is(back[name][i], points[name][from + i])) {
        throw new Error(`${name}[${i}] is ${back[name][i]}, was ${points[name][from + i]}`);
      }
    }
  }
}

function sizeOf(count: number, point: (i: number) => [number, number, number, number]): number {
  const points = new Points(count);
  for (let i = 0; i < count; i += 1) points.push(...point(i));
  expectSame(roundTrip(points), points);
  return encodeBlock(points, 0, count).bytes.length;
}

describe('a block', () => {
  test('gives back every double bit for bit, but for the payload of NaN', () => {
    fc.assert(
      fc.property(blocks, fc.nat({ max: 3 }), (columns, skip) => {
        const points = pointsOf(columns);
        const from = Math.min(skip, points.length - 1);
        expectSame(roundTrip(points, from), points, from);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same where its columns are longer than a loop takes at once', () => {
    fc.assert(
      fc.property(longBlocks, fc.nat({ max: 3 }), (columns, from) => {
        const points = pointsOf(columns);
        expectSame(roundTrip(points, from), points, from);
      }),
      { numRuns: 150 },
    );
  });

  test('epochs divided out of the steps', () => {
    const points = new Points();
    for (let i = 0; i < 4096; i += 1) points.push(i * 3 + (i % 5), (i * 3 + (i % 5)) / 781, NaN, 1);
    expectSame(roundTrip(points), points);
    expect(encodeBlock(points, 0, 4096).bytes.length).toBeLessThan(4096 * 1.1);
  });

  test('what repeats or is missing costs nothing', () => {
    expect(sizeOf(4096, (i) => [i * 50, Math.floor(i / 100), NaN, 0.25])).toBeLessThan(400);
    expect(sizeOf(4096, () => [NaN, NaN, NaN, NaN])).toBeLessThan(100);
  });

  test('float32 and short decimals take four bytes a value, wall times with a millisecond of jitter about two', () => {
    const noise = (i: number) => ((i * 7919) % 10_007) / 10_007;
    expect(sizeOf(4096, (i) => [i, NaN, NaN, Math.fround(noise(i))]) / 4096).toBeLessThan(4.1);
    expect(sizeOf(4096, (i) => [i, NaN, NaN, Math.round(noise(i) * 1e6) / 1e6]) / 4096).toBeLessThan(4.1);
    expect(sizeOf(4096, (i) => [i, NaN, 1.7e9 + i * 0.1 + noise(i) * 1e-3, 1]) / 4096).toBeLessThan(2.1);
  });

  test('a flipped bit or a cut is found, wherever it is', () => {
    const points = new Points();
    for (let i = 0; i < 100; i += 1) points.push(i, NaN, 1.7e9 + i * 1.37, Math.sin(i));
    const bytes = encodeBlock(points, 0, 100).bytes.slice();
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        const broken = bytes.slice();
        broken[bit >> 3]! ^= 1 << (bit & 7);
        expect(() => decodeBlock(broken, new Points(100), 0)).toThrow(StoreDamaged);
      }),
    );
    for (const length of [0, 3, 20, bytes.length - 1]) {
      expect(() => decodeBlock(bytes.subarray(0, length), new Points(100), 0)).toThrow(StoreDamaged);
    }
  });
});

test('numbers of variable length', () => {
  const bytes = new Uint8Array(16);
  for (const n of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53]) {
    const end = putVarint(bytes, 0, n);
    const from = cursor(bytes.subarray(0, end));
    expect(getVarint(from)).toBe(n);
    expect(from.at).toBe(end);
  }
  for (const n of [0, 1, -1, 2 ** 51, -(2 ** 51)]) expect(unzigzag(zigzag(n))).toBe(n);
});
