/** Known simple rules, for comparison on the same runs: the eval (0-based) at which each first fires, null if never. */
import { buildView } from '../../main/service/diagnose/build-view.ts';
import type { RunInput } from '../../main/service/diagnose/input.ts';

export interface Baselines {
  /** Validation below training on three evals in a row. */
  naive3: number | null;
  /** UMLAUT, OverconfidentValAccuracy: validation accuracy above 0.95 or 0.05 above training, after the third epoch. */
  umlaut: number | null;
  /** UMLAUT, overfitting: an eval at which validation rises and training does not. */
  umlautOverfit: number | null;
  /** SageMaker Debugger, Overfit: (validation - training) / training above 0.1. */
  sagemakerOverfit: number | null;
}

export function baselinesOf(run: RunInput): Baselines {
  const { evals } = buildView(run);
  const indexes = Array.from(evals.val.keys());
  const first = (holds: (i: number) => boolean): number | null => indexes.find(holds) ?? null;
  const train = (i: number): number => evals.train[i] as number;
  const val = (i: number): number => evals.val[i] as number;
  const valAccuracy = (i: number): number => evals.valAccuracy[i] as number;
  return {
    naive3: first((i) => i >= 2 && [i, i - 1, i - 2].every((k) => val(k) < train(k))),
    umlaut: first((i) => i >= 3 && (valAccuracy(i) > 0.95 || valAccuracy(i) - (evals.trainAccuracy[i] as number) > 0.05)),
    umlautOverfit: first((i) => i >= 1 && val(i) > val(i - 1) && train(i) <= train(i - 1)),
    sagemakerOverfit: first((i) => (val(i) - train(i)) / train(i) > 0.1),
  };
}
