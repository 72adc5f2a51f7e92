/**
 * B16: the gradient norm explodes or vanishes (reference section B; ZClip, SageMaker Debugger VanishingGradient): the logarithm lies
 * more than 6 standard deviations above its running mean (factor 0.97) in 2 of 5 logs; or 20 logs in a row are below 1e-7.
 */
import type { Fault } from '../diagnosis.ts';
import { figure, times } from '../words.ts';
import type { Track } from '../view.ts';
import { placeOf, placeWords } from './place.ts';
import type { HealthRule } from './rule.ts';

const CONFIDENCE = 0.6;
const FACTOR = 0.97;
const DEVIATIONS = 6;
const OF = 5;
/** Logs before the running mean and spread are to be trusted. */
const LEARN = 50;
/** Log norms spread at least this much (about 10 %), whatever a quiet stretch says. */
const LEAST_SPREAD = 0.1;
const VANISHED = 1e-7;
const VANISHED_FOR = 20;

export const gradientNorm: HealthRule = {
  id: 'B16',
  name: 'gradient norm',
  needs: 'gradient norm',
  check({ gradNorm }) {
    if (!gradNorm) return { notChecked: 'no gradient norm is logged' };
    const found = vanished(gradNorm) ?? exploded(gradNorm);
    return { faults: found ? [found] : [] };
  },
};

function exploded(track: Track): Fault | null {
  let middle = 0;
  let square = 0;
  let seen = 0;
  let before = -Infinity;
  for (let i = 0; i < track.value.length; i += 1) {
    const norm = track.value[i] as number;
    if (!Number.isFinite(norm) || norm <= 0) continue;
    const log = Math.log(norm);
    const spread = Math.max(LEAST_SPREAD, Math.sqrt(square));
    const z = (log - middle) / spread;
    if (seen >= LEARN && z > DEVIATIONS) {
      if (i - before < OF) return explosion(track, i, norm / Math.exp(middle));
      before = i;
    } else {
      // High values are kept out of the mean, or the first would hide the second.
      const weight = Math.max(1 - FACTOR, 1 / (seen + 1));
      square = (1 - weight) * (square + weight * (log - middle) ** 2);
      middle += weight * (log - middle);
      seen += 1;
    }
  }
  return null;
}

function explosion(track: Track, i: number, ratio: number): Fault {
  const at = placeOf(track, i);
  const text = `Gradient norm ${figure(track.value[i] as number)} at ${placeWords(at, i)} is ${times(ratio)} its running mean.`;
  return made(at, text, ['clip-gradients', 'warmup', 'lower-lr']);
}

function vanished(track: Track): Fault | null {
  let inRow = 0;
  for (let i = 0; i < track.value.length; i += 1) {
    inRow = (track.value[i] as number) < VANISHED ? inRow + 1 : 0;
    if (inRow < VANISHED_FOR) continue;
    const at = placeOf(track, i);
    const text = `Gradient norm has been below ${VANISHED} for ${VANISHED_FOR} logs (${placeWords(at, i)}): nothing is learned any more.`;
    return made(at, text, ['check-init', 'check-frozen', 'lower-lr']);
  }
  return null;
}

function made(at: Fault['at'], text: string, remedies: string[]): Fault {
  return { id: 'B16', name: gradientNorm.name, severity: 'warning', at, text, remedies, confidence: CONFIDENCE };
}
