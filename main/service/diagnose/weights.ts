import type { Term } from './causes/cause.ts';

/** Weight of a term in nats. */
export function weightOf(_cause: string, term: Term): number {
  return term.weight;
}
