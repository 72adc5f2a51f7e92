/**
 * What is kept of a series as its points arrive: first, last, least and greatest finite point, segments, and how regular its axes are.
 * The numbers live in one array of doubles, which is stored as it is.
 */
import type { Points } from '../points.ts';
import type { Extreme } from './store.ts';

export const FIRST = 0;
export const LAST = 5;
export const MIN = 10;
export const MAX = 15;
const PREVIOUS_STEP = 20;
const PREVIOUS_EPOCH = 21;
const PREVIOUS_TIME = 22;
const FLAGS = 23;
const MARKS = 24;
/** Bytes of the marks as they are stored, without their checksum. */
export const MARKS_BYTES = MARKS * 8;

export const HAS_STEP = 1;
export const HAS_EPOCH = 2;
export const HAS_TIME = 4;
/** Some points lack the axis (or have an infinity there). */
export const LACKS_STEP = 8;
export const LACKS_EPOCH = 16;
export const LACKS_TIME = 32;
/** The axis goes back somewhere inside a segment. */
export const STEP_GOES_BACK = 64;
export const EPOCH_GOES_BACK = 128;
export const TIME_GOES_BACK = 256;
/** The writer said that it started again: the next point begins a segment. */
export const RESTART_DUE = 512;
/** Which value the last point has that is not finite. None of them: it is finite, or this was not noted when it was written. */
const ENDS: readonly (readonly [flag: number, value: number])[] = [[1024, NaN], [2048, Infinity], [4096, -Infinity]];
const ANY_END = 1024 | 2048 | 4096;

/** A log that restarts more often than this is drawn as one segment from here on. */
const MOST_SEGMENTS = 1000;

export interface Summary {
  count: number;
  nonFinite: number;
  segments: number[];
  marks: Float64Array;
}

export function emptySummary(): Summary {
  const marks = new Float64Array(MARKS);
  for (const at of [FIRST, LAST, MIN, MAX]) marks[at] = -1;
  marks.fill(-Infinity, PREVIOUS_STEP, PREVIOUS_TIME + 1);
  return { count: 0, nonFinite: 0, segments: [], marks };
}

export function flagsOf(summary: Summary): number {
  return summary.marks[FLAGS]!;
}

export function setFlag(summary: Summary, flag: number): void {
  summary.marks[FLAGS] = flagsOf(summary) | flag;
}

/** Takes in points that follow those so far. `restarts` are indexes into `points`, ascending; one at its end concerns the next point. */
export function take(summary: Summary, points: Points, restarts: readonly number[]): void {
  takeAxes(summary, points, restarts);
  takeValues(summary, points);
  summary.count += points.length;
}

function takeAxes(summary: Summary, points: Points, restarts: readonly number[]): void {
  const { step, epoch, time, length } = points;
  const marks = summary.marks;
  let flags = flagsOf(summary);
  let [s0, e0, t0] = [marks[PREVIOUS_STEP]!, marks[PREVIOUS_EPOCH]!, marks[PREVIOUS_TIME]!];
  let nextRestart = 0;
  let restart = (flags & RESTART_DUE) !== 0 || summary.count === 0;
  for (let i = 0; i < length; i += 1) {
    const s = step[i]!;
    const e = epoch[i]!;
    const t = time[i]!;
    while (nextRestart < restarts.length && restarts[nextRestart]! <= i) {
      nextRestart += 1;
      restart = true;
    }
    const hasStep = s - s === 0;
    if (restart || (hasStep ? s < s0 : e < e0 && s0 === -Infinity)) {
      restart = false;
      if (summary.segments.length < MOST_SEGMENTS) {
        summary.segments.push(summary.count + i);
        s0 = e0 = t0 = -Infinity;
      }
    }
    if (hasStep) {
      flags |= s < s0 ? HAS_STEP | STEP_GOES_BACK : HAS_STEP;
      s0 = s;
    } else flags |= LACKS_STEP;
    if (e - e === 0) {
      flags |= e < e0 ? HAS_EPOCH | EPOCH_GOES_BACK : HAS_EPOCH;
      e0 = e;
    } else flags |= LACKS_EPOCH;
    if (t - t === 0) {
      flags |= t < t0 ? HAS_TIME | TIME_GOES_BACK : HAS_TIME;
      t0 = t;
    } else flags |= LACKS_TIME;
  }
  restart ||= nextRestart < restarts.length;
  marks[PREVIOUS_STEP] = s0;
  marks[PREVIOUS_EPOCH] = e0;
  marks[PREVIOUS_TIME] = t0;
  marks[FLAGS] = restart && summary.count + length > 0 ? flags | RESTART_DUE : flags & ~RESTART_DUE;
}

