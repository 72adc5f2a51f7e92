/** Faults of made runs (scripts/corpus): by effect, from what a log need not hold, not by the formulas of the rules that are judged. */
import type { MadeRun, Shown } from './fit-runs.ts';

export interface FaultLabel {
  /** Must be found. */
  faults: { id: string }[];
  /** May be found: small runs overfit, level off and wander at the end whatever was done to them, and some are neither one nor the other. */
  allowed: string[];
}

const ALWAYS_ALLOWED = ['B2', 'B3', 'B4', 'B5', 'B10', 'B16'];
const INJECTED: Record<string, string> = { nan: 'B1', frozen: 'B7', slow: 'B9' };
/** Validation loss at the end over its lowest: certainly risen, perhaps risen. */
const ROSE = 1.2;
const PERHAPS_ROSE = 1.02;
/** Loss of the training set, measured like validation, at the end over that at the lowest validation loss. */
const LEARNED = 0.9;
/** Losses below this share of the first are rounding. */
const FLOOR = 1e-3;
/** ln(train / val) over the last evals: certainly below, perhaps below. */
const BELOW = 0.05;
const PERHAPS_BELOW = -0.05;
const LAST = 3;
/** Lowest validation loss over that of the same seed with the usual rate: certainly worse, perhaps worse. */
const WORSE = 2;
const PERHAPS_WORSE = 1.25;
/** Evals that count as early, and validation loss over that of the untrained model. */
const EARLY = 0.1;
const EARLY_HARM = 1.1;

/** Labels of one made run whose log is `shown` so: what a log cannot show need not be found in it. */
export function faultLabel(run: MadeRun, shown: Shown): FaultLabel {
  const faults: { id: string }[] = [];
  const allowed = [...ALWAYS_ALLOWED];
  const injected = INJECTED[String(run.options['fault'] ?? '')];
  if (injected) faults.push({ id: injected });
  const overfit = overfits(run);
  if (overfit === 'certain' && run.kind === 'overfit') faults.push({ id: 'B5' });
  const masked = overfit === 'none' ? 'none' : weaker(overfit, below(run, shown));
  note('B6', masked, faults, allowed);
  note('B8', showsStart(run, shown) ? rateTooHigh(run) : weaker(rateTooHigh(run), 'possible'), faults, allowed);
  if (hardlyLearns(run)) allowed.push('B7', 'B9');
  if (breaks(run)) allowed.push('B1', 'B6', 'B7', 'B8', 'B9');
  return { faults, allowed };
}

type Degree = 'certain' | 'possible' | 'none';

function note(id: string, degree: Degree, faults: { id: string }[], allowed: string[]): void {
  if (degree === 'certain') faults.push({ id });
  if (degree === 'possible') allowed.push(id);
}

function weaker(a: Degree, b: Degree): Degree {
  if (a === 'none' || b === 'none') return 'none';
  return a === 'certain' && b === 'certain' ? 'certain' : 'possible';
}

/** Validation has risen above its lowest while the training set, measured like validation, has come down since. */
function overfits(run: MadeRun): Degree {
  const floor = FLOOR * Math.max(run.v0, run.evals[0]?.[3] ?? 0);
  const val = smoothed(run.evals.map((row) => Math.max(finiteOr(row[3], Infinity), floor)));
  const clean = smoothed(run.evals.map((row) => finiteOr(row[5], Infinity)));
  const at = val.indexOf(Math.min(...val));
  const rise = (val.at(-1) as number) / (val[at] as number);
  const learned = (clean.at(-1) as number) / (clean[at] as number);
  if (!(Math.max(...run.evals.slice(-LAST).map((row) => row[3])) > PERHAPS_ROSE * (val[at] as number))) return breaks(run) ? 'possible' : 'none';
  return rise > ROSE && learned < LEARNED ? 'certain' : 'possible';
}

/** Validation is below training over the last evals, by the exact means. */
function below(run: MadeRun, { style }: Shown): Degree {
  const last = run.evals.slice(-LAST - 1);
  const floor = FLOOR * Math.max(run.evals[0]?.[1] ?? 0, run.evals[0]?.[3] ?? 0);
  // nanoGPT's console shows the training set measured like validation.
  const train = (row: MadeRun['evals'][number] | undefined): number => Math.max(style === 'nanogpt-console' ? (row?.[5] ?? NaN) : (row?.[1] ?? NaN), floor);
  const gaps = last.slice(0, -1).map((row, i) => Math.log(Math.sqrt(train(row) * train(last[i + 1])) / Math.max(row[3], floor)));
  if (gaps.every((d) => d > BELOW)) return 'certain';
  return gaps.some((d) => d > PERHAPS_BELOW) ? 'possible' : 'none';
}

/** True when the log shows the loss before the first updates: from the first step on, or by V0 or the number of classes. */
function showsStart({ K }: MadeRun, { style, initial, config, sizes }: Shown): boolean {
  const byEpoch = style === 'keras-csv' || style === 'timm';
  const stepwise = style === 'lightning-csv' || style === 'tensorboard' || style === 'jsonl';
  return stepwise || (initial && !byEpoch) || (K !== null && config && sizes);
}

/** The same seed does much better with the usual rate, and the harm is done early: at the first evals validation is worse than before training. */
function rateTooHigh(run: MadeRun): Degree {
  const twin = run.oracle?.twinVal;
  if (!twin) return run.options['fault'] === 'diverge' ? 'possible' : 'none';
  const lowest = (losses: readonly number[]): number => losses.reduce((low, loss) => (loss < low ? loss : low), Infinity);
  const own = run.evals.map((row) => finiteOr(row[3], Infinity));
  const early = own.slice(0, Math.max(2, Math.ceil(EARLY * own.length))).filter((loss) => loss > EARLY_HARM * run.v0).length;
  const ratio = lowest(own) / lowest(twin);
  // A loss that is no number any more is what must be found there (B1).
  if (ratio > WORSE && early >= 2 && !breaks(run)) return 'certain';
  return ratio > PERHAPS_WORSE || early > 0 || run.options['lr_falls'] !== undefined ? 'possible' : 'none';
}

/** True when the last train loss is still about that of guessing, or of the first eval: whatever was done to the run, it may be said. */
function hardlyLearns({ evals, K }: MadeRun): boolean {
  return (evals.at(-1)?.[1] ?? 0) > 0.9 * (K !== null ? Math.log(K) : (evals[0]?.[1] ?? Infinity));
}

function breaks({ evals }: MadeRun): boolean {
  return evals.some((row) => !Number.isFinite(row[1]) || !Number.isFinite(row[3]));
}

/** Means of the last three values: one lucky eval is not the lowest. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => mean(values.slice(Math.max(0, i - LAST + 1), i + 1)));
}

/** Infinities and NaN of a made run are read as null. */
function finiteOr(value: number | null, other: number): number {
  return value !== null && Number.isFinite(value) ? value : other;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
