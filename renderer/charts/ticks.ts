/** Where an axis is labelled and what the labels say. */
import type { Axis } from '../../preload/contract.ts';
import { count, shortCount, tick } from '../format/numbers.ts';
import { axisTime, elapsed } from '../format/times.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];

/** Distance between labels so that at most `most` fit into `span`: 1, 2 or 5 times a power of ten, or a round time. */
export function stepFor(span: number, most: number, axis: Axis | 'y'): number {
  const least = span / Math.max(1, most);
  if (axis === 'elapsed' || axis === 'wall') {
    const round = TIME_STEPS.find((step) => step >= least);
    if (round !== undefined && least >= 1) return round;
    if (least >= 1) return Math.ceil(least / (28 * DAY)) * 28 * DAY;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  return axis === 'step' ? Math.max(1, step) : step;
}

/** How many labels of the y axis have room in a height in CSS pixels: lines of text with as much again between them. */
export function mostLabels(height: number): number {
  return Math.max(2, Math.floor(height / 30));
}

/** Places of labels between `from` and `to`. Wall times are aligned to the local clock. */
export function places(from: number, to: number, most: number, axis: Axis | 'y'): number[] {
  if (!(to > from)) return [];
  const step = stepFor(to - from, most, axis);
  const offset = axis === 'wall' ? new Date(from * 1000).getTimezoneOffset() * MINUTE : 0;
  const first = Math.ceil((from - offset) / step - 1e-9);
  const last = Math.floor((to - offset) / step + 1e-9);
  const out: number[] = [];
  for (let i = first; i <= last; i++) out.push(Number((i * step + offset).toPrecision(12)));
  return out;
}

/** Places on a log axis: powers of ten, with 2 and 5 between where there is room, and linear places inside less than a decade. */
export function logPlaces(from: number, to: number, most: number): number[] {
  const decades = Math.log10(to / from);
  if (decades < 0.8) return places(from, to, most, 'y');
  const factors = decades * 3 <= most * 1.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((decades * factors.length) / (most * 1.5)));
  const out: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power += every) {
    for (const factor of factors) {
      const at = factor * 10 ** power;
      if (at >= from && at <= to) out.push(Number(at.toPrecision(1)));
    }
  }
  return out;
}

/** Label of a place on the x axis whose labels stand `step` apart. */
export function xLabel(at: number, axis: Axis, step: number): string {
  if (axis === 'step') return shortStep(at, step);
  if (axis === 'elapsed') return elapsed(at);
  if (axis === 'wall') return axisTime(at * 1000, step * 1000);
  return tick(at);
}

function shortStep(at: number, step: number): string {
  return Math.abs(at) >= 1e6 && step >= 1000 ? shortCount(at) : count(at);
}

/** A place on the x axis in words, for the cursor: "step 18,240", "epoch 5.2". */
export function xWords(at: number, axis: Axis): string {
  return axis === 'step' || axis === 'epoch' ? `${axis} ${xValue(at, axis)}` : xValue(at, axis);
}

/** The same without the word, for a column that says it. */
export function xValue(at: number, axis: Axis): string {
  if (axis === 'step') return count(Math.round(at));
  if (axis === 'epoch') return String(Number(at.toPrecision(4)));
  if (axis === 'elapsed') return elapsed(at);
  return axisTime(at * 1000, 1000);
}
