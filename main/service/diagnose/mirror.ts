/**
 * Validation above training: usually an ordinary generalisation gap, sometimes a loss that is scaled or computed differently. Only what the
 * curves show before learning, or a level that only a bug gives, may be called a bug.
 */
import type { Cause } from './causes/cause.ts';
import type { Evidence } from './evidence.ts';
import { scoreCauses, type Scored } from './score.ts';

/** Scored causes if one of them is proven by its signature; null for an ordinary gap. */
export function scoreMirror(evidence: Evidence, causes: readonly Cause[]): Scored[] | null {
  const candidates = causes.filter(({ direction }) => direction === 'both' || direction === 'above');
  const scored = scoreCauses(evidence, candidates);
  return scored.some(({ cause, of, vetoed }) => vetoed === null && isProven(cause, of)) ? scored : null;
}

function isProven(cause: Cause, of: Scored['of']): boolean {
  if (!cause.unique?.(of)) return false;
  if (cause.id === 'O5') return true;
  return of.init.d0 !== null && of.init.d0 < 0 && of.init.against !== 'first-eval';
}
