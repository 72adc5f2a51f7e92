/** What the data causes have in common: training samples are harder even when measured like validation (reference section 4, D*). */
import { figure, percent, points } from '../words.ts';
import type { Case, Term } from './cause.ts';
import {
  accuracyAgrees,
  accuracyLower,
  dataByProbe,
  explainedBySetting,
  initialAgrees,
  measuredApart,
  probeDiffersAtStart,
  startsAtGuessing,
} from './terms.ts';

export function dataTerms(probe: number): Term[] {
  return [
    initialAgrees(1),
    accuracyLower(2),
    accuracyAgrees(-2),
    measuredApart(-2),
    dataByProbe(probe),
    probeDiffersAtStart(-2),
    explainedBySetting(-1),
  ];
}

/** Mean probe and validation loss over the telling evals. */
function cleanAndVal({ view, gap, tellingEvals }: Case): { clean: number; val: number } | null {
  let clean = 0;
  let val = 0;
  let n = 0;
  for (const i of tellingEvals) {
    const c = view.evals.cleanTrain[i] as number;
    if (!Number.isFinite(c)) continue;
    clean += c;
    val += gap.val[i] as number;
    n += 1;
  }
  return n > 0 ? { clean: clean / n, val: val / n } : null;
}

export function dataEvidence(of: Case): string[] {
  const said: string[] = [];
  const both = cleanAndVal(of);
  if (both && of.dataShare !== null && of.dataShare >= 0.5)
    said.push(
      of.view.trainMeaning === 'evaluation'
        ? 'The logged train loss is measured like validation, and training data still scores ' +
            `${figure(both.clean)} against ${figure(both.val)}.`
        : `Even measured exactly like validation, training data scores ${figure(both.clean)} against ` +
            `${figure(both.val)}: ${percent(Math.min(1, of.dataShare))} of the gap is in the data.`,
    );
  if (of.accuracyLower > 0.5 && of.accuracyGap !== null) said.push(`Validation accuracy is ${points(of.accuracyGap)} higher as well.`);
  return said;
}

export function dataAgainst(of: Case): string[] {
  const said: string[] = [];
  if (of.dataShare !== null && of.dataShare <= 0.3)
    said.push(
      `Measured like validation, training data is no harder: only ${percent(Math.max(0, of.dataShare))} of the gap is in the data.`,
    );
  if (of.accuracyAgrees > 0.5) said.push('Accuracies agree; easier validation data would be classified better too.');
  if (of.init.off > 0.5 && of.init.d0 !== null && startsAtGuessing(of))
    said.push(`The curves differ before any training (ln ratio ${figure(of.init.d0)}), when data hardly matters.`);
  return said;
}
