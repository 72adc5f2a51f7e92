import { plainLossToBound } from '../confidence-bound.ts';
import { smoothingFloor } from '../constants.ts';
import { mean, ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import { numeric, plainKey } from '../settings.ts';
import type { Case, Cause } from './cause.ts';
import { rate } from './keys.ts';
import {
  accuracyAgrees,
  additiveShare,
  apartAtStart,
  base,
  configOff,
  configOn,
  configSilent,
  dataByProbe,
  initialAgrees,
} from './terms.ts';

const NEAR = 0.9;
const KEYS = [
  'smoothing',
  'label_smoothing',
  'label_smoothing_factor',
  'cls_ls',
  'soft_target_eps',
  'smooth_eps',
  'label_smooth',
  'ls_eps',
];

/** Configured smoothing and the floor H(e, K) it puts under the train loss. */
function floorOf({ config, init }: Case): { e: number; floor: number } | null {
  const e = config.setting && config.strength > 0 ? numeric(config.setting.value) : null;
  return e !== null && init.classes !== null ? { e, floor: smoothingFloor(e, init.classes) } : null;
}

/** Floor that the configured smoothing puts under the loss of two classes: the least of all K. 0 without smoothing. */
function leastFloor({ view }: Pick<Case, 'view'>): number {
  const settings = view.settings.all.filter(({ key }) => KEYS.includes(plainKey(key)));
  const e = Math.max(0, ...settings.map(({ value }) => numeric(value) ?? 0));
  return e > 0 && e < 1 ? smoothingFloor(e, 2) : 0;
}

/** 0..1: smoothing is configured, not ruled out by the trainer, and strong enough to keep the train loss where it stays. */
export function smoothingFits(of: Omit<Case, 'config'>): number {
  const floor = leastFloor(of);
  const ruledOut = of.view.framework?.vetoes.some(({ cause, unlessKey }) => cause === 'O1' && !unlessKey) ?? false;
  return floor > 0 && !ruledOut && of.trainMin !== null ? ramp(floor / of.trainMin, 0.4, 0.8) : 0;
}

/** 1 when the plain loss stays at the bound of the smoothing that would explain the train floor. */
export function confidenceBounded(of: Omit<Case, 'config' | 'switchedOn'>): number {
  const ratio = plainLossToBound(of);
  return ratio === null ? 0 : ramp(ratio, 0.7, 1) * (1 - ramp(ratio, 2, 4));
}

/**
 * The part of the mean gap that smoothing cannot make, in nats; null where e or K is unknown. With targets (1 - e) and e / K the loss is
 * (1 - e) CE + e U, U being the mean -ln p over all classes, which for a model that fits its targets is at most (K - 1) / K * ln(K / e).
 */
function unexplained(of: Case): number | null {
  const known = floorOf(of);
  const { classes } = of.init;
  if (!known || classes === null || of.tellingEvals.length === 0) return null;
  const uniform = ((classes - 1) / classes) * Math.log(classes / known.e);
  const rest = of.tellingEvals.map((i) => {
    const val = of.gap.val[i] as number;
    return (of.gap.d[i] as number) - Math.log(Math.max((1 - known.e) * val + known.e * uniform, val) / val);
  });
  return mean(rest);
}

/** Label smoothing in the train loss only (timm #1118, casanovo #261). */
export const labelSmoothing: Cause = {
  id: 'O1',
  name: 'label smoothing',
  family: 'objective',
  verdict: 'expected',
  keys: [
    {
      names: KEYS,
      strength: rate(0.005, 0.08),
    },
  ],
  terms: [
    base(-1),
    initialAgrees(1.2),
    accuracyAgrees(1.2),
    { id: 'additive-constant', weight: 1.2, value: (of) => additiveShare(of) * ramp(of.factor ?? 0, -0.2, 0.6) },
    configOn(2.5),
    configOff(-4),
    configSilent(-2),
    {
      id: 'above-floor',
      weight: 1.5,
      value: (of) => (floorOf(of) && of.trainMin !== null && of.trainMin >= NEAR * (floorOf(of)?.floor ?? 0) ? 1 : 0),
    },
    {
      id: 'below-floor',
      weight: -3,
      value: (of) => (floorOf(of) && of.trainMin !== null && of.trainMin < NEAR * (floorOf(of)?.floor ?? 0) ? 1 : 0),
    },
    {
      id: 'stays-high',
      weight: 1,
      value: (of) =>
        floorOf(of) === null && of.trainMin !== null && of.init.classes !== null
          ? ramp(of.trainMin / Math.log(of.init.classes), 0.15, 0.25)
          : 0,
    },
    { id: 'confidence-bounded', weight: 1, value: confidenceBounded },
    {
      id: 'confidence-unbounded',
      weight: -2,
      value: (of) => {
        const ratio = plainLossToBound(of);
        return ratio === null ? 0 : 1 - ramp(ratio, 0.6, 0.95);
      },
    },
    { id: 'magnitude-exceeds', weight: -2, value: (of) => ramp(unexplained(of) ?? 0, 0.1, 0.3) },
    dataByProbe(-3),
  ],
  veto: apartAtStart,
  evidence: (of) => {
    const known = floorOf(of);
    if (known && of.config.state === 'on' && of.trainMin !== null && of.valMin !== null)
      return [
        `With smoothing ${figure(known.e)} and ${String(of.init.classes)} classes the train loss cannot go ` +
          `below ${figure(known.floor)}; its lowest is ${figure(of.trainMin)}, validation reached ` +
          `${figure(of.valMin)} and has no such floor.`,
      ];
    const said: string[] = [];
    if (of.config.state === 'on' && of.config.setting)
      said.push(
        `${of.config.setting.key}=${shown(of.config.setting.value)} puts a floor under the train loss that validation does not have.`,
      );
    if (additiveShare(of) > 0.5 && of.additive !== null && of.accuracyAgrees > 0.5)
      said.push(`Train loss stays about ${figure(of.additive)} above what validation predicts while accuracies agree.`);
    if (of.view.framework?.formats.includes('timm') === true && (of.config.state === 'unknown' || of.config.state === 'silent'))
      said.push('timm smooths labels by 0.1 unless told otherwise.');
    return said;
  },
  against: (of) => {
    const said: string[] = [];
    const known = floorOf(of);
    if (of.config.state === 'off' && of.config.setting)
      said.push(`${of.config.setting.key}=${shown(of.config.setting.value)}: no smoothing is configured.`);
    if (known && of.trainMin !== null && of.trainMin < NEAR * known.floor)
      said.push(
        `The train loss fell to ${figure(of.trainMin)}, below the floor of ${figure(known.floor)} that ` +
          `smoothing ${figure(known.e)} would set.`,
      );
    if (of.accuracyLower > 0.5) said.push('Training accuracy is lower as well; smoothing alone leaves accuracies equal.');
    return said;
  },
  confirm: 'Log the unsmoothed cross-entropy of training batches next to the loss.',
  remedies: ['same-loss', 'log-clean-train', 'nothing-to-fix'],
};
