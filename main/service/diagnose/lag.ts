/**
 * Lag correction (reference section 2): a mean over the interval before an eval describes the model half an interval earlier.
 * The corrected train loss is the geometric midpoint of the means before and after the eval, which costs one eval of delay.
 */
import type { View } from './view.ts';

/** Losses below this share of the first ones count as this much. */
const FLOOR_SHARE = 1e-3;

export interface Lagged {
  /** Floor f below which losses count as f; 0 for signed losses. */
  floor: number;
  /** Train loss as paired, and lag-corrected; NaN where it cannot be known (yet). */
  raw: Float64Array;
  corrected: Float64Array;
  /** Eval at whose arrival `corrected[i]` was known; -1 if it is not known yet. */
  knownAt: Int32Array;
  /** Guess for the newest eval, never tested; NaN if there is none. */
  provisional: number;
}

/** Smallest loss that is told from zero: 1e-3 of the larger first loss. */
export function lossFloor(view: View): number {
  if (view.signed) return 0;
  const { train, val } = view.evals;
  const first = (values: Float64Array): number => values.find((value) => Number.isFinite(value)) ?? 0;
  return FLOOR_SHARE * Math.max(first(train), first(val), 1e-12);
}

/** Train loss at each eval, lag-corrected. An evaluated train loss needs no correction. */
export function correctLag(view: View): Lagged {
  const floor = lossFloor(view);
  const { train, count } = view.evals;
  const raw = view.signed ? train : train.map((value) => (value < floor ? floor : value));
  const corrected = new Float64Array(count).fill(NaN);
  const knownAt = new Int32Array(count).fill(-1);
  const result = { floor, raw, corrected, knownAt, provisional: NaN };
  if (view.trainMeaning === 'evaluation') {
    corrected.set(raw);
    for (let i = 0; i < count; i += 1) knownAt[i] = i;
    return result;
  }
  const known = neighbours(view, raw);
  for (let i = 0; i < count; i += 1) correctOne(view, result, known, i);
  const last = count - 1;
  if (last > 0) result.provisional = provisional(raw[last] as number, raw[last - 1] as number, view.signed);
  return result;
}

function correctOne(view: View, { raw, corrected, knownAt }: Lagged, known: Neighbours, i: number): void {
  const before = known.before[i] as number;
  const after = known.from[i + 1] ?? -1;
  if (before < 0 || after < 0) return;
  const share = between(view, before, after, i);
  corrected[i] = mix(raw[before] as number, raw[after] as number, share, view.signed);
  knownAt[i] = after;
}

/** The nearest known loss up to each eval and from it on, on this side of a resume; -1 without one. */
interface Neighbours {
  before: Int32Array;
  from: Int32Array;
}

/** In one pass each way: a train loss that is missing at a hundred thousand evals must not be searched for at each of them. */
function neighbours(view: View, raw: Float64Array): Neighbours {
  const resumes = new Set(view.resumes);
  const before = new Int32Array(raw.length);
  const from = new Int32Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) before[i] = Number.isFinite(raw[i]) ? i : resumes.has(i) ? -1 : (before[i - 1] ?? -1);
  for (let i = raw.length - 1; i >= 0; i -= 1) from[i] = resumes.has(i) ? -1 : Number.isFinite(raw[i]) ? i : (from[i + 1] ?? -1);
  return { before, from };
}

/** How far eval i lies from the middle of the interval of `before` to that of `after`: 0.5 for equal intervals. */
function between(view: View, before: number, after: number, i: number): number {
  const { at } = view.evals;
  const middle = (k: number): number => {
    const end = at[k] as number;
    const start = k > 0 ? (at[k - 1] as number) : end - ((at[1] as number) - end);
    return start < end ? (start + end) / 2 : end - 0.5;
  };
  const from = middle(before);
  const to = middle(after);
  const share = ((at[i] as number) - from) / (to - from);
  return share > 0 && share < 1 ? share : 0.5;
}

function mix(a: number, b: number, share: number, signed: boolean): number {
  return signed ? a + (b - a) * share : Math.exp(Math.log(a) + (Math.log(b) - Math.log(a)) * share);
}

function provisional(last: number, before: number, signed: boolean): number {
  return signed ? last + (last - before) / 2 : last * Math.sqrt(last / before);
}
