/** Runs the detector over the gap, in both directions, as it would have run eval by eval. */
import { createDetector, DEFAULTS, intervalFrom, type Interval } from './detector.ts';
import type { Gap } from './diagnosis.ts';
import type { GapSeries } from './gap.ts';
import { mean } from './statistics.ts';
import type { View } from './view.ts';
import { percentBelow } from './words.ts';

/** Fewer evals than this say nothing. */
export const FEWEST_EVALS = 8;
const LEAST_BURN_IN = 2;
const BURN_IN_SHARE = 0.05;
/** A learning rate that rises for longer than this many evals, or this share of the plan, is no warm-up to wait for. */
const LONGEST_WARMUP = 10;
const WARMUP_SHARE = 0.2;
const EARLY_SHARE = 0.25;
const SETTLED_WINDOW = 8;

export interface Episode {
  /** Index of the eval at whose arrival it fired. */
  fired: number;
  /** First eval of the window that decided, and the last one above the margin if it has gone since (else the newest). */
  from: number;
  to: number;
  firing: boolean;
}

export interface Watched {
  below: Episode | null;
  above: Episode | null;
  /** The gap was there early and went away by itself. */
  transient: boolean;
  /** Only the uncorrected gap is above the margin: averaging lag, and how large it looks (mean raw d); null otherwise. */
  lagOnly: number | null;
  burnIn: number;
  low: (number | null)[];
  high: (number | null)[];
}

/** Evals at the start that no window includes: early transients and the learning-rate warm-up. */
function burnInOf(view: View): number {
  const planned = view.plan.evals === null ? 0 : Math.ceil(BURN_IN_SHARE * view.plan.evals);
  const patience = Math.max(LONGEST_WARMUP, Math.ceil(WARMUP_SHARE * (view.plan.evals ?? 0)));
  return Math.max(LEAST_BURN_IN, planned, Math.min(view.warmupEnd + 1, patience));
}

/** Feeds every known d to a detector in each direction. */
export function watchGap(view: View, gap: GapSeries, delta = DEFAULTS.delta): Watched {
  const burnIn = burnInOf(view);
  const low: (number | null)[] = new Array<number | null>(view.evals.count).fill(null);
  const high: (number | null)[] = new Array<number | null>(view.evals.count).fill(null);
  const below = watchDirection(view, gap, burnIn, delta, 1, (i, interval) => {
    low[i] = interval.low;
    high[i] = interval.high;
  });
  const above = watchDirection(view, gap, burnIn, delta, -1, () => {});
  const lagOnly = below || view.trainMeaning === 'evaluation' ? null : lagAlone(view, gap, burnIn, delta);
  return { below, above, transient: wasTransient(gap, below, delta), lagOnly, burnIn, low, high };
}

/** Reference section C, gate 2: the raw gap fires and the corrected one does not. */
function lagAlone(view: View, gap: GapSeries, burnIn: number, delta: number): number | null {
  const asLogged = { ...gap, d: gap.raw, lag: { ...gap.lag, knownAt: gap.lag.knownAt.map((_, i) => i) } };
  const episode = watchDirection(view, asLogged, burnIn, delta, 1, () => {});
  if (!episode?.firing) return null;
  return mean(Array.from(gap.raw.subarray(episode.from, episode.to + 1)).filter((d) => Number.isFinite(d)));
}

function watchDirection(
  view: View,
  gap: GapSeries,
  burnIn: number,
  delta: number,
  sign: 1 | -1,
  note: (i: number, interval: Interval) => void,
): Episode | null {
  const detector = createDetector({ delta, burnIn, quick: true });
  const resumes = new Set(view.resumes);
  const seen: number[] = [];
  let episode: Episode | null = null;
  for (let i = 0; i < gap.d.length; i += 1) {
    if (resumes.has(i)) {
      detector.restart();
      seen.length = 0;
    }
    const d = gap.d[i] as number;
    if (!Number.isFinite(d)) continue;
    seen.push(i);
    const reading = detector.push(sign * d);
    if (reading.best) note(i, reading.best);
    if (reading.fired && (episode === null || !episode.firing)) {
      const from = seen[reading.best?.start ?? Math.min(burnIn, seen.length - 1)] as number;
      episode ??= { fired: gap.lag.knownAt[i] as number, from, to: i, firing: true };
      episode.firing = true;
    }
    if (episode?.firing) episode.to = i;
    if (episode && reading.cleared) {
      episode.firing = false;
      episode.to = seen.findLast((k) => sign * (gap.d[k] as number) > delta) ?? episode.to;
    }
  }
  return episode;
}

