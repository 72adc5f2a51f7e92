/** What a health rule is: one small file beside this one, listed in index.ts. */
import type { Fault } from '../diagnosis.ts';
import type { View } from '../view.ts';

export interface HealthRule {
  /** B1 ... B17. */
  id: string;
  /** Short field name: "non-finite". */
  name: string;
  /** What it reads, in words for "not checked" lines: "learning rate", "GPU samples". */
  needs: string;
  /** Pure. Uses only what is in the view; an empty list means checked and nothing found. */
  check(view: View): { faults: Fault[] } | { notChecked: string };
}
