/** The few statistics that the derived series and rules share. All skip nothing: callers pass finite numbers. */

type Numbers = ArrayLike<number>;

/** `x` limited to [low, high]. */
export function clip(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}

/** 0 below `low`, 1 above `high`, linear between: how clearly a threshold is passed. */
export function ramp(x: number, low: number, high: number): number {
  return clip((x - low) / (high - low), 0, 1);
}

/** Arithmetic mean; NaN when empty. */
export function mean(values: Numbers): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i] as number;
  return sum / values.length;
}

/** Sample variance about the mean (denominator n - 1); NaN with fewer than two values. */
export function variance(values: Numbers): number {
  if (values.length < 2) return NaN;
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += ((values[i] as number) - middle) ** 2;
  return sum / (values.length - 1);
}

/** Value below which the share `q` lies, linear between ranks; NaN when empty. */
export function quantile(values: Numbers, q: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return NaN;
  const rank = q * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (rank - below);
}

/** Middle value; NaN when empty. */
export function median(values: Numbers): number {
  return quantile(values, 0.5);
}

/** Median of the absolute deviations from the median (not scaled to a standard deviation). */
export function medianDeviation(values: Numbers): number {
  const middle = median(values);
  return median(Array.from(values, (value) => Math.abs(value - middle)));
}

export interface Line {
  intercept: number;
  slope: number;
}

/** Least-squares line through (x, y); a flat line when all x are equal; NaN when empty. */
export function fitLine(x: Numbers, y: Numbers): Line {
  const mx = mean(x);
  const my = mean(y);
  let sxy = 0;
  let sxx = 0;
  for (let i = 0; i < x.length; i += 1) {
    const dx = (x[i] as number) - mx;
    sxx += dx * dx;
    sxy += dx * ((y[i] as number) - my);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return { intercept: my - slope * mx, slope };
}

/** Mean of the squared differences of neighbours; NaN with fewer than two values. */
export function meanSquaredStep(values: Numbers): number {
  if (values.length < 2) return NaN;
  let sum = 0;
  for (let i = 1; i < values.length; i += 1) sum += ((values[i] as number) - (values[i - 1] as number)) ** 2;
  return sum / (values.length - 1);
}
