import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import type { Curve, ReadRange } from '../../../main/service/store/store.ts';
import { commit, numbers, store } from './places.ts';

type Axis = ReadRange['axis'];

/** A repeatable source of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Shape {
  seed: number;
  count: number;
  /** even: equal steps; uneven: random gaps, and sometimes a long pause. */
  steps: 'even' | 'uneven';
  time: 'jitter' | 'pauses' | 'missing some' | 'goes back';
  values: 'float' | 'decimal' | 'double' | 'with holes';
  /** Chance that the step goes back at a point. */
  restarts: number;
}

const shapes = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 1, max: 14_000 }),
  steps: fc.constantFrom('even', 'uneven'),
  time: fc.constantFrom('jitter', 'pauses', 'missing some', 'goes back'),
  values: fc.constantFrom('float', 'decimal', 'double', 'with holes'),
  restarts: fc.constantFrom(0, 0, 1e-4, 1e-3),
}) as fc.Arbitrary<Shape>;

function pointsOf({ seed, count, steps, time, values, restarts }: Shape): Points {
  const next = random(seed);
  const points = new Points(count);
  let [step, at] = [0, 1.7e9];
  for (let i = 0; i < count; i += 1) {
    if (next() < restarts) step = Math.floor(step / 2);
    step += steps === 'even' ? 10 : 1 + Math.floor(next() * 20) * (next() < 0.001 ? 1000 : 1);
    at += time === 'pauses' && next() < 0.002 ? 500 : time === 'goes back' && next() < 0.05 ? -2 : 0.5 + next() * 0.01;
    const wall = time === 'missing some' && next() < 0.1 ? NaN : at;
    points.push(step, step / 1000, wall, valueOf(values, next));
  }
  return points;
}

function valueOf(kind: Shape['values'], next: () => number): number {
  const value = next() < 0.001 ? next() * 100 - 50 : next();
  if (kind === 'with holes' && next() < 0.002) return [NaN, Infinity, -Infinity][Math.floor(next() * 3)]!;
  return kind === 'float' ? Math.fround(value) : kind === 'decimal' ? Math.round(value * 1e4) / 1e4 : value;
}

function stored(points: Points, near: number, cacheBytes = 1e7) {
  const kept = store(undefined, { near, cacheBytes });
  const source = kept.addSource(kept.addRoot('/runs'), 'log', 'x');
  kept.commit([
    commit(source.id, 1, (b) => {
      const into = b.columns(b.series('loss'));
      for (let i = 0; i < points.length; i += 1) into.push(points.step[i]!, points.epoch[i]!, points.time[i]!, points.value[i]!);
    }),
  ]);
  const row = kept.series(source.id)[0]!;
  return { kept, row };
}

/** The segments of x and y of what is stored, in order of x, without points that lack the axis. */
function wanted(points: Points, segments: number[], axis: Axis, range: { from: number; to: number }): { x: number; y: number }[][] {
  return segments.map((start, s) => {
    const all = [];
    for (let i = start; i < (segments[s + 1] ?? points.length); i += 1) {
      const x = axis === 'index' ? i : points[axis][i]!;
      if (x >= range.from && x <= range.to) all.push({ x, y: points.value[i]! });
    }
    return all.sort((a, b) => a.x - b.x);
  }).filter((segment) => segment.length > 0);
}

function drawnSegments(curve: Curve): { x: number; y: number }[][] {
  return curve.segments.map((start, s) => {
    const end = curve.segments[s + 1] ?? curve.x.length;
    return numbers(curve.x.subarray(start, end)).map((x, i) => ({ x, y: curve.y[start + i]! }));
  });
}

/** As a chart rounds the places of points: whole pixels, from its left edge on. */
function columnOf(x: number, { from, to }: { from: number; to: number }, pixels: number): number {
  return Math.min(pixels, Math.max(0, Math.floor(((x - from) / (to - from)) * pixels + 0.5)));
}

function isOnEdge(x: number, { from, to }: { from: number; to: number }, pixels: number): boolean {
  const place = ((x - from) / (to - from)) * pixels + 0.5;
  return Math.abs(place - Math.round(place)) < 1e-9;
}

/** What a line through the points inks in each column, with the halves of the lines to its neighbours; breaks are left out by the caller. */
function inkOf(points: readonly { x: number; y: number }[], range: { from: number; to: number }, pixels: number): Map<number, [number, number]> {
  const ink = new Map<number, [number, number]>();
  const put = (column: number, y: number) => {
    const [low, high] = ink.get(column) ?? [Infinity, -Infinity];
    ink.set(column, [Math.min(low, y), Math.max(high, y)]);
  };
  points.forEach(({ x, y }, i) => {
    const column = columnOf(x, range, pixels);
    put(column, y);
    const before = points[i - 1];
    const from = before ? columnOf(before.x, range, pixels) : column;
    if (!before || from === column) return;
    for (let at = from + 0.5; at < column; at += 1) {
      const between = before.y + ((y - before.y) * (at - from)) / (column - from);
      put(at - 0.5, between);
      put(at + 0.5, between);
    }
  });
  return ink;
}

