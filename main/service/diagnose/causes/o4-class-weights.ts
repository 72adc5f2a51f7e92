import { mean, ramp } from '../statistics.ts';
import { figure, shown, times } from '../words.ts';
import { numeric, plainKey } from '../settings.ts';
import type { Case, Cause } from './cause.ts';
import { switched } from './keys.ts';
import {
  accuracyAgrees,
  base,
  configOff,
  configOn,
  configSilent,
  dataByProbe,
  fitsWithin,
  missesBeyond,
  nearestFactor,
  offset,
} from './terms.ts';

/** Mean of the configured class weights; null without. */
function meanWeight({ view }: Pick<Case, 'view'>): number | null {
  const weights: number[] = [];
  for (const { key, value } of view.settings.all) {
    if (!/^(class_?weights?|pos_weight|cls_pw)$/.test(plainKey(key))) continue;
    if (Array.isArray(value)) for (const each of value) weights.push(numeric(each) ?? NaN);
    else weights.push(numeric(value) ?? NaN);
  }
  const known = weights.filter((weight) => Number.isFinite(weight) && weight > 0);
  return known.length > 0 ? mean(known) : null;
}

/** |ln(observed / configured)| of the mean weight; null where one is unknown. */
function magnitudeError(of: Omit<Case, 'config'>): number | null {
  const weight = meanWeight(of);
  const ratio = of.init.against === 'first-eval' || of.init.d0 === null ? of.origin : of.init.d0;
  return weight !== null && ratio !== null ? Math.abs(ratio - Math.log(weight)) : null;
}

/** 0..1: class weights are configured and their mean is the ratio of the first losses. */
export function weightsExplain(of: Omit<Case, 'config'>): number {
  return fitsWithin(magnitudeError(of), 0.08, 0.25);
}

/** Class or sample weights in the train loss only (keras #5616, #8591). */
export const classWeights: Cause = {
  id: 'O4',
  name: 'class weights',
  family: 'objective',
  verdict: 'expected',
  keys: [{ pattern: /^(class_?weights?|pos_weight|cls_pw|loss_weights|sample_weights?|use_class_weights)$/, strength: switched }],
  terms: [
    base(-1),
    { id: 'offset', weight: 2, value: (of) => of.init.off * ramp(offset(of), 0.1, 0.3) },
    accuracyAgrees(1),
    {
      id: 'train-off-guessing',
      weight: 1,
      value: ({ init }) =>
        init.trainToGuessing === null || init.valToGuessing === null
          ? 0
          : ramp(Math.abs(init.trainToGuessing - 1), 0.1, 0.25) * (1 - ramp(Math.abs(init.valToGuessing - 1), 0.1, 0.25)),
    },
    { id: 'a-scale-factor', weight: -1, value: (of) => 1 - ramp(nearestFactor(offset(of), []).distance, 0.05, 0.15) },
    { id: 'no-offset', weight: -1.5, value: (of) => (offset(of) < 0.1 ? 1 : 0) },
    { id: 'magnitude-fits', weight: 1, value: (of) => fitsWithin(magnitudeError(of), 0.05, 0.15) },
    { id: 'magnitude-misses', weight: -3, value: (of) => missesBeyond(magnitudeError(of), 0.15, 0.4) },
    configOn(2.5),
    configOff(-3),
    configSilent(-2),
    dataByProbe(-3),
  ],
  evidence: (of) => {
    const weight = meanWeight(of);
    const ratio = of.init.trainToGuessing;
    if (weight !== null && ratio !== null)
      return [`Train loss starts at ${times(ratio)} ln K; the configured class weights average ${figure(weight)}.`];
    if (of.config.state === 'on' && of.config.setting)
      return [`${of.config.setting.key}=${shown(of.config.setting.value)} weighs the train loss only.`];
    return of.init.off > 0.5 && of.init.d0 !== null && of.init.d0 > 0.1
      ? [`Train loss starts ${times(Math.exp(of.init.d0))} validation while accuracies agree.`]
      : [];
  },
  against: (of) => [
    ...(of.config.state === 'off' && of.config.setting
      ? [`${of.config.setting.key}=${shown(of.config.setting.value)}: no weights are configured.`]
      : []),
    ...(of.init.d0 !== null && of.init.d0 < 0.1 && of.init.against !== 'first-eval'
      ? [`Both losses agree before training (ln ratio ${figure(of.init.d0)}); weights would show there.`]
      : []),
  ],
  confirm: 'Pass the same weights to the validation loss.',
  remedies: ['same-loss', 'log-components'],
};
