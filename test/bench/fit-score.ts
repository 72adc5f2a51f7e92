/** How well fitted weights do: verdict, family, causes and calibration by condition. */
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { probabilities } from './fit-model.ts';
import { dice } from './fit-runs.ts';
import type { Condition, Sample } from './fit-samples.ts';

export interface Outcome {
  id: string;
  task: string;
  condition: Condition;
  moment: 'alert' | 'end';
  weight: number;
  verdict: string;
  verdictRight: boolean;
  confidence: number;
  /** Sum of the probabilities of the verdicts that count as right. */
  onRight: number;
  familyRight: boolean;
  top: string[];
  top1: boolean;
  top3: boolean;
  truth: string[];
}

/** Most probable verdict, family and causes of a sample against its truth. */
export function outcome(sample: Sample, weights: Float64Array, offsets: readonly number[]): Outcome {
  const p = probabilities(sample, weights, offsets);
  const sums = (key: 'verdict' | 'family'): [string, number][] => {
    const totals = new Map<string, number>();
    causes.forEach((cause, c) => totals.set(cause[key], (totals.get(cause[key]) ?? 0) + (p[c] as number)));
    return [...totals].sort((a, b) => b[1] - a[1]);
  };
  const verdicts = sums('verdict');
  const [verdict, confidence] = verdicts[0] as [string, number];
  const [family] = sums('family')[0] as [string, number];
  const top = causes
    .map((cause, c) => [cause.id, p[c] as number] as const)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([id]) => id);
  const { truth } = sample;
  return {
    id: truth.id,
    task: truth.task,
    condition: sample.condition,
    moment: sample.moment,
    weight: truth.weight,
    verdict,
    confidence,
    verdictRight: truth.verdicts.includes(verdict),
    onRight: verdicts.filter(([kind]) => truth.verdicts.includes(kind)).reduce((total, [, share_]) => total + share_, 0),
    familyRight: truth.families.includes(family),
    top,
    top1: truth.causes.has(top[0] ?? ''),
    top3: top.some((id) => truth.causes.has(id)),
    truth: [...truth.causes.keys()],
  };
}

/** Mean log loss of the verdicts in nats. */
export function verdictLoss(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((total, { onRight }) => total - Math.log(Math.max(onRight, 1e-9)), 0) / outcomes.length;
}

/** Mean squared distance of what was said from what came true (Brier 1950); a few that were sure and wrong do not decide it alone. */
export function brierScore(outcomes: readonly Said[]): number {
  return outcomes.reduce((total, { confidence, verdictRight }) => total + (confidence - (verdictRight ? 1 : 0)) ** 2, 0) / outcomes.length;
}

type Said = { confidence: number; verdictRight: boolean };

/** Expected calibration error of the verdict over ten bins. */
export function calibrationError(outcomes: readonly Said[]): number {
  return overBins(outcomes, Math.abs);
}

/** The part of the calibration error in which more was claimed than came true. */
export function overconfidence(outcomes: readonly Said[]): number {
  return overBins(outcomes, (excess) => Math.max(0, excess));
}

const DRAWS = 200;

/** The calibration error that a perfectly calibrated judge would show on so few runs: the mean over draws of what comes true. */
export function errorByChance(outcomes: readonly Said[]): number {
  const roll = dice(7);
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw += 1)
    sum += calibrationError(outcomes.map(({ confidence }) => ({ confidence, verdictRight: roll() < confidence })));
  return sum / DRAWS;
}

function overBins(outcomes: readonly Said[], cost: (saidMinusRight: number) => number): number {
  let error = 0;
  for (let bin = 0; bin < 10; bin += 1) {
    const inside = outcomes.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === bin);
    if (inside.length === 0) continue;
    const right = inside.filter(({ verdictRight }) => verdictRight).length / inside.length;
    const said = inside.reduce((total, { confidence }) => total + confidence, 0) / inside.length;
    error += (inside.length / outcomes.length) * cost(said - right);
  }
  return error;
}

export function share(outcomes: readonly Outcome[], pick: (each: Outcome) => boolean): string {
  return outcomes.length === 0 ? '-' : (outcomes.filter(pick).length / outcomes.length).toFixed(3);
}

/** One line a condition. */
export function table(outcomes: readonly Outcome[]): string {
  const lines = ['condition  n    verdict stated right family top1  top3  ece'];
  for (const condition of ['curves', 'probe', 'config', 'both'] as const) {
    const these = outcomes.filter((each) => each.condition === condition);
    const stated = these.filter(({ confidence }) => confidence >= 0.7);
    lines.push(
      [
        condition.padEnd(10),
        String(these.length).padEnd(4),
        share(these, (e) => e.verdictRight),
        ' ',
        (stated.length / Math.max(1, these.length)).toFixed(2),
        ' ',
        share(stated, (e) => e.verdictRight),
        share(these, (e) => e.familyRight),
        share(these, (e) => e.top1),
        share(these, (e) => e.top3),
        calibrationError(these).toFixed(3),
      ].join(' '),
    );
  }
  return lines.join('\n');
}
