/**
 * B6: overfitting (rule B5) although validation loss is still below training loss: a handicap in training hides it. Reference
 * section B.
 */
import { gapSeries } from '../gap.ts';
import { median } from '../statistics.ts';
import { percent } from '../words.ts';
import type { View } from '../view.ts';
import { placeOfEval } from './place.ts';
import { fewestEvals, lastingRise } from './rise.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.8;
const RECENT = 3;

export const maskedOverfit: HealthRule = {
  id: 'B6',
  name: 'masked overfitting',
  needs: 'evaluations with train loss',
  check(view) {
    if (view.evals.count < fewestEvals) return { notChecked: `not enough evals yet (${view.evals.count} of ${fewestEvals})` };
    const rise = lastingRise(view);
    if (!rise || !isMasked(view)) return { faults: [] };
    return {
      faults: [
        {
          id: 'B6',
          name: maskedOverfit.name,
          severity: 'warning',
          at: placeOfEval(view.evals, rise.fired),
          text:
            `Validation loss is below training loss and yet ${percent(rise.share)} above its own best of eval ${rise.bestEval + 1}: ` +
            'something in training hides overfitting.',
          remedies: ['early-stopping', 'log-clean-train', 'more-regularisation'],
          confidence: CONFIDENCE,
        },
      ],
    };
  },
};

/** True if the lag-corrected gap of the newest evals is positive: validation below training. */
export function isMasked(view: View): boolean {
  const known = gapSeries(view).d.filter((d) => Number.isFinite(d));
  return known.length > 0 && median(known.slice(-RECENT)) > 0;
}
