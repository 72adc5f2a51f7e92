/** Counts a measured corpus into the score card, with n and exact 95 % intervals, and holds it against the release gate. */
import type { Answer, Measured } from './diagnosis-measure.ts';
import { exactInterval } from './exact-interval.ts';
import { calibrationError, errorByChance, overconfidence } from './fit-score.ts';
import { CONDITIONS, type Condition } from './fit-samples.ts';

const CONTROLS = new Set(['healthy', 'overfit', 'lag']);

interface Share {
  k: number;
  n: number;
}

const count = <T>(list: readonly T[], holds: (each: T) => boolean): Share => ({ k: list.filter(holds).length, n: list.length });
const value = ({ k, n }: Share): number => (n === 0 ? NaN : k / n);

function shown(share: Share): string {
  if (share.n === 0) return '-';
  const [low, high] = exactInterval(share.k, share.n);
  return `${value(share).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] ${share.k}/${share.n}`;
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

export interface Detection {
  recall: Share;
  recallAbove: Share;
  falseAlarms: Share;
  falseWithoutGap: Share;
  notified: Share;
  delays: number[];
  /** Runs with validation anomalously above training whose verdict is right; ordinary ones that were given a verdict. */
  mirrorRight: Share;
  mirrorWrong: Share;
}

/** Detection rates; ambiguous runs are left out. */
export function detectionOf(measured: readonly Measured[]): Detection {
  const clear = measured.filter(({ label }) => label.anomalous && label.clear && label.direction === 'val-below');
  const above = measured.filter(({ label }) => label.anomalous && label.clear && label.direction === 'val-above');
  const controls = measured.filter(({ label }) => CONTROLS.has(label.kind) && !label.ambiguous);
  const without = measured.filter(({ label }) => !label.anomalous && !label.ambiguous && !CONTROLS.has(label.kind));
  const ordinary = measured.filter(({ label, diagnosis }) => !label.anomalous && diagnosis.gap.state === 'val-above');
  const below = ({ diagnosis }: Measured): boolean => diagnosis.gap.state === 'val-below';
  const delays = clear
    .filter(below)
    .flatMap(({ label, diagnosis }) =>
      diagnosis.gap.firedAt && label.onsetEval !== null ? [diagnosis.gap.firedAt.eval - label.onsetEval] : [],
    );
  return {
    recall: count(clear, below),
    recallAbove: count(above, ({ diagnosis }) => diagnosis.gap.state === 'val-above'),
    falseAlarms: count(controls, below),
    falseWithoutGap: count(without, below),
    notified: count(controls, ({ diagnosis }) => diagnosis.notify.some(({ rule, expected }) => rule === 'val-below' && !expected)),
    delays,
    mirrorRight: count(above, ({ diagnosis }) => diagnosis.verdict?.kind === 'bug'),
    mirrorWrong: count(ordinary, ({ diagnosis }) => diagnosis.verdict !== null),
  };
}

/** Overfitting (B5): labelled and found; found in runs where it is neither labelled nor allowed, and SageMaker's rule there. */
function overfitting(measured: readonly Measured[]): { found: Share; wrong: Share; sagemaker: Share } {
  const has = (each: Measured): boolean => each.label.faults.some(({ id }) => id === 'B5');
  const clean = measured.filter((each) => !has(each) && !each.label.faultsAllowed.includes('B5'));
  const says = ({ diagnosis }: Measured): boolean => diagnosis.faults.some(({ id }) => id === 'B5');
  return {
    found: count(measured.filter(has), says),
    wrong: count(clean, says),
    sagemaker: count(clean, ({ baselines }) => baselines.sagemakerOverfit !== null),
  };
}

/** Answers of one condition and moment, with the runs they belong to. */
function answers(measured: readonly Measured[], condition: Condition, moment: Answer['moment']): Answer[] {
  return measured.flatMap((each) => each.answers.filter((answer) => answer.condition === condition && answer.moment === moment));
}

function answerRows(measured: readonly Measured[], moment: Answer['moment']): string[] {
  return CONDITIONS.map((condition) => {
    const these = answers(measured, condition, moment);
    const stated = these.filter((answer) => answer.stated);
    return [
      condition.padEnd(8),
      shown(count(these, (answer) => answer.verdictRight)).padEnd(30),
      `${(stated.length / Math.max(1, these.length)).toFixed(2)} ${value(count(stated, (answer) => answer.verdictRight)).toFixed(3)}`.padEnd(
        12,
      ),
      ...[count(these, (a) => a.familyRight), count(these, (a) => a.top1), count(these, (a) => a.top3)].map((share) =>
        value(share).toFixed(3).padEnd(7),
      ),
      calibrationError(these).toFixed(3).padEnd(6),
      overconfidence(these).toFixed(3).padEnd(14),
      these.length > 0 ? errorByChance(these).toFixed(3) : '-',
    ].join(' ');
  });
}

function baselineRows(measured: readonly Measured[]): string[] {
  const controls = measured.filter(({ label }) => CONTROLS.has(label.kind) && !label.ambiguous);
  const clear = measured.filter(({ label }) => label.anomalous && label.clear && label.direction === 'val-below');
  return (
    [
      ['validation below training 3 times in a row', 'naive3'],
      ['UMLAUT, overconfident validation accuracy', 'umlaut'],
      ['SageMaker Debugger, overfit', 'sagemakerOverfit'],
    ] as const
  ).map(
    ([title, key]) =>
      `  ${title.padEnd(44)} on controls ${shown(count(controls, ({ baselines }) => baselines[key] !== null))}, on clear gaps ${shown(count(clear, ({ baselines }) => baselines[key] !== null))}`,
  );
}

/** The whole card as text. */
export function scoreCard(measured: readonly Measured[]): string {
  const detection = detectionOf(measured);
  const overfit = overfitting(measured);
  const distracted = measured.filter(({ label }) => label.distractor);
  const pairs = answers(measured, 'config', 'end').filter(({ complete }) => complete !== null);
  const times = measured.map(({ milliseconds }) => milliseconds);
  const header = '         verdict right                  stated/right family  top-1   top-3   ECE    of it too sure ECE by chance alone';
  return [
    `${measured.length} runs. Shares with exact 95 % intervals.`,
    '',
    `sustained gaps found            ${shown(detection.recall)}`,
    `  validation above, anomalous   ${shown(detection.recallAbove)}; called a bug ${shown(detection.mirrorRight)}`,
    `false alarms on controls        ${shown(detection.falseAlarms)}; notified ${shown(detection.notified)}`,
    `  on other runs without a gap   ${shown(detection.falseWithoutGap)}`,
    `  ordinary gaps above, blamed   ${shown(detection.mirrorWrong)}`,
    `delay after onset in evals      median ${quantile(detection.delays, 0.5)}, p90 ${quantile(detection.delays, 0.9)}`,
    `overfitting found (B5)          ${shown(overfit.found)}; false ${shown(overfit.wrong)}, by SageMaker's rule ${shown(overfit.sagemaker)}`,
    '',
    'Known rules on the same runs',
    ...baselineRows(measured),
    '',
    ...(['end', 'alert'] as const).flatMap((moment) => [
      moment === 'end' ? 'With the whole run' : 'At the first alert',
      header,
      ...answerRows(measured, moment),
      '',
    ]),
    `runs with a misleading weak key, config: top-1 ${shown(count(answers(distracted, 'config', 'end'), (a) => a.top1))}`,
    `two causes at work, config: first answer is one of them ${shown(count(pairs, (a) => a.top1))}, both among the first three ${shown(count(pairs, (a) => a.complete === true))}`,
    `CPU time of a diagnosis: median ${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)} ms`,
  ].join('\n');
}

/** Lines for what misses the release gate; empty when it is passed. Conditions with fewer than 15 answers are not judged. */
export function gateFailures(measured: readonly Measured[]): string[] {
  const failures: string[] = [];
  const atLeast = (what: string, got: number, gate: number): void => {
    if (Number.isFinite(got) && got < gate) failures.push(`${what}: ${got.toFixed(3)}, gate ${gate}`);
  };
  const atMost = (what: string, got: number, gate: number): void => {
    if (got > gate) failures.push(`${what}: ${got.toFixed(3)}, gate ${gate}`);
  };
  const { recall, falseAlarms, delays } = detectionOf(measured);
  atLeast('recall of sustained gaps', value(recall), 0.95);
  atMost('false alarms on controls', value(falseAlarms), 0.01);
  atMost('median delay', quantile(delays, 0.5), 8);
  const overfit = overfitting(measured);
  atLeast('overfitting found', value(overfit.found), 0.97);
  atMost('overfitting, false', value(overfit.wrong), 0.05);
  const gates: Record<Condition, number> = { curves: 0.75, probe: 0.9, config: 0.92, both: 0.95 };
  for (const condition of CONDITIONS) {
    const these = answers(measured, condition, 'end');
    if (these.length >= 15) atLeast(`verdict, ${condition}`, value(count(these, (a) => a.verdictRight)), gates[condition]);
    // Claiming too much is the fault; runs that the weights were fitted on are right more often than they say.
    if (these.length >= 80) atMost(`overconfidence, ${condition}`, overconfidence(these), 0.08);
  }
  const config = answers(measured, 'config', 'end');
  atLeast('cause top-1, config', value(count(config, (a) => a.top1)), 0.82);
  atLeast('cause top-3, config', value(count(config, (a) => a.top3)), 0.95);
  atLeast(
    'cause top-1, distracted',
    value(
      count(
        answers(
          measured.filter(({ label }) => label.distractor),
          'config',
          'end',
        ),
        (a) => a.top1,
      ),
    ),
    0.72,
  );
  return failures;
}
