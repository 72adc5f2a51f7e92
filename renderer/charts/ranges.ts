/** Arithmetic of what part of an axis is shown. */

export interface Range {
  from: number;
  to: number;
}

/** Zooms about `at` (factor below 1 zooms in), never beyond `whole`; null when everything is shown again. */
export function zoomed(shown: Range, whole: Range, at: number, factor: number): Range | null {
  const from = at - (at - shown.from) * factor;
  const to = at + (shown.to - at) * factor;
  return clamped({ from, to }, whole);
}

/** Moves the shown part by a share of its width, stopping at the ends of `whole`. */
export function panned(shown: Range, whole: Range, share: number): Range | null {
  const by = (shown.to - shown.from) * share;
  const bounded = Math.max(whole.from - shown.from, Math.min(whole.to - shown.to, by));
  return clamped({ from: shown.from + bounded, to: shown.to + bounded }, whole);
}

/** Cuts a range to `whole`; null if it covers all of it, or if it is empty. */
export function clamped(range: Range, whole: Range): Range | null {
  const from = Math.max(range.from, whole.from);
  const to = Math.min(range.to, whole.to);
  const span = whole.to - whole.from;
  if (!(to > from) || !(span > 0)) return null;
  if (from <= whole.from + span * 1e-9 && to >= whole.to - span * 1e-9) return null;
  // Narrower than this, neighbouring doubles of wall times would collapse.
  const least = span * 1e-7;
  if (to - from >= least) return { from, to };
  const middle = (from + to) / 2;
  return { from: middle - least / 2, to: middle + least / 2 };
}

/** Slides a range so that it ends where the data end now, keeping its width. */
export function following(range: Range, whole: Range): Range {
  const by = whole.to - range.to;
  return by > 0 ? { from: range.from + by, to: range.to + by } : range;
}

/** Smallest range that holds both; either may be null. */
export function union(a: Range | null, b: Range | null): Range | null {
  if (!a || !b) return a ?? b;
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

/**
 * The y range to draw for data between `min` and `max`: padded on a linear axis, to neat bounds on a log axis.
 * Without data, 0 to 1 (linear) or 0.1 to 1 (log).
 */
export function yRange(min: number | null, max: number | null, log: boolean, include: readonly number[] = []): [number, number] {
  const given = [min, max, ...include].filter((y): y is number => y !== null && Number.isFinite(y) && (!log || y > 0));
  if (given.length === 0) return log ? [0.1, 1] : [0, 1];
  const low = Math.min(...given);
  const high = Math.max(...given);
  if (log) {
    const pad = Math.max(1.05, (high / low) ** 0.06);
    return [low / pad, high * pad];
  }
  // Rounding of a constant must not be drawn as noise.
  if (high - low <= 1e-9 * Math.max(Math.abs(high), Math.abs(low))) {
    const around = Math.abs(high) * 0.1 || 1;
    return [low - around, high + around];
  }
  const pad = (high - low) * 0.06;
  // A loss near zero is read against zero: do not let the padding show negative ground.
  const floor = low >= 0 && low - pad < 0 ? 0 : low - pad;
  return [floor, high + pad];
}