function takeValues(summary: Summary, points: Points): void {
  const { value, length } = points;
  const marks = summary.marks;
  const none = marks[FIRST]! < 0;
  let min = none ? Infinity : marks[MIN + 4]!;
  let max = none ? -Infinity : marks[MAX + 4]!;
  let [first, last, minAt, maxAt] = [-1, -1, -1, -1];
  let finite = 0;
  for (let i = 0; i < length; i += 1) {
    const y = value[i]!;
    if (y - y !== 0) continue;
    finite += 1;
    if (first < 0) first = i;
    last = i;
    if (y < min) {
      min = y;
      minAt = i;
    }
    if (y > max) {
      max = y;
      maxAt = i;
    }
  }
  summary.nonFinite += length - finite;
  if (none && first >= 0) mark(summary, FIRST, points, first);
  if (last >= 0) mark(summary, LAST, points, last);
  if (minAt >= 0) mark(summary, MIN, points, minAt);
  if (maxAt >= 0) mark(summary, MAX, points, maxAt);
  if (length > 0) noteEnd(summary, value[length - 1]!);
}

/** Notes the value of the last point. */
export function noteEnd(summary: Summary, value: number): void {
  const flag = ENDS.find(([, end]) => Object.is(end, value))?.[0] ?? 0;
  summary.marks[FLAGS] = (flagsOf(summary) & ~ANY_END) | flag;
}

/** True for a series that ends with a value that is not finite, written before it was noted which. */
export function lacksEnd({ count, marks }: Summary): boolean {
  return marks[LAST]! < count - 1 && (marks[FLAGS]! & ANY_END) === 0;
}

function mark(summary: Summary, at: number, points: Points, i: number): void {
  summary.marks.set([summary.count + i, points.step[i]!, points.epoch[i]!, points.time[i]!, points.value[i]!], at);
}

/** First, last, least and greatest finite point, null without any; and the last of all, see `SeriesRow`. */
export function extremes(summary: Summary): Record<'first' | 'last' | 'min' | 'max' | 'end', Extreme | null> {
  const { count, marks } = summary;
  const last = extreme(marks, LAST);
  return { first: extreme(marks, FIRST), last, min: extreme(marks, MIN), max: extreme(marks, MAX), end: endOf(count, last, (at) => marks[at]!) };
}

function endOf(count: number, last: Extreme | null, mark: (at: number) => number): Extreme | null {
  if (count === 0 || last?.index === count - 1) return last;
  const axis = (at: number) => (mark(at) === -Infinity ? null : mark(at));
  const value = ENDS.find(([flag]) => (mark(FLAGS) & flag) !== 0)?.[1] ?? NaN;
  return { index: count - 1, step: axis(PREVIOUS_STEP), epoch: axis(PREVIOUS_EPOCH), time: axis(PREVIOUS_TIME), value };
}

function extreme(marks: Float64Array, at: number): Extreme | null {
  if (marks[at]! < 0) return null;
  const axis = (x: number) => (Number.isNaN(x) ? null : x);
  return { index: marks[at]!, step: axis(marks[at + 1]!), epoch: axis(marks[at + 2]!), time: axis(marks[at + 3]!), value: marks[at + 4]! };
}

/** The same for one of them, and for the flags, of stored marks of which the first byte stands at `from`. */
export function extremeAt(stored: DataView, from: number, which: typeof FIRST | typeof LAST | typeof MIN | typeof MAX): Extreme | null {
  const at = from + which * 8;
  const index = stored.getFloat64(at, true);
  if (index < 0) return null;
  const axis = (x: number) => (Number.isNaN(x) ? null : x);
  return { index, step: axis(stored.getFloat64(at + 8, true)), epoch: axis(stored.getFloat64(at + 16, true)), time: axis(stored.getFloat64(at + 24, true)), value: stored.getFloat64(at + 32, true) };
}

/** What the series ends with, and `lacksEnd`, of stored marks. */
export function endAt(stored: DataView, from: number, count: number): Extreme | null {
  return endOf(count, extremeAt(stored, from, LAST), (at) => stored.getFloat64(from + at * 8, true));
}

export function lacksEndAt(stored: DataView, from: number, count: number): boolean {
  return stored.getFloat64(from + LAST * 8, true) < count - 1 && (flagsAt(stored, from) & ANY_END) === 0;
}

export function flagsAt(stored: DataView, from: number): number {
  return stored.getFloat64(from + FLAGS * 8, true);
}

/** The bytes of `marks` as they are stored, and back. */
export function bytesOfMarks(summary: Summary): Uint8Array {
  return new Uint8Array(summary.marks.buffer, summary.marks.byteOffset, summary.marks.byteLength);
}

export function marksOfBytes(bytes: Uint8Array): Float64Array {
  // Mostly they lie so that no copy is needed.
  const { buffer, byteOffset, length } = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  return new Float64Array(buffer as ArrayBuffer, byteOffset, length / 8);
}
