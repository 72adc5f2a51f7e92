/** From evidence to probabilities (reference section 5): a score in nats for each cause, vetoes, softmax, caps. */
import type { Case, Cause, Term } from './causes/cause.ts';
import { activityOf } from './causes/keys.ts';
import { shapeTerms } from './causes/shape-terms.ts';
import type { Evidence } from './evidence.ts';
import { weightOf } from './weights.ts';

export interface Scored {
  cause: Cause;
  of: Case;
  score: number;
  probability: number;
  /** Why it cannot be; its probability is then 0. */
  vetoed: string | null;
}

/** Every term of a cause: its own, then the shared ones that it does not define itself. */
export function termsOf(cause: Cause): Term[] {
  const own = new Set(cause.terms.map(({ id }) => id));
  return [...cause.terms, ...shapeTerms.filter(({ id }) => !own.has(id))];
}

/** Scores every cause. The order of `causes` makes no difference; equal probabilities are ordered by id. */
export function scoreCauses(evidence: Evidence, causes: readonly Cause[]): Scored[] {
  const scored = causes.map((cause) => scoreOne(evidence, cause));
  const open = scored.filter(({ vetoed }) => vetoed === null);
  const highest = open.reduce((best, { score }) => Math.max(best, score), -Infinity);
  const total = open.reduce((sum, { score }) => sum + Math.exp(score - highest), 0);
  for (const each of open) each.probability = Math.exp(each.score - highest) / total;
  return scored.sort((a, b) => b.probability - a.probability || (a.cause.id < b.cause.id ? -1 : 1));
}

function scoreOne(evidence: Evidence, cause: Cause): Scored {
  const of: Case = { ...evidence, config: activityOf(evidence.view.settings, cause.keys) };
  const vetoed = evidence.view.framework?.vetoes.get(cause.id) ?? cause.veto?.(of) ?? null;
  let score = 0;
  for (const term of termsOf(cause)) score += weightOf(cause.id, term) * term.value(of);
  return { cause, of, score, probability: 0, vetoed };
}
