/** What dropout, augmentation and mixed targets have in common: training is made harder, validation is not (reference section 4, H*). */
import { ramp } from '../statistics.ts';
import { figure, percent, points, shown } from '../words.ts';
import type { Case, Term } from './cause.ts';
import {
  accuracyAgrees,
  accuracyLower,
  base,
  configOff,
  configOn,
  configSilent,
  dataByProbe,
  initialAgrees,
  initialDiffers,
} from './terms.ts';

/** The terms of section 5 for H1-H3; only the start and the key weight differ. */
export function handicapTerms(start: number, key: number): Term[] {
  return [
    base(start),
    initialAgrees(1),
    accuracyLower(2),
    accuracyAgrees(-2.5),
    initialDiffers(-2),
    configOn(key),
    configOff(-4),
    configSilent(-2),
    dataByProbe(-3),
  ];
}

/** Train loss that does not fall below a third of its start. */
export const highFloor = (weight: number, low: number, high: number): Term => ({
  id: 'high-floor',
  weight,
  value: ({ trainMinToFirst }) => (trainMinToFirst === null ? 0 : ramp(trainMinToFirst, low, high)),
});

/** Sentences on accuracy and probe that speak for a handicap, `what` being off during validation. */
export function handicapEvidence(of: Case, what: string): string[] {
  const said: string[] = [];
  const { config, accuracyGap, dataShare } = of;
  const key = config.state === 'on' && config.setting ? `${config.setting.key}=${shown(config.setting.value)}` : null;
  if (accuracyGap !== null && accuracyGap < -0.005 && of.accuracyLower > 0)
    said.push(`Validation accuracy is ${points(accuracyGap)} above training accuracy${key ? ` and ${key}` : ''}; ${what}.`);
  else if (key) said.push(`${key}; ${what}.`);
  if (config.byDefault !== undefined) said.push(`${config.byDefault}.`);
  if (dataShare !== null && dataShare <= 0.3)
    said.push(
      `Measured like validation, the training set is no harder: only ${percent(Math.max(0, dataShare))} of the gap is in the data.`,
    );
  if (of.init.d0 !== null && of.init.against === 'initial-val' && of.init.off < 0.2)
    said.push(`Before training both losses agree (ln ratio ${figure(of.init.d0)}).`);
  return said;
}

/** Sentences against a handicap. */
export function handicapAgainst(of: Case): string[] {
  const said: string[] = [];
  const { config, accuracyGap, dataShare, init } = of;
  if (config.state === 'off' && config.setting) said.push(`${config.setting.key}=${shown(config.setting.value)}: it is switched off.`);
  if (config.state === 'weak' && config.setting)
    said.push(`${config.setting.key}=${shown(config.setting.value)} is too weak to explain much.`);
  if (of.accuracyAgrees > 0.5 && accuracyGap !== null)
    said.push(
      `Accuracies agree (training ${accuracyGap >= 0 ? 'above' : 'below'} by ${points(accuracyGap)}); a ` +
        'handicap would lower training accuracy.',
    );
  if (dataShare !== null && dataShare >= 0.7)
    said.push(`Measured like validation, the training set is still harder: ${percent(Math.min(1, dataShare))} of the gap is in the data.`);
  if (init.off > 0.5 && init.d0 !== null) said.push(`The curves differ before any training (ln ratio ${figure(init.d0)}).`);
  return said;
}