/**
 * Checks a curve against all points, by brute force. `slack` in x: 0 if x is exact; where the edges of columns may be off, what lies
 * just beside an edge counts for the next column. A draft
 * shows the extremes alone.
 */
function check(points: Points, segments: number[], axis: Axis, range: { from: number; to: number }, pixels: number, curve: Curve, slack: number, isDraft: boolean) {
  const want = wanted(points, segments, axis, range);
  const got = drawnSegments(curve);
  expect(got.length).toBe(want.length);
  expect(curve.points).toBe(want.flat().length);
  expect(curve.nonFinite.length).toBe(Math.min(1000, want.flat().filter(({ y }) => !Number.isFinite(y)).length));
  expect(curve.x.length).toBeLessThanOrEqual(Math.max(curve.points, 5 * (pixels + 1) * want.length) + want.length);
  const width = (range.to - range.from) / pixels;
  want.forEach((segment, s) => {
    const drawn = got[s]!;
    for (let i = 1; i < drawn.length; i += 1) if (drawn[i]!.x < drawn[i - 1]!.x) throw new Error('x is not ascending');
    const columns = new Map<number, { min: number; max: number }>();
    for (const { x, y } of segment) {
      if (!Number.isFinite(y)) continue;
      const column = columnOf(x, range, pixels);
      const known = columns.get(column) ?? { min: Infinity, max: -Infinity };
      columns.set(column, { min: Math.min(known.min, y), max: Math.max(known.max, y) });
    }
    let first = 0;
    for (const [column, { min, max }] of columns) {
      // A point on the edge of a column belongs to either, as the last bit of the division has it.
      const edge = width * 1e-9 + Math.max(Math.abs(range.from), Math.abs(range.to)) * Number.EPSILON;
      const low = range.from + (column - 0.5) * width - slack - edge;
      const high = low + width + 2 * (slack + edge);
      while (first < drawn.length && drawn[first]!.x < low) first += 1;
      let [least, greatest] = [Infinity, -Infinity];
      for (let i = first; i < drawn.length && drawn[i]!.x <= high; i += 1) {
        least = Math.min(least, Number.isNaN(drawn[i]!.y) ? Infinity : drawn[i]!.y);
        greatest = Math.max(greatest, Number.isNaN(drawn[i]!.y) ? -Infinity : drawn[i]!.y);
      }
      if (least > min || greatest < max) throw new Error(`column ${column} lost an extreme`);
    }
    const holes = segment.filter(({ y }) => !Number.isFinite(y)).map(({ x }) => columnOf(x, range, pixels));
    const breaks = new Set(drawn.filter(({ y }) => Number.isNaN(y)).flatMap(({ x }) => [-1, 0, 1].map((by) => columnOf(x, range, pixels) + by)));
    for (const column of holes) if (!breaks.has(column)) throw new Error(`the line goes on over what is not finite in column ${column}`);
    if (slack > 0) return;
    // Where the line is broken it is told apart above; a point on the very edge of a column may be in either.
    if (!isDraft && segment.every(({ y }) => Number.isFinite(y)) && !segment.some(({ x }) => isOnEdge(x, range, pixels))) expect(inkOf(drawn.filter(({ y }) => Number.isFinite(y)), range, pixels)).toEqual(inkOf(segment, range, pixels));
    const pairs = new Set(segment.map(({ x, y }) => `${x} ${y}`));
    for (const { x, y } of drawn) if (Number.isFinite(y) && !pairs.has(`${x} ${y}`)) throw new Error(`(${x}, ${y}) was never logged`);
    if (curve.exact) expect(drawn.filter(({ y }) => Number.isFinite(y))).toEqual(segment.filter(({ y }) => Number.isFinite(y)));
  });
}

