import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import { HAS_EPOCH, HAS_STEP, HAS_TIME, LACKS_EPOCH, LACKS_STEP, LACKS_TIME, RESTART_DUE, STEP_GOES_BACK, type Summary, emptySummary, extremes, flagsOf, take } from '../../../main/service/store/marks.ts';

type Point = [step: number, epoch: number, time: number, value: number];

interface Batch {
  points: Point[];
  restarts: number[];
}

const GOES_BACK = [STEP_GOES_BACK, STEP_GOES_BACK << 1, STEP_GOES_BACK << 2];
const HAS = [HAS_STEP, HAS_EPOCH, HAS_TIME];
const LACKS = [LACKS_STEP, LACKS_EPOCH, LACKS_TIME];
const MOST_SEGMENTS = 1000;

/** The same, point by point and in plain words. */
function slowly(batches: readonly Batch[]) {
  const last: (number | null)[] = [null, null, null];
  const segments: number[] = [];
  let [flags, count, nonFinite, due] = [0, 0, 0, true];
  const finite: { index: number; point: Point }[] = [];
  let newest = NaN;
  for (const { points, restarts } of batches) {
    points.forEach((point, at) => {
      if (restarts.includes(at)) due = true;
      const [step, epoch] = point;
      const goesBack = Number.isFinite(step) ? last[0] !== null && step < last[0]! : last[0] === null && last[1] !== null && epoch < last[1]!;
      if ((due || goesBack) && segments.length < MOST_SEGMENTS) {
        segments.push(count);
        last.fill(null);
      }
      due = false;
      for (let axis = 0; axis < 3; axis += 1) {
        const x = point[axis]!;
        if (Number.isFinite(x)) {
          flags |= HAS[axis]!;
          if (last[axis] !== null && x < last[axis]!) flags |= GOES_BACK[axis]!;
          last[axis] = x;
        } else flags |= LACKS[axis]!;
      }
      if (Number.isFinite(point[3])) finite.push({ index: count, point });
      else nonFinite += 1;
      newest = point[3];
      count += 1;
    });
    due ||= restarts.some((restart) => restart >= points.length);
  }
  const axis = (x: number) => (Number.isNaN(x) ? null : x);
  const named = (one: { index: number; point: Point } | undefined) => one && { index: one.index, step: axis(one.point[0]), epoch: axis(one.point[1]), time: axis(one.point[2]), value: one.point[3] };
  const by = (better: (a: number, b: number) => boolean) => finite.reduce<(typeof finite)[0] | undefined>((best, one) => (!best || better(one.point[3], best.point[3]) ? one : best), undefined);
  const lastFinite = named(finite.at(-1)) ?? null;
  const end = lastFinite?.index === count - 1 ? lastFinite : { index: count - 1, step: last[0], epoch: last[1], time: last[2], value: newest };
  const ends = { first: named(finite[0]) ?? null, last: lastFinite, end, min: named(by((a, b) => a < b)) ?? null, max: named(by((a, b) => a > b)) ?? null };
  return { flags: due && count > 0 ? flags | RESTART_DUE : flags, count, nonFinite, segments, ends };
}

function quickly(batches: readonly Batch[]) {
  const summary: Summary = emptySummary();
  for (const { points, restarts } of batches) {
    const columns = new Points(points.length);
    for (const point of points) columns.push(...point);
    take(summary, columns, restarts);
  }
  const { count, nonFinite, segments } = summary;
  // What the last value is, the flags beyond say: see `end`.
  return { flags: flagsOf(summary) & (2 * RESTART_DUE - 1), count, nonFinite, segments, ends: extremes(summary) };
}

/** Mostly growing axes, some of which are missing, with steps back, gaps and infinities. */
const batch = fc.record({ length: fc.integer({ min: 1, max: 1400 }), seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }), oddities: fc.constantFrom(0, 0.002, 0.3), absent: fc.integer({ min: 0, max: 7 }) }).map(({ length, seed, oddities, absent }): Batch => {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  let at = Math.floor(random() * 1000);
  const odd = (x: number) => (random() >= oddities ? x : [NaN, x - 500, Infinity, -Infinity, -0][Math.floor(random() * 5)]!);
  const points = Array.from({ length }, (): Point => {
    at += 1;
    return [absent & 1 ? NaN : odd(at), absent & 2 ? NaN : odd(at / 100), absent & 4 ? NaN : odd(1.7e9 + at), odd(Math.round(random() * 1000))];
  });
  const restarts = Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * (length + 1))).sort((a, b) => a - b);
  return { points, restarts };
});

test('segments, flags and extremes are those found point by point, however the points arrive', () => {
  fc.assert(fc.property(fc.array(batch, { minLength: 1, maxLength: 4 }), (batches) => {
    expect(quickly(batches)).toEqual(slowly(batches));
  }), { numRuns: 300 });
});

test('a log that always goes back has no more segments than are kept', () => {
  const points = Array.from({ length: 2500 }, (_, i): Point => [-i, NaN, NaN, i]);
  const batches = [{ points, restarts: [2500] }];
  expect(quickly(batches)).toEqual(slowly(batches));
  expect(quickly(batches).segments).toHaveLength(MOST_SEGMENTS);
});
