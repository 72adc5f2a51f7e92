/**
 * What is kept of a series as its points arrive: first, last, least and greatest finite point, segments, and how regular its axes are.
 * The numbers live in one array of doubles, which is stored as it is.
 */
import type { Points } from '../points.ts';
import { SLICE } from './slice.ts';
import type { Extreme } from './store.ts';

export const FIRST = 0;
export const LAST = 5;
export const MIN = 10;
export const MAX = 15;
const PREVIOUS_STEP = 20;
const PREVIOUS_EPOCH = 21;
const PREVIOUS_TIME = 22;
const FLAGS = 23;
/** How many numbers the marks are. */
export const MARKS = 24;

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
  return flagsAt(summary.marks, 0);
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

/** Takes stretch by stretch: points of one segment, no more than a slice of them. */
function takeAxes(summary: Summary, points: Points, restarts: readonly number[]): void {
  const { step, epoch, time, length } = points;
  const { marks, segments } = summary;
  let flags = flagsOf(summary);
  let due = (flags & RESTART_DUE) !== 0 || summary.count === 0;
  let nextRestart = 0;
  for (let at = 0; at < length; ) {
    for (; nextRestart < restarts.length && restarts[nextRestart]! <= at; nextRestart += 1) due = true;
    const s = step[at]!;
    const goesBack = s - s === 0 ? s < marks[PREVIOUS_STEP]! : epoch[at]! < marks[PREVIOUS_EPOCH]! && marks[PREVIOUS_STEP] === -Infinity;
    if ((due || goesBack) && segments.length < MOST_SEGMENTS) {
      segments.push(summary.count + at);
      marks.fill(-Infinity, PREVIOUS_STEP, PREVIOUS_TIME + 1);
    }
    due = false;
    const to = endOfStretch(step, epoch, at, Math.min(at + SLICE, restarts[nextRestart] ?? length, length), marks);
    flags |= takeAxis(step, at, to, marks, PREVIOUS_STEP) | (takeAxis(epoch, at, to, marks, PREVIOUS_EPOCH) << 1) | (takeAxis(time, at, to, marks, PREVIOUS_TIME) << 2);
    at = to;
  }
  due ||= nextRestart < restarts.length;
  marks[FLAGS] = due && summary.count + length > 0 ? flags | RESTART_DUE : flags & ~RESTART_DUE;
}

/** The first place behind `from` where the step goes back, or the epoch where no step is known; `to` if there is none before it. */
function endOfStretch(step: Float64Array, epoch: Float64Array, from: number, to: number, marks: Float64Array): number {
  let s0 = marks[PREVIOUS_STEP]!;
  let e0 = marks[PREVIOUS_EPOCH]!;
  for (let i = from; i < to; i += 1) {
    const s = step[i]!;
    const e = epoch[i]!;
    const hasStep = s - s === 0;
    if (i > from && (hasStep ? s < s0 : e < e0 && s0 === -Infinity)) return i;
    if (hasStep) s0 = s;
    if (e - e === 0) e0 = e;
  }
  return to;
}

/** The flags of the steps for these points of an axis, whose last number so far stands in `marks` and is brought up to date. */
function takeAxis(axis: Float64Array, from: number, to: number, marks: Float64Array, previous: number): number {
  let before = marks[previous]!;
  let flags = 0;
  for (let i = from; i < to; i += 1) {
    const x = axis[i]!;
    if (x - x === 0) {
      flags |= x < before ? HAS_STEP | STEP_GOES_BACK : HAS_STEP;
      before = x;
    } else flags |= LACKS_STEP;
  }
  marks[previous] = before;
  return flags;
}

/** Places of the first, last, least and greatest finite value of a slice, -1 without; and how many are finite. */
const found = new Int32Array(5);

function takeValues(summary: Summary, points: Points): void {
  const { value, length } = points;
  const { marks } = summary;
  for (let at = 0; at < length; at += SLICE) {
    const to = Math.min(at + SLICE, length);
    const none = marks[FIRST]! < 0;
    findEnds(value, at, to, none ? Infinity : marks[MIN + 4]!, none ? -Infinity : marks[MAX + 4]!);
    const [first, last, min, max, finite] = found;
    summary.nonFinite += to - at - finite!;
    if (none && first! >= 0) mark(summary, FIRST, points, first!);
    if (last! >= 0) mark(summary, LAST, points, last!);
    if (min! >= 0) mark(summary, MIN, points, min!);
    if (max! >= 0) mark(summary, MAX, points, max!);
  }
  if (length > 0) noteEnd(summary, value[length - 1]!);
}

/** Fills `found`; the least and the greatest only where they are beyond `min` and `max`. */
function findEnds(value: Float64Array, from: number, to: number, min: number, max: number): void {
  let [first, last, minAt, maxAt] = [-1, -1, -1, -1];
  let finite = 0;
  for (let i = from; i < to; i += 1) {
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
  found[0] = first;
  found[1] = last;
  found[2] = minAt;
  found[3] = maxAt;
  found[4] = finite;
}

/** Notes the value of the last point. */
export function noteEnd(summary: Summary, value: number): void {
  const flag = ENDS.find(([, end]) => Object.is(end, value))?.[0] ?? 0;
  summary.marks[FLAGS] = (flagsOf(summary) & ~ANY_END) | flag;
}

export function lacksEnd({ count, marks }: Summary): boolean {
  return lacksEndAt(marks, 0, count);
}

function mark(summary: Summary, at: number, points: Points, i: number): void {
  summary.marks.set([summary.count + i, points.step[i]!, points.epoch[i]!, points.time[i]!, points.value[i]!], at);
}

/** First, last, least and greatest finite point, null without any; and the last of all, see `SeriesRow`. */
export function extremes({ count, marks }: Summary): Record<'first' | 'last' | 'min' | 'max' | 'end', Extreme | null> {
  return { first: extremeAt(marks, FIRST), last: extremeAt(marks, LAST), min: extremeAt(marks, MIN), max: extremeAt(marks, MAX), end: endAt(marks, 0, count) };
}

/** One of them, of which the first number stands at `at`; null for none. */
export function extremeAt(marks: Float64Array, at: number): Extreme | null {
  if (marks[at]! < 0) return null;
  return { index: marks[at]!, step: axis(marks[at + 1]!), epoch: axis(marks[at + 2]!), time: axis(marks[at + 3]!), value: marks[at + 4]! };
}

function axis(x: number): number | null {
  return Number.isNaN(x) ? null : x;
}

/** What a series of `count` points ends with; its marks begin at `from`. */
export function endAt(marks: Float64Array, from: number, count: number): Extreme | null {
  if (count === 0 || marks[from + LAST] === count - 1) return extremeAt(marks, from + LAST);
  const flags = marks[from + FLAGS]!;
  const value = ENDS.find(([flag]) => (flags & flag) !== 0)?.[1] ?? NaN;
  return { index: count - 1, step: newest(marks[from + PREVIOUS_STEP]!), epoch: newest(marks[from + PREVIOUS_EPOCH]!), time: newest(marks[from + PREVIOUS_TIME]!), value };
}

function newest(x: number): number | null {
  return x === -Infinity ? null : x;
}

/** True for a series that ends with a value that is not finite, written before it was noted which. */
export function lacksEndAt(marks: Float64Array, from: number, count: number): boolean {
  return marks[from + LAST]! < count - 1 && (marks[from + FLAGS]! & ANY_END) === 0;
}

export function flagsAt(marks: Float64Array, from: number): number {
  return marks[from + FLAGS]!;
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