/** Reference section C, gate 4: above the margin only in the first quarter of the evals (the reference says a fifth), and gone since. */
function wasTransient(gap: GapSeries, below: Episode | null, delta: number): boolean {
  if (!below || below.firing) return false;
  const known = Array.from(gap.d.keys()).filter((i) => Number.isFinite(gap.d[i]));
  const settled = mean(known.slice(-SETTLED_WINDOW).map((i) => gap.d[i] as number)) < delta / 2;
  const late = known.slice(Math.ceil(EARLY_SHARE * known.length)).filter((i) => (gap.d[i] as number) > delta);
  return settled && late.length === 0;
}

/** The gap as the user sees it. */
export function gapOf(view: View, series: GapSeries, watched: Watched): Gap {
  const { evals } = view;
  const state =
    evals.count < FEWEST_EVALS ? 'too-few' : watched.below && !watched.transient ? 'val-below' : watched.above ? 'val-above' : 'none';
  const episode = state === 'val-below' ? watched.below : state === 'val-above' ? watched.above : null;
  const window = episodeMean(series, watched, episode);
  const recent = recentMean(series);
  const axisValue = (column: Float64Array, i: number): number | null => (Number.isFinite(column[i]) ? (column[i] as number) : null);
  const at = (i: number): Gap['firedAt'] => ({ eval: i, step: axisValue(evals.step, i), epoch: axisValue(evals.epoch, i) });
  const last = evals.count - 1;
  const isProvisional = last >= 0 && !Number.isFinite(series.d[last]) && Number.isFinite(series.provisional);
  const column = (values: Float64Array): (number | null)[] => Array.from(values, (x) => (Number.isFinite(x) ? x : null));
  return {
    metric: view.metric,
    state,
    ...(evals.count < FEWEST_EVALS ? { d: null, low: null, high: null } : window),
    percent: evals.count < FEWEST_EVALS || window.d === null ? null : Math.round(percentBelow(window.d)),
    now: evals.count < FEWEST_EVALS ? null : recent,
    firedAt: episode ? at(episode.fired) : null,
    since: episode ? at(episode.from) : null,
    until: episode && !episode.firing ? at(episode.to) : null,
    evals: evals.count,
    curve: {
      step: column(evals.step),
      epoch: column(evals.epoch),
      time: column(evals.time),
      d: Array.from(series.d, (x, i) => (i === last && isProvisional ? series.provisional : x)),
      low: watched.low,
      high: watched.high,
      provisional: isProvisional,
    },
  };
}

/** Mean over the newest evals whose gap is known; null without any. */
function recentMean({ d }: GapSeries): NonNullable<Gap['now']> | null {
  const recent = Array.from(d)
    .filter((x) => Number.isFinite(x))
    .slice(-SETTLED_WINDOW);
  if (recent.length === 0) return null;
  const middle = mean(recent);
  return { d: middle, percent: Math.round(percentBelow(middle)), evals: recent.length };
}

function episodeMean(
  series: GapSeries,
  watched: Watched,
  episode: Episode | null,
): { d: number | null; low: number | null; high: number | null } {
  const from = episode ? episode.from : watched.burnIn;
  const to = episode ? episode.to : series.d.length - 1;
  const values: number[] = [];
  for (let i = from; i <= to; i += 1) if (Number.isFinite(series.d[i])) values.push(series.d[i] as number);
  if (values.length < 3) return { d: values.length > 0 ? mean(values) : null, low: null, high: null };
  const interval = intervalFrom(values, 0, DEFAULTS.alpha / 2);
  return { d: interval.mean, low: interval.low, high: interval.high };
}
