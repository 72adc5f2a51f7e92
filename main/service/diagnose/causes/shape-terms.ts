/** Terms on the course of the curves that every cause has. Their weights come from the fit alone. */
import { ramp } from '../statistics.ts';
import type { Case, Term } from './cause.ts';
import { probeDiffersAtStart } from './terms.ts';

const term = (id: string, value: (of: Case) => number): Term => ({ id, weight: 0, free: true, value });

/** 0 where unknown. */
const up = (x: number | null, low: number, high: number): number => (x === null ? 0 : ramp(x, low, high));

/** 1 when the validation set is small and the gap within what its size makes likely. */
export function chanceOfSize({ view, gapInErrors }: Case): number {
  return view.valSize === null || gapInErrors === null ? 0 : (1 - ramp(gapInErrors, 1.5, 4)) * (1 - ramp(view.valSize, 100, 400));
}

export const shapeTerms: readonly Term[] = [
  term('offset-at-start', ({ init }) => init.off * up(Math.abs(init.d0 ?? 0), 0.1, 0.4) * (init.against === 'first-eval' ? 0 : 1)),
  term('agrees-at-start', ({ init }) => (init.against === 'initial-val' || init.against === 'guessing' ? 1 - init.off : 0)),
  term('starts-flat', ({ origin, slope }) =>
    origin === null || slope === null ? 0 : ramp(origin, 0.08, 0.25) * (1 - ramp(Math.abs(slope) / Math.max(origin, 0.05), 0.1, 0.4)),
  ),
  term('starts-at-zero', ({ origin, slope, init }) =>
    origin === null || slope === null || init.against !== 'first-eval' ? 0 : (1 - ramp(origin, 0.05, 0.2)) * ramp(slope, 0, 0.05),
  ),
  term('large', ({ telling }) => up(telling, 0.3, 1)),
  term('grows', ({ early, late }) => (early === null || late === null ? 0 : ramp(late - early, 0.05, 0.5))),
  term('shrinks', ({ early, late }) => (early === null || late === null ? 0 : ramp(early - late, 0.05, 0.5))),
  term('val-turns-up', ({ valRise }) => up(valRise, 0.05, 0.3)),
  term('train-floor', ({ trainMinToFirst }) => up(trainMinToFirst, 0.15, 0.45)),
  term('spread-low', ({ sampleSpread }) => (sampleSpread === null ? 0 : 1 - ramp(sampleSpread, 0.4, 0.9))),
  term('spread-high', ({ sampleSpread }) => up(sampleSpread, 1, 2)),
  term('accuracy-lower', (of) => of.accuracyLower),
  term('accuracy-agrees', (of) => of.accuracyAgrees),
  term('accuracy-much-lower', ({ accuracyGap }) => up(accuracyGap === null ? null : -accuracyGap, 0.08, 0.25)),
  term('mistakes-cheap', ({ lossPerAccuracy }) => (lossPerAccuracy === null ? 0 : 1 - ramp(lossPerAccuracy, 1.5, 2.6))),
  term('mistakes-dear', ({ lossPerAccuracy }) => up(lossPerAccuracy, 2.3, 3.2)),
  term('steep', (of) => (isAligned(of) ? up(of.factor, 1.1, 1.6) : 0)),
  term('additive-line', (of) => (isAligned(of) && of.additive !== null && of.valFirst ? ramp(of.additive / of.valFirst, 0.02, 0.1) : 0)),
  // Wrong labels leave a floor under the train loss and lower its accuracy; smoothing leaves the floor alone, easier data neither.
  term('floor-and-errors', (of) =>
    isAligned(of) && of.additive !== null && of.valFirst ? ramp(of.additive / of.valFirst, 0.05, 0.2) * of.accuracyLower : 0,
  ),
  term('proportional', (of) =>
    isAligned(of) && of.additive !== null && of.valFirst
      ? up(of.factor, 1.05, 1.2) * (1 - ramp(Math.abs(of.additive) / of.valFirst, 0.03, 0.1))
      : 0,
  ),
  term('first-mean-above-guessing', ({ init, trainFirst }) =>
    init.classes === null || trainFirst === null ? 0 : ramp(trainFirst / Math.log(init.classes), 1.05, 1.5),
  ),
  term('small-validation', chanceOfSize),
  term('no-classes', ({ view }) => (view.evals.valAccuracy.some((x) => Number.isFinite(x)) ? 0 : 1)),
  term('probe-train-factor', ({ probe }) =>
    probe?.trainFactor ? ramp(Math.abs(probe.trainFactor.mean), 0.25, 0.5) * (1 - ramp(probe.trainFactor.deviation, 0.05, 0.2)) : 0,
  ),
  term('probe-additive', ({ probe, valFirst }) =>
    probe === null || probe.additive === null || valFirst === null ? 0 : ramp(probe.additive / valFirst, 0.02, 0.1),
  ),
  term('probe-steep', ({ probe }) => (probe === null ? 0 : up(probe.factor, 1.1, 1.6))),
  term('probe-val-factor', ({ probe }) =>
    probe?.valFactor ? ramp(probe.valFactor.mean, 0.15, 0.3) * (1 - ramp(probe.valFactor.deviation, 0.03, 0.12)) : 0,
  ),
  { ...probeDiffersAtStart(0), free: true },
  term('training-apart-at-start', ({ probe }) => (probe === null ? 0 : up(Math.abs(probe.trainInitial ?? 0), 0.08, 0.3))),
  term('handicap-large', ({ probe }) => (probe === null ? 0 : up(probe.trainShare, 0.2, 0.8))),
  term('data-large', ({ probe }) => (probe === null ? 0 : up(probe.valShare, 0.1, 0.5))),
  term('data-from-first-eval', ({ probe }) => (probe === null ? 0 : up(probe.firstValShare, 0.1, 0.35))),
];

/** True when T and V lie on a rising line, so that its slope and intercept mean something. */
function isAligned({ aligned }: Case): boolean {
  return aligned !== null && aligned > 0.8;
}
