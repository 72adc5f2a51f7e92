/** What a cause of a gap is: one small file beside this one, listed in index.ts. */
import type { VerdictKind } from '../diagnosis.ts';
import type { Evidence } from '../evidence.ts';
import type { Activity, KeySpec } from './keys.ts';

export type Family = 'lag' | 'handicap' | 'objective' | 'scale' | 'averaging' | 'data' | 'naming';

/** Evidence of a run with what the configuration says on one cause. */
export interface Case extends Evidence {
  config: Activity;
  /** 0..1: the strongest setting of any other cause that makes such a gap by design (dropout, smoothing, class weights ...). */
  switchedOn: number;
}

export interface Term {
  id: string;
  /** Hand-set weight in nats (reference section 5). The fit keeps its sign. */
  weight: number;
  /** True when the fit may choose the sign. */
  free?: boolean;
  /** 0..1 (or -1..1): how strongly this piece of evidence is present. 0 when it cannot be known. */
  value(of: Case): number;
}

export interface Cause {
  /** Id of the reference: L1, H1, S1 ... */
  id: string;
  /** Short field name: "dropout". */
  name: string;
  family: Family;
  verdict: Exclude<VerdictKind, 'unclear'>;
  /** Configuration keys that switch it on. */
  keys: readonly KeySpec[];
  terms: readonly Term[];
  /** Why it cannot be, in words; null if it can. A vetoed cause is not ranked. */
  veto?(of: Case): string | null;
  /** Sentences with this run's numbers. */
  evidence(of: Case): string[];
  against(of: Case): string[];
  /** Its setting is seldom on without making a gap: that it is on explains the gap (handicaps and objectives always do). */
  telltale?: boolean;
  /** The cheapest experiment that settles it. */
  confirm: string;
  /** Ids of remedies.ts, the most useful first. */
  remedies: readonly string[];
  /** Never more probable than this: not provable from curves, or not measured. */
  cap?: number;
  /** Looks like its siblings: named only with a setting that switches it on (`setting`), or never from scalars alone. */
  namedBy?: 'setting' | 'never';
  /** True when the curves alone can prove it (reference section 5, "nearly unique signature"). */
  unique?(of: Case): boolean;
  /** Only as a caveat or for the gap's direction: 'above' causes explain validation above training. */
  direction?: 'below' | 'above' | 'both';
}
