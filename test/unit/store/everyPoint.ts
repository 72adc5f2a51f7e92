/** Series as the tests of curves make them, and what every point drawn would show: the slow and obvious way. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { Points } from '../../../main/service/points.ts';
import type { Curve, ReadRange } from '../../../main/service/store/store.ts';
import { commit, numbers, store } from './places.ts';

type Axis = ReadRange['axis'];

/** A repeatable source of numbers in [0, 1). */
export function random(seed: number): () => number {
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

export const shapes = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 1, max: 14_000 }),
  steps: fc.constantFrom('even', 'uneven'),
  time: fc.constantFrom('jitter', 'pauses', 'missing some', 'goes back'),
  values: fc.constantFrom('float', 'decimal', 'double', 'with holes'),
  restarts: fc.constantFrom(0, 0, 1e-4, 1e-3),
}) as fc.Arbitrary<Shape>;

export function pointsOf({ seed, count, steps, time, values, restarts }: Shape): Points {
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

export function stored(points: Points, near: number, cacheBytes = 1e7) {
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
export function inkOf(points: readonly { x: number; y: number }[], range: { from: number; to: number }, pixels: number): Map<number, [number, number]> {
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
export function check(points: Points, segments: number[], axis: Axis, range: { from: number; to: number }, pixels: number, curve: Curve, slack: number, isDraft: boolean) {
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
