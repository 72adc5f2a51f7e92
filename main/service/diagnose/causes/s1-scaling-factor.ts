import { ramp } from '../statistics.ts';
import { figure, times } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { weightsExplain } from './o4-class-weights.ts';
import { accuracyAgrees, base, configOn, dataByProbe, fitsWithin, measuredAtStart, missesBeyond, nearestFactor, offset } from './terms.ts';

/** ln 3: class weights, too, may double a loss before training. */
const LARGER_THAN_WEIGHTS = 1.0986;

/** Factors that the configuration could multiply a loss by. */
export function configuredFactors({ view }: Pick<Case, 'view'>): { key: string; factor: number }[] {
  const names = [
    'gradient_accumulation_steps',
    'accumulate_grad_batches',
    'grad_accum_steps',
    'grad_accumulation',
    'accum_steps',
    'accumulate',
    'update_freq',
    'iter_size',
    'world_size',
    'n_gpu',
    'num_gpus',
    'devices',
    'loss_scale',
  ];
  const found: { key: string; factor: number }[] = [];
  for (const name of names) {
    const setting = view.settings.find(name);
    const factor = setting && typeof setting.value === 'number' ? setting.value : null;
    if (setting && factor !== null && factor > 1) found.push({ key: setting.key, factor });
  }
  return found;
}

/** Version of transformers that multiplied the logged loss by the accumulation steps; null for others. */
function affectedVersion({ view }: Pick<Case, 'view'>): string | null {
  const version = view.settings.find('transformers_version')?.value;
  return typeof version === 'string' && /^4\.4[67]\b/.test(version) ? version : null;
}

function nearest(of: Case): { factor: number; distance: number } {
  return nearestFactor(
    offset(of),
    configuredFactors(of).flatMap(({ factor }) => [factor, 1 / factor]),
  );
}

/** |ln(observed) - ln(configured factor)| of the configured factor that fits best; null without one. */
function magnitudeError(of: Case): number | null {
  const observed = measuredAtStart(of) ? of.init.d0 : of.origin;
  const factors = configuredFactors(of);
  if (observed === null || factors.length === 0) return null;
  return Math.min(...factors.map(({ factor }) => Math.abs(Math.abs(observed) - Math.log(factor))));
}

/** How far a measured factor may be from an exact one, in standard errors: none / clearly. */
const WITHIN_ERRORS: readonly [number, number] = [2, 4];
const LEAST_ERROR = 0.02;

/** 1 when the first ratio is a factor: within its own error where both first losses were measured, else within a tenth. */
function isFactor(of: Case): number {
  const { distance } = nearest(of);
  const [none, clear] = WITHIN_ERRORS;
  const error = Math.max(of.init.se0 ?? 0, LEAST_ERROR);
  const byError = measuredAtStart(of) && of.init.se0 !== null ? 1 - ramp(distance / error, none, clear) : 1;
  return byError * (1 - ramp(distance, 0.08, 0.2));
}

/** -1..1: the same model scores training batches higher by a factor that stays / by one that is none. 0 without a probe. */
function factorByProbe(of: Case): number {
  const found = of.probe?.trainFactor;
  if (!found || Math.abs(found.mean) < 0.3) return 0;
  const { distance } = nearestFactor(
    found.mean,
    configuredFactors(of).flatMap(({ factor }) => [factor, 1 / factor]),
  );
  return (1 - 2 * ramp(distance, 0.04, 0.12)) * (1 - ramp(found.deviation, 0.03, 0.1));
}

/** Accumulation or loss-scaling factor (transformers #35204, #37766, #35438; mirror: espnet #5090, PyTorch-VAE #7). */
export const scalingFactor: Cause = {
  id: 'S1',
  name: 'loss scaled by a factor',
  family: 'scale',
  verdict: 'bug',
  direction: 'both',
  keys: [
    {
      names: [
        'gradient_accumulation_steps',
        'accumulate_grad_batches',
        'grad_accum_steps',
        'accum_steps',
        'accumulate',
        'world_size',
        'n_gpu',
      ],
      strength: (value) => (typeof value === 'number' && value > 1 ? 1 : 0),
    },
  ],
  terms: [
    base(-1),
    {
      id: 'factor',
      weight: 4,
      value: (of) => of.init.off * ramp(Math.abs(offset(of)), 0.3, 0.6) * isFactor(of),
    },
    { id: 'factor-by-probe', weight: 1.5, value: factorByProbe },
    accuracyAgrees(1),
    {
      id: 'train-off-guessing',
      weight: 1,
      value: ({ init }) =>
        init.trainToGuessing === null || init.valToGuessing === null
          ? 0
          : ramp(Math.abs(init.trainToGuessing - 1), 0.3, 0.6) * (1 - ramp(Math.abs(init.valToGuessing - 1), 0.1, 0.25)),
    },
    { id: 'no-offset', weight: -2, value: (of) => (Math.abs(offset(of)) < 0.1 ? 1 : 0) },
    { id: 'magnitude-fits', weight: 1, value: (of) => fitsWithin(magnitudeError(of), 0.08, 0.25) },
    { id: 'magnitude-misses', weight: -3, value: (of) => missesBeyond(magnitudeError(of), 0.15, 0.4) },
    configOn(1.5),
    { id: 'weights-explain', weight: -2, value: weightsExplain },
    { id: 'affected-version', weight: 1, value: (of) => (affectedVersion(of) !== null && configuredFactors(of).length > 0 ? 1 : 0) },
    { id: 'config-off', weight: -1, value: ({ config }) => (config.state === 'off' ? 1 : 0) },
    dataByProbe(-3),
  ],
  unique: (of) => of.init.off > 0.8 && Math.abs(offset(of)) > LARGER_THAN_WEIGHTS && nearest(of).distance < 0.08,
  veto: (of) =>
    measuredAtStart(of) && Math.abs(offset(of)) < 0.3
      ? `both losses start at the same level (ratio ${figure(Math.exp(offset(of)))})`
      : null,
  evidence: (of) => {
    const { d0, against } = of.init;
    if (d0 === null || Math.abs(d0) < 0.1) return [];
    const said = [
      `Train loss is ${times(Math.exp(d0))} ${against === 'guessing' ? 'ln K' : 'validation'} ` +
        `${against === 'first-eval' ? 'from the first eval on' : 'before any training'}.`,
    ];
    for (const { key, factor } of configuredFactors(of))
      if (Math.abs(Math.abs(d0) - Math.log(factor)) < 0.15) said.push(`${key}=${factor} is the same factor.`);
    const version = affectedVersion(of);
    if (version !== null) said.push(`transformers ${version} logs the loss multiplied by the accumulation steps.`);
    return said;
  },
  against: (of) => {
    const { d0, against } = of.init;
    if (d0 !== null && Math.abs(d0) < 0.1 && against !== 'first-eval')
      return [`Both losses agree before training (ratio ${figure(Math.exp(d0))}); a factor would show there.`];
    return d0 !== null && nearest(of).distance > 0.2
      ? [`The first ratio, ${figure(Math.exp(d0))}, is no power of two and no configured factor.`]
      : [];
  },
  confirm: 'Train 20 steps with accumulation 1 on one device and compare the first losses.',
  remedies: ['divide-once', 'upgrade-trainer', 'ignore-train-scale'],
};
