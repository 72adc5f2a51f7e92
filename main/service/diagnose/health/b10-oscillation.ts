/**
 * B10: validation loss swings widely (reference section B; AutoTrainer, BTTackler): over the last 10 evals the detrended loss has
 * (p90 - p10) / median > 0.2 and changes sign in at least 60 % of the steps. A swing that is small on the scale of the run is noise
 * near zero.
 */
import { fitLine, median, quantile } from '../statistics.ts';
import { percent } from '../words.ts';
import { placeOfEval } from './place.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;
const WINDOW = 10;
const SWING = 0.2;
const SIGN_CHANGES = 0.6;
/** Of the first validation loss. */
const SHARE_OF_START = 0.02;

export interface Swing {
  /** Swing relative to the median, and changes of sign among the 9 steps. */
  share: number;
  changes: number;
}

/** The swing over the 10 values that end at `end` (exclusive), null if it is none. */
export function swingAt(values: Float64Array, end: number, start: number): Swing | null {
  const recent = Array.from(values.subarray(end - WINDOW, end));
  if (recent.length < WINDOW || recent.some((value) => !Number.isFinite(value))) return null;
  const line = fitLine(recent.map((_, i) => i), recent);
  const rest = recent.map((value, i) => value - line.intercept - line.slope * i);
  const size = quantile(rest, 0.9) - quantile(rest, 0.1);
  const share = size / median(recent);
  if (!(share > SWING) || size < SHARE_OF_START * start) return null;
  const changes = rest.filter((value, i) => i > 0 && value > 0 !== (rest[i - 1] as number) > 0).length;
  return changes >= SIGN_CHANGES * (WINDOW - 1) ? { share, changes } : null;
}

export const oscillation: HealthRule = {
  id: 'B10',
  name: 'oscillation',
  needs: 'evaluations',
  check(view) {
    const { evals } = view;
    if (view.signed) return { notChecked: 'the loss goes below zero, so ratios mean nothing' };
    if (evals.count <= WINDOW) return { notChecked: `not enough evals yet (${evals.count} of ${WINDOW + 1})` };
    const start = view.initialVal ?? (evals.val[0] as number);
    const swing = swingAt(evals.val, evals.count, start);
    // One eval more or less must not change it.
    if (!swing || !swingAt(evals.val, evals.count - 1, start)) return { faults: [] };
    return {
      faults: [
        {
          id: 'B10',
          name: oscillation.name,
          severity: 'warning',
          at: placeOfEval(evals, evals.count - WINDOW),
          text:
            `Validation loss swings by ${percent(swing.share)} and changed sides of its trend ` +
            `${swing.changes} times in the last ${WINDOW} evals.`,
          remedies: ['lower-lr', 'larger-batch', 'enlarge-validation', 'weight-averaging'],
          confidence: CONFIDENCE,
        },
      ],
    };
  },
};
