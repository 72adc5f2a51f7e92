/** One line of the table that `npm run bench` prints and writes. */
export interface Row {
  what: string;
  ours: string;
  anchor: string;
  /** ours / anchor or anchor / ours, whichever the target speaks of; the median of the pairs. */
  ratio: number | null;
  /** Smallest and largest ratio of the pairs. */
  spread: [number, number] | null;
  target: string;
  /** null: no anchor, or the row only informs. */
  met: boolean | null;
  /** Why it was not measured. */
  skipped?: string;
}

/** Median of a list; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** A row from pairs measured in turn. `ratio` is taken pair by pair, so that a machine whose speed drifts does not matter. */
export function paired(
  what: string,
  pairs: readonly { ours: number; anchor: number }[],
  show: (value: number) => string,
  ratioOf: (pair: { ours: number; anchor: number }) => number,
  target: { text: string; met(ratio: number): boolean },
): Row {
  const ratios = pairs.map(ratioOf);
  const ratio = median(ratios);
  return {
    what,
    ours: show(median(pairs.map(({ ours }) => ours))),
    anchor: show(median(pairs.map(({ anchor }) => anchor))),
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    target: target.text,
    met: target.met(ratio),
  };
}

export function skipped(what: string, why: string, target: string): Row {
  return { what, ours: '', anchor: '', ratio: null, spread: null, target, met: null, skipped: why };
}

export const seconds = (value: number): string => `${value.toFixed(value < 0.1 ? 3 : 2)} s`;
export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
