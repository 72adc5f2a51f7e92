/**
 * Smoothing that does not lag: a local straight line is fitted around every point with a centred, bell-shaped (tricube) kernel.
 * A plain centred mean would still lag at the newest end of a falling curve, where only one side has points; the line does not.
 */
import type { Curve } from './columns.ts';

/** Shares of the shown range that a smoothing level covers; level 0 is off. */
const SHARES = [0, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128];

/** Highest smoothing level. */
export const LEVELS = SHARES.length - 1;

/** Full width of the kernel in units of x for a level and the run's whole extent: a round number (1, 2 or 5 times a power of ten). */
export function widthOf(level: number, extent: number): number {
  const share = SHARES[Math.max(0, Math.min(LEVELS, Math.round(level)))] ?? 0;
  if (share === 0 || !(extent > 0)) return 0;
  return roundNumber(extent * share);
}

/** The nearest of 1, 2, 5 times a power of ten, on a log scale. */
export function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = value / power;
  const round = lead < 1.5 ? 1 : lead < 3.2 ? 2 : lead < 7.1 ? 5 : 10;
  return Number((round * power).toPrecision(1));
}

/**
 * Smooths y over x with the kernel's full width in units of x. NaN splits: nothing is smoothed across a break.
 * Where the window holds fewer than three points the raw value stays. Returns a new array; at most about 600 places are
 * computed and the rest is interpolated, so that cost does not grow with the square of the points.
 */
export function smooth(curve: Curve, width: number): Float64Array {
  const { x, y } = curve;
  const out = Float64Array.from(y);
  if (!(width > 0)) return out;
  let from = 0;
  while (from < y.length) {
    while (from < y.length && !Number.isFinite(y[from])) from++;
    let to = from;
    while (to < y.length && Number.isFinite(y[to])) to++;
    if (to - from > 2) smoothPart(x, y, out, from, to, width / 2);
    from = to;
  }
  return out;
}

function smoothPart(x: ArrayLike<number>, y: ArrayLike<number>, out: Float64Array, from: number, to: number, half: number): void {
  const stride = Math.max(1, Math.floor((to - from) / 600));
  let low = from;
  let high = from;
  let before = -1;
  for (let i = from; i < to; i = i === to - 1 ? to : Math.min(i + stride, to - 1)) {
    const at = x[i] as number;
    while ((x[low] as number) < at - half) low++;
    while (high < to && (x[high] as number) <= at + half) high++;
    out[i] = localLine(x, y, low, high, at, half) ?? (y[i] as number);
    if (before >= 0 && i - before > 1) interpolate(x, out, before, i);
    before = i;
  }
}

/** Value at `at` of the straight line fitted to the points [low, high) with tricube weights; null with fewer than three points. */
function localLine(x: ArrayLike<number>, y: ArrayLike<number>, low: number, high: number, at: number, half: number): number | null {
  if (high - low < 3) return null;
  let sw = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let i = low; i < high; i++) {
    const dx = (x[i] as number) - at;
    const u = Math.min(1, Math.abs(dx) / half);
    const kernel = 1 - u * u * u;
    const weight = kernel * kernel * kernel + 1e-6;
    const value = y[i] as number;
    sw += weight;
    sx += weight * dx;
    sy += weight * value;
    sxx += weight * dx * dx;
    sxy += weight * dx * value;
  }
  const determinant = sw * sxx - sx * sx;
  if (determinant <= 1e-12 * sw * sxx) return sy / sw;
  return (sxx * sy - sx * sxy) / determinant;
}

function interpolate(x: ArrayLike<number>, out: Float64Array, from: number, to: number): void {
  const x0 = x[from] as number;
  const span = (x[to] as number) - x0;
  const y0 = out[from] as number;
  const rise = (out[to] as number) - y0;
  for (let i = from + 1; i < to; i++) out[i] = span > 0 ? y0 + (rise * ((x[i] as number) - x0)) / span : y0;
}
