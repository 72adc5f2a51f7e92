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

/** So many places a kernel's width are computed, and at most so many in all: the straight line between two of them is the curve to the eye. */
const PLACES = 8;
const MOST_PLACES = 600;

/**
 * Smooths y over x with the kernel's full width in units of x. NaN splits: nothing is smoothed across a break.
 * Where the window holds fewer than three points the raw value stays. The new curve has the places that were computed, among them every
 * break and the ends beside it, so that neither computing nor drawing grows with the points.
 */
export function smooth(curve: Curve, width: number): Curve {
  const { x, y } = curve;
  if (!(width > 0)) return curve;
  const xs: number[] = [];
  const ys: number[] = [];
  let from = 0;
  while (from < y.length) {
    let to = from;
    while (to < y.length && Number.isFinite(y[to])) to++;
    smoothPart(curve, from, to, width, (i, value) => {
      xs.push(x[i] as number);
      ys.push(value);
    });
    for (; to < y.length && !Number.isFinite(y[to]); to++) {
      xs.push(x[to] as number);
      ys.push(NaN);
    }
    from = to;
  }
  return { x: Float64Array.from(xs), y: Float64Array.from(ys) };
}

/** Takes the places of the points [from, to), which hold no break. */
function smoothPart({ x, y }: Curve, from: number, to: number, width: number, take: (i: number, value: number) => void): void {
  const last = to - 1;
  const spacing = Math.max(width / PLACES, ((x[x.length - 1] as number) - (x[0] as number)) / MOST_PLACES);
  let low = from;
  let high = from;
  let next = -Infinity;
  for (let i = from; i < to; i++) {
    const at = x[i] as number;
    if (at < next && i !== last) continue;
    next = at + spacing;
    while ((x[low] as number) < at - width / 2) low++;
    while (high < to && (x[high] as number) <= at + width / 2) high++;
    take(i, localLine(x, y, low, high, at, width / 2) ?? (y[i] as number));
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