describe('curve', () => {
  test.each(['step', 'epoch', 'time', 'index'] as const)('by %s: no extreme is lost and nothing is invented at any zoom', (axis) => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 1e9), fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (shape, pixels, near, a, b, draft) => {
        const points = pointsOf(shape);
        const { kept, row } = stored(points, near);
        const xs = axis === 'index' ? [0, points.length - 1] : numbers(points[axis], points.length).filter((x) => !Number.isNaN(x));
        if (xs.length === 0) return;
        const [low, high] = [xs.reduce((m, x) => Math.min(m, x)), xs.reduce((m, x) => Math.max(m, x))];
        const range = { from: low + (high - low) * Math.min(a, b), to: low + (high - low) * Math.max(a, b) };
        if (range.from === range.to) return;
        const curve = kept.curve(row.id, { axis, pixels, draft, ...range });
        const isTrue = near > 0 || curve.exact || axis === 'index' || (axis === 'step' && shape.steps === 'even');
        check(points, row.segments, axis, range, pixels, curve, isTrue ? 0 : ((range.to - range.from) / pixels) * (1 + 1 / 16), draft && near === 0);
        kept.close();
      }),
      { numRuns: Number(process.env['GAPWATCH_CURVES'] ?? 25) },
    );
  }, 60_000);

  test('spikes at the very borders of pixel columns stick out of them as far as they do in the line of all points', () => {
    const count = 50_000;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 60 }), fc.constantFrom(0, 1, 40), (seed, pixels, level) => {
        const next = random(seed);
        const points = new Points(count);
        // Noise about a level that may change more from column to column than the noise is wide.
        for (let i = 0; i < count; i += 1) points.push(i, NaN, NaN, Math.fround(next() + level * Math.sin(i / 3000)));
        for (let column = 0; column < pixels; column += 1) {
          const border = Math.ceil(((column + 0.5) * (count - 1)) / pixels);
          const at = border - 1 + Math.floor(next() * 2) + (next() < 0.3 ? Math.floor(next() * 40 - 20) : 0);
          if (at < count) points.value[at] = Math.fround((next() - 0.5) * 50);
        }
        const { kept, row } = stored(points, 0);
        const curve = kept.curve(row.id, { axis: 'step', pixels });
        const all = numbers(points.step, count).map((x, i) => ({ x, y: points.value[i]! }));
        const range = { from: 0, to: count - 1 };
        expect(inkOf(numbers(curve.x).map((x, i) => ({ x, y: curve.y[i]! })), range, pixels)).toEqual(inkOf(all, range, pixels));
        kept.close();
      }),
      { numRuns: Number(process.env['GAPWATCH_CURVES'] ?? 25) },
    );
  }, 60_000);

  const few = pointsOf({ seed: 1, count: 10, steps: 'even', time: 'jitter', values: 'float', restarts: 0 });

  test('all points where they are few, each in its place', () => {
    const { kept, row } = stored(few, 1e9);
    const curve = kept.curve(row.id, { axis: 'step', pixels: 100 });
    expect(curve).toMatchObject({ exact: true, points: 10, segments: [0], nonFinite: [] });
    expect(numbers(curve.x)).toEqual(numbers(few.step, 10));
    expect(numbers(curve.y)).toEqual(numbers(few.value, 10));
    expect(kept.curve(row.id, { axis: 'step', from: 25, to: 25.5, pixels: 100 })).toMatchObject({ points: 0, segments: [] });
  });

  test.each([0, 1e9])('with its neighbours the line runs to the edges (near %d)', (near) => {
    const long = pointsOf({ seed: 1, count: 9000, steps: 'even', time: 'jitter', values: 'float', restarts: 0 });
    const { kept, row } = stored(long, near);
    for (const [from, to] of [[25, 55], [25, 25.5], [1005, 80_005]] as const) {
      const curve = kept.curve(row.id, { axis: 'step', from, to, pixels: 20, around: true });
      expect([curve.x[0], curve.x.at(-1)]).toEqual([Math.floor(from / 10) * 10, Math.ceil(to / 10) * 10]);
      expect([curve.y[0], curve.y.at(-1)]).toEqual([curve.x[0], curve.x.at(-1)].map((x) => long.value[x! / 10 - 1]));
      expect(curve.points).toBe(Math.floor(to / 10) - Math.floor(from / 10));
    }
  });

  test.each([0, 1e9])('a run that went to NaN is a break, listed up to a limit (near %d)', (near) => {
    const points = new Points();
    for (let i = 0; i < 20_000; i += 1) points.push(i, NaN, NaN, i < 5000 ? 1 : i === 5000 ? Infinity : NaN);
    const { kept, row } = stored(points, near);
    const curve = kept.curve(row.id, { axis: 'step', pixels: 50 });
    expect(curve.nonFinite.length).toBe(1000);
    expect(curve.nonFinite.slice(0, 2)).toEqual([{ x: 5000, value: 'Infinity' }, { x: 5001, value: 'NaN' }]);
    expect(curve.y.every((y, i) => (curve.x[i]! < 5000 ? y === 1 : Number.isNaN(y)))).toBe(true);
    expect(kept.curve(row.id, { axis: 'time', pixels: 50 })).toMatchObject({ points: 0, exact: true, segments: [] });
  });

  test('a cache of a few kilobytes gives the same curve', () => {
    const long = pointsOf({ seed: 7, count: 20_000, steps: 'uneven', time: 'pauses', values: 'decimal', restarts: 0 });
    const large = stored(long, 0);
    const small = stored(long, 0, 5000);
    for (const axis of ['step', 'time', 'epoch'] as const) {
      expect(small.kept.curve(small.row.id, { axis, pixels: 100 })).toEqual(large.kept.curve(large.row.id, { axis, pixels: 100 }));
    }
  });
});
