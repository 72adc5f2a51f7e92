/** Terms that several signatures share (reference section 5). */
import { ramp } from '../statistics.ts';
import type { Case, Term } from './cause.ts';

export const base = (weight: number): Term => ({ id: 'base', weight, value: () => 1 });

/** The curves agree / differ before training. */
export const initialAgrees = (weight: number): Term => ({ id: 'initial-agrees', weight, value: ({ init }) => 1 - init.off });
export const initialDiffers = (weight: number): Term => ({ id: 'initial-differs', weight, value: ({ init }) => init.off });

/** Validation accuracy is higher than training accuracy / they agree. */
export const accuracyLower = (weight: number): Term => ({ id: 'accuracy-lower', weight, value: (of) => of.accuracyLower });
export const accuracyAgrees = (weight: number): Term => ({ id: 'accuracy-agrees', weight, value: (of) => of.accuracyAgrees });

export const configOn = (weight: number): Term => ({
  id: 'config-on',
  weight,
  value: ({ config }) => (config.state === 'on' || config.state === 'weak' ? config.strength : 0),
});
export const configOff = (weight: number): Term => ({
  id: 'config-off',
  weight,
  value: ({ config }) => (config.state === 'off' ? 1 : config.state === 'weak' ? 1 - config.strength : 0),
});
export const configSilent = (weight: number): Term => ({
  id: 'config-silent',
  weight,
  value: ({ config }) => (config.state === 'silent' ? 1 : 0),
});

/** +1 when the probe puts the gap into the data, -1 when not, 0 without a probe. */
export const dataByProbe = (weight: number, low = 0.3, high = 0.7): Term => ({
  id: 'probe-data',
  weight,
  value: ({ dataShare }) => (dataShare === null ? 0 : 2 * ramp(dataShare, low, high) - 1),
});

/**
 * True when an untrained model scores about ln K on any data, so that a difference before training is one of measuring. In a regression the
 * untrained loss is the spread of the targets, which differs between data sets.
 */
export function startsAtGuessing({ view, init }: Pick<Case, 'view' | 'init'>): boolean {
  return init.classes !== null || view.evals.valAccuracy.some((x) => Number.isFinite(x));
}

/** The losses differ before training although data can hardly matter then. */
export const measuredApart = (weight: number): Term => ({
  id: 'initial-differs',
  weight,
  value: (of) => (startsAtGuessing(of) ? of.init.off : 0),
});

/** The probe and validation differ before training: no model has seen any data then, so that the measuring differs. */
export const probeDiffersAtStart = (weight: number): Term => ({
  id: 'probe-differs-at-start',
  weight,
  value: (of) => (of.probe === null || of.probe.initial === null || !startsAtGuessing(of) ? 0 : ramp(Math.abs(of.probe.initial), 0.1, 0.25)),
});

/** A setting that is known to make such a gap is on: chance and undiscovered faults are the less likely (explaining away). */
export const explainedBySetting = (weight: number): Term => ({ id: 'explained-by-setting', weight, value: ({ switchedOn }) => switchedOn });

/** A constant part in Tc = a + k V, relative to the first validation loss. */
export const additive = (weight: number): Term => ({ id: 'additive', weight, value: additiveShare });

export function additiveShare({ additive: a, valFirst }: Case): number {
  return a === null || valFirst === null || valFirst <= 0 ? 0 : ramp(a / valFirst, 0.02, 0.08);
}

/** |d0|, 0 where unknown. */
export function offset({ init }: Case): number {
  return init.d0 ?? 0;
}

/** Distance of ln(ratio) from the nearest power of two (1/8..64) or a configured factor, in nats. */
export function nearestFactor(d0: number, configured: readonly number[]): { factor: number; distance: number } {
  let best = { factor: 1, distance: Infinity };
  const powers = [1 / 8, 1 / 4, 1 / 2, 2, 4, 8, 16, 32, 64];
  for (const factor of [...configured.filter((q) => q > 0 && q !== 1), ...powers]) {
    const distance = Math.abs(d0 - Math.log(factor));
    if (distance < best.distance) best = { factor, distance };
  }
  return best;
}

/** 1 when a prediction from the configuration is met within `close` nats, 0 beyond `far`; 0 where nothing is predicted. */
export function fitsWithin(error: number | null, close: number, far: number): number {
  return error === null ? 0 : 1 - ramp(error, close, far);
}

/** 1 when a prediction is missed by more than `far` nats, 0 within `close`. */
export function missesBeyond(error: number | null, close: number, far: number): number {
  return error === null ? 0 : ramp(error, close, far);
}

/** True when the first losses themselves were compared, not only the first eval. */
export function measuredAtStart({ init }: Pick<Case, 'init'>): boolean {
  return init.against === 'initial-val' || init.against === 'guessing';
}

const CLEARLY_APART = 0.5;
const CLEAR_ERRORS = 6;

/** Veto of causes that need a trained model: the losses were clearly apart before any training. One that is switched on may come on top. */
export function apartAtStart(of: Case): string | null {
  if (of.config.state === 'on') return null;
  const { d0, z0 } = of.init;
  const apart = measuredAtStart(of) && d0 !== null && Math.abs(d0) > CLEARLY_APART && Math.abs(z0) > CLEAR_ERRORS;
  return apart ? `the losses differ by a factor of ${Math.exp(Math.abs(d0)).toFixed(1)} before any training` : null;
}

/** The same for the data causes, which can set the losses of an untrained regression apart. */
export function dataApartAtStart(of: Case): string | null {
  return startsAtGuessing(of) ? apartAtStart(of) : null;
}
