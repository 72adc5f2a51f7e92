/**
 * Validation above training: usually an ordinary generalisation gap, sometimes a loss that is scaled or computed differently. Only what
 * learning cannot do may be called a bug: a train loss that is lower before training, or far lower while accuracy is not better.
 */
import type { Case, Cause } from './causes/cause.ts';
import { configuredFactors } from './causes/s1-scaling-factor.ts';
import type { Evidence } from './evidence.ts';
import { scoreCauses, type Scored } from './score.ts';
import { mean } from './statistics.ts';

/** ln(train / val) below which a start counts as scaled: a factor of 1.65 or more. */
const SCALED = -0.5;
const FIRST_EVALS = 3;
/** Train accuracy may be this much higher (in shares) and still count as not better. */
const NOT_BETTER = 0.02;
const FACTOR_ERROR = 0.12;

/** Scored causes if one of them is proven by its signature; null for an ordinary gap. */
export function scoreMirror(evidence: Evidence, causes: readonly Cause[]): Scored[] | null {
  const candidates = causes.filter(({ id }) => id === 'S1' || id === 'S2' || id === 'O5');
  const scored = scoreCauses(evidence, candidates);
  return scored.some(({ cause, of, vetoed }) => vetoed === null && isProven(cause, of)) ? scored : null;
}

function isProven(cause: Cause, of: Case): boolean {
  if (cause.id === 'O5') return of.doubled?.side === 'Validation' && (cause.unique?.(of) ?? false);
  const { init } = of;
  const first = firstGaps(of);
  if (first.length < FIRST_EVALS || Math.max(...first) > SCALED) return false;
  return init.against === 'initial-val' ? init.off > 0.8 && (init.d0 ?? 0) < SCALED : noBetterOrConfigured(of, first);
}

function firstGaps({ gap }: Case): number[] {
  return Array.from(gap.d)
    .filter((d) => Number.isFinite(d))
    .slice(0, FIRST_EVALS);
}

/** Accuracy is no better although the loss is far lower; without accuracy the factor must be one that the configuration names. */
function noBetterOrConfigured({ view }: Case, gaps: readonly number[]): boolean {
  const { trainAccuracy, valAccuracy } = view.evals;
  const better = mean(gaps.map((_, i) => (trainAccuracy[i] as number) - (valAccuracy[i] as number)));
  if (Number.isFinite(better)) return better < NOT_BETTER;
  return configuredFactors({ view }).some(({ factor }) => Math.abs((gaps[0] as number) + Math.log(factor)) < FACTOR_ERROR);
}
