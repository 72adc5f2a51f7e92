import { doubleSoftmaxFloor } from '../constants.ts';
import { ramp } from '../statistics.ts';
import { figure, shown } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { confidenceBounded, smoothingFits } from './o1-label-smoothing.ts';
import { accuracyAgrees, base, configOn, dataByProbe, fitsWithin, initialAgrees, missesBeyond } from './terms.ts';

/** Loss + accuracy may wander this far (nats) from the level of two softmaxes. */
const FITS = 0.08;
const MISSES = 0.25;

const stuckAt = ({ doubled }: Case): number => (doubled ? 1 - ramp(doubled.at / doubled.floor, 1.1, 1.5) : 0);

/** Softmax applied twice on one side (ultralytics #20014). */
export const doubleSoftmaxCause: Cause = {
  id: 'O5',
  name: 'softmax applied twice',
  family: 'objective',
  verdict: 'bug',
  direction: 'both',
  keys: [
    {
      names: ['output_activation', 'final_activation', 'last_activation', 'head_activation'],
      strength: (value) => (typeof value === 'string' && /softmax/i.test(value) ? 1 : 0),
    },
    { names: ['from_logits'], strength: (value) => (value === false ? 0.3 : 0) },
  ],
  terms: [
    base(-2),
    initialAgrees(1),
    accuracyAgrees(1),
    { id: 'stuck', weight: 3.5, value: stuckAt },
    { id: 'level-fits', weight: 2, value: ({ doubled }) => fitsWithin(doubled?.error ?? null, FITS, MISSES) },
    { id: 'level-misses', weight: -3, value: ({ doubled }) => missesBeyond(doubled?.error ?? null, FITS, MISSES) },
    { id: 'passes', weight: -3.5, value: ({ init, doubled }) => (init.classes !== null && !doubled ? 1 : 0) },
    { id: 'no-level', weight: -2, value: ({ init, doubled }) => (init.classes === null && !doubled ? 1 : 0) },
    configOn(2.5),
    { id: 'smoothing-explains', weight: -2, value: smoothingFits },
    // Only the train side: a validation loss through two softmaxes is not the plain loss.
    { id: 'confidence-bounded', weight: -1.5, value: (of) => (of.doubled?.side === 'Train' ? confidenceBounded(of) : 0) },
    dataByProbe(-3),
  ],
  unique: isUnique,
  evidence: (of) => {
    const { doubled, config } = of;
    const said: string[] = [];
    if (doubled && (doubled.error === null || doubled.error < MISSES))
      said.push(
        `${doubled.side} loss never goes below ${figure(doubled.at)}; applying softmax twice with ` +
          `${doubled.classes} classes cannot go below ${figure(doubled.floor)}.`,
      );
    if (doubled?.error !== null && doubled?.error !== undefined && doubled.error < FITS)
      said.push(`${doubled.side} loss plus accuracy stays at ${figure(doubled.floor + 1)}, as two softmaxes make it.`);
    if (config.state === 'on' && config.setting)
      said.push(`${config.setting.key}=${shown(config.setting.value)} together with cross-entropy, which applies softmax itself.`);
    return said;
  },
  against: ({ init, doubled, trainMin }) => {
    if (doubled?.error !== null && doubled?.error !== undefined && doubled.error > MISSES)
      return [`${doubled.side} loss plus accuracy is ${figure(doubled.error)} away from the level that two softmaxes would keep.`];
    if (doubled || trainMin === null) return [];
    return init.classes === null
      ? ['The number of classes is unknown, so the level it would be stuck at is too.']
      : [`Train loss reaches ${figure(trainMin)}, past ${figure(doubleSoftmaxFloor(init.classes))}, where two softmaxes would stop it.`];
  },
  confirm: 'Compute the loss of one batch with both loss functions.',
  remedies: ['feed-logits', 'same-loss'],
};

/** Accuracy proves it; without one the loss must lie at the level itself. */
function isUnique({ doubled }: Case): boolean {
  if (!doubled) return false;
  return doubled.error !== null ? doubled.error < FITS : doubled.at < 1.03 * doubled.floor;
}
