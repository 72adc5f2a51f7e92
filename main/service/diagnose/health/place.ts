/** Where in a run something is: for the finding and for its sentence. */
import type { Fault } from '../diagnosis.ts';
import { epochFigure, figure, stepFigure } from '../words.ts';
import type { Evals, Track } from '../view.ts';

/** Place of point `i` of a series; axes that are not logged are left out. */
export function placeOf(track: Pick<Track, 'step' | 'epoch' | 'time'>, i: number): Fault['at'] {
  const at: Fault['at'] = {};
  const [step, epoch, time] = [track.step[i] ?? NaN, track.epoch[i] ?? NaN, track.time[i] ?? NaN];
  if (Number.isFinite(step)) at.step = step;
  if (Number.isFinite(epoch)) at.epoch = epoch;
  if (Number.isFinite(time)) at.time = time;
  return at;
}

/** Place of eval `i`. */
export function placeOfEval(evals: Evals, i: number): Fault['at'] {
  return { eval: i, ...placeOf(evals, i) };
}

/** "step 609", "epoch 4", "eval 7 (step 609)", or "the point 12th in order" where no axis is logged. */
export function placeWords(at: Fault['at'], index: number): string {
  if (at.step !== undefined) return `step ${stepFigure(at.step)}`;
  if (at.epoch !== undefined) return `epoch ${epochFigure(at.epoch)}`;
  return at.eval !== undefined ? `eval ${at.eval + 1}` : `point ${index + 1}`;
}

/** " at learning rate 0.001", or nothing where none is logged. */
export function rateWords(lr: number | undefined): string {
  return lr !== undefined && Number.isFinite(lr) ? ` at learning rate ${figure(lr)}` : '';
}
