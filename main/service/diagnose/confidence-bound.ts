/**
 * What label smoothing does to the plain loss: a model that fits targets of 1 - e + e/K puts no more than that on the right class, so that its
 * cross-entropy stays above -ln(1 - e + e/K) (Szegedy et al. 2016). Nothing else that keeps a train loss up bounds the plain loss: through two
 * softmaxes, say, a model grows as confident as it can.
 */
import { smoothingFloor } from './constants.ts';
import type { Evidence } from './evidence.ts';

/** More is not used; and a train loss near that of guessing is no floor. */
const MOST_SMOOTHING = 0.5;
const NO_FLOOR = 0.75;
const STEPS = 30;

/** Smoothing whose floor H(e, K) is `floor`, by bisection; null if none up to 0.5 is. */
export function smoothingOfFloor(floor: number, classes: number): number | null {
  let low = 0;
  let high = MOST_SMOOTHING;
  if (!(floor > 0) || floor > smoothingFloor(high, classes)) return null;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (smoothingFloor(middle, classes) < floor) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Lowest plain loss (of the probe, else of validation) over the bound that the floor of the train loss implies; null where it cannot be said. */
export function plainLossToBound({ trainMin, valMin, init, doubled, view }: Evidence): number | null {
  const classes = init.classes ?? doubled?.classes ?? null;
  if (classes === null || trainMin === null || trainMin > NO_FLOOR * Math.log(classes)) return null;
  const e = smoothingOfFloor(trainMin, classes);
  const clean = view.evals.cleanTrain.filter((value) => Number.isFinite(value));
  const plain = clean.length > 0 ? Math.min(...clean) : valMin;
  if (e === null || plain === null) return null;
  return plain / -Math.log(1 - e + e / classes);
}
