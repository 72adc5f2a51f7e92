/** Whether two stored series hold the same measurement: trackers, tables and consoles of one training repeat each other. Pure. */
import { consoleIds } from '../formats/ids.ts';
import type { Extreme, SeriesRow } from '../store/store.ts';

/** A series with the id of the format that wrote it. */
export interface Measured {
  row: SeriesRow;
  format: string;
}

/** Where a value is looked for: at the place of a point in the order of logging, or at its step or epoch. */
export type By = 'index' | 'step' | 'epoch';

/** Value of a stored series at the place of `point`, null if there is none. */
export type ValueAt = (series: SeriesRow, point: Extreme, by: By) => number | null;

/** `copy`: what was compared agrees and is enough; `other`: a value differs; `unknown`: there is too little in common. */
export type Likeness = 'copy' | 'other' | 'unknown';

/** Half of the last decimal, with room for the rounding of binary numbers. */
const HALF = 0.51;
/** Consoles print two to four decimals; what has fewer was hardly rounded, what has more is compared by its digits. */
const DECIMALS = [2, 4] as const;
/** A series that stays below this is not printed with four decimals (learning rates). */
const SMALL = 1e-3;
/** So many points must agree, unless both have as many: the first value of two seeds may be the same. */
const LEAST = 3;

/**
 * Compares the shorter series with the longer one at its first, lowest, highest and last value: in the order of logging, or, where both
 * count steps (epochs), at the same steps, so that a console that prints every tenth step is known too.
 */
export function likeness(a: Measured, b: Measured, valueAt: ValueAt): Likeness {
  const [long, short] = a.row.count >= b.row.count ? [a, b] : [b, a];
  if (!short.row.first || !short.row.last || !long.row.first) return 'unknown';
  const byIndex = compared(long, short, 'index', valueAt);
  if (byIndex === 'copy') return 'copy';
  const axis = sharedAxis(long.row, short.row);
  const byAxis = axis === null ? 'unknown' : compared(long, short, axis, valueAt);
  return axis === null ? byIndex : byAxis;
}

function sharedAxis(a: SeriesRow, b: SeriesRow): 'step' | 'epoch' | null {
  if (a.hasStep && b.hasStep) return 'step';
  return a.hasEpoch && b.hasEpoch ? 'epoch' : null;
}

function compared(long: Measured, short: Measured, by: By, valueAt: ValueAt): Likeness {
  const { row } = short;
  const printed = consoleIds.has(long.format) || consoleIds.has(short.format);
  const scale = Math.max(Math.abs(row.min?.value ?? 0), Math.abs(row.max?.value ?? 0));
  const relative = printed ? 2e-3 : 2e-6;
  const absolute = printed && scale >= SMALL ? HALF * 10 ** -decimalsOf([long, short]) : 0;
  let missing = false;
  for (const point of [row.first, row.min, row.max, row.last]) {
    if (!point) continue;
    const there = knownValue(long.row, point, by) ?? valueAt(long.row, point, by);
    if (there === null) missing = true;
    else if (!close(there, point.value, relative, absolute)) return 'other';
  }
  if (missing) return 'unknown';
  return row.count >= LEAST || row.count === long.row.count ? 'copy' : 'unknown';
}

/** Decimals that the coarser console prints, as its first, lowest, highest and last value show. */
function decimalsOf(series: readonly Measured[]): number {
  const printed = series.filter(({ format }) => consoleIds.has(format)).map(({ row: { first, min, max, last } }) => {
    const decimals = [first, min, max, last].map((point) => /\.(\d+)$/.exec(String(point?.value ?? ''))?.[1]?.length ?? 0);
    return Math.min(DECIMALS[1], Math.max(...decimals));
  });
  const least = Math.min(...printed);
  return least >= DECIMALS[0] ? least : DECIMALS[1];
}

function knownValue(row: SeriesRow, { index, step, epoch }: Extreme, by: By): number | null {
  const known = [row.first, row.last, row.min, row.max].find((extreme) => {
    if (!extreme) return false;
    return by === 'index' ? extreme.index === index : by === 'step' ? extreme.step === step : extreme.epoch === epoch;
  });
  return known?.value ?? null;
}

/** An event file holds float32, a console prints few digits: a copy agrees within what its writer keeps. */
function close(a: number, b: number, relative: number, absolute: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= Math.max(relative * Math.max(Math.abs(a), Math.abs(b), 1e-12), absolute);
}
