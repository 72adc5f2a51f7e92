/** What the diagnosis says of a run. Everything is plain JSON: it is stored, shown, and printed by `gapwatch check --json`. */

export type GapState = 'val-below' | 'val-above' | 'none' | 'too-few';
export type VerdictKind = 'expected' | 'bug' | 'data' | 'unclear';

export interface Gap {
  metric: string;
  state: GapState;
  /**
   * Mean of the lag-corrected log ratio ln(train/val), with its confidence interval, over the evals from `since` to `until` (or to the
   * newest); over all evals after burn-in when nothing fired; null with too few evals.
   */
  d: number | null;
  low: number | null;
  high: number | null;
  /** The same mean as rounded per cent by which validation is below (positive) or above (negative) training. */
  percent: number | null;
  /** The gap as it is now: mean over the newest `evals` (at most 8) whose gap is known; null with too few. */
  now?: { d: number; percent: number; evals: number } | null;
  /** Eval (0-based), step and epoch at which the detector fired; null if it did not. */
  firedAt: { eval: number; step: number | null; epoch: number | null } | null;
  evals: number;
  /** Where the deciding window begins, and the last eval above the margin if the gap has gone since; absent or null when nothing fired. */
  since?: { eval: number; step: number | null; epoch: number | null } | null;
  until?: { eval: number; step: number | null; epoch: number | null } | null;
  /** The gap at each eval, for the chart: same length as `evals` unless it was cut down for drawing. `provisional` marks the newest, not yet tested one. */
  curve: {
    step: (number | null)[];
    epoch: (number | null)[];
    time: (number | null)[];
    d: number[];
    low: (number | null)[];
    high: (number | null)[];
    provisional: boolean;
  };
}

export interface Verdict {
  kind: VerdictKind;
  probability: number;
  /** For "unclear": the verdicts that cannot be told apart. */
  between?: VerdictKind[];
  /** The most probable one, also when it is too uncertain to be stated. */
  leading?: VerdictKind;
  /** Probability of each verdict. */
  shares?: Partial<Record<VerdictKind, number>>;
}

export interface Cause {
  /** Id of the catalogue: H1, S1, D1 ... */
  id: string;
  /** Short field name: "dropout". */
  name: string;
  family: string;
  probability: number;
  /** Sentences filled with this run's numbers. */
  evidence: string[];
  against: string[];
  /** The cheapest experiment that would settle it. */
  confirm: string;
  /** Ids of remedies.ts, the most useful first. */
  remedies: string[];
  /** True if the reporting rules allow to name it; otherwise only the family and the first three are shown. */
  named: boolean;
  /** The configuration key that switches it on in this run, if one does. */
  setting?: { key: string; value: unknown };
}

export interface Fault {
  /** Id of the health rule: B1 ... B17. */
  id: string;
  name: string;
  severity: 'critical' | 'warning' | 'info';
  at: { step?: number; epoch?: number; eval?: number; time?: number };
  text: string;
  remedies: string[];
  confidence: number;
}

export interface Diagnosis {
  /** One sentence for the top of the run view, without markup. */
  sentence: string;
  gap: Gap;
  verdict: Verdict | null;
  causes: Cause[];
  faults: Fault[];
  /** Ids of what was checked, and what could not be checked and why. */
  checked: string[];
  notChecked: { id: string; why: string }[];
  /** The gap over runs that differ only in the seed, this one included; null with fewer than three. */
  seeds?: { runs: number; mean: number; deviation: number; reproducible: boolean; text: string } | null;
  /** Shares of the raw gap where a probe or a computable cause allows it, in order: lag, factor, handicap, data, remainder. */
  waterfall: { label: string; d: number }[] | null;
  /** A copyable snippet that logs the probe or settles the first cause in the user's framework. */
  experiment: { title: string; text: string; language: string; code: string } | null;
  /** Whether this is worth a desktop notification by the rules of section 6; the alert policy decides the rest. */
  notify: {
    rule: string;
    severity: 'critical' | 'warning' | 'info';
    title: string;
    body: string;
    step: number | null;
    expected: boolean;
    /** Of a gap: its verdict with the probability of each, and whether the gap has gone again. */
    verdict?: { kind: VerdictKind; shares: Partial<Record<VerdictKind, number>> };
    over?: boolean;
  }[];
}
