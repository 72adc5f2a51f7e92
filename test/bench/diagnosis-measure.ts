/** What the diagnosis says of each run of a labelled corpus, ready to be counted. */
import { baselinesOf, type Baselines } from './diagnosis-baselines.ts';
import { conditionsOf, hide, upTo, type Condition } from './fit-samples.ts';
import type { Labelled } from './fit-corpora.ts';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { diagnose } from '../../main/service/diagnose/diagnose.ts';
import type { Diagnosis } from '../../main/service/diagnose/diagnosis.ts';

export interface Answer {
  condition: Condition;
  moment: 'alert' | 'end';
  verdict: string;
  stated: boolean;
  confidence: number;
  verdictRight: boolean;
  familyRight: boolean;
  top1: boolean;
  top3: boolean;
  /** Two causes at work and both among the first three. */
  complete: boolean | null;
}

export interface Measured {
  label: Labelled;
  diagnosis: Diagnosis;
  baselines: Baselines;
  answers: Answer[];
  milliseconds: number;
}

/** `published` are the evals at which known rules fire as the corpus says; without them they are worked out here. */
export function measure(label: Labelled, published: Baselines | null = null): Measured {
  const began = process.cpuUsage();
  const diagnosis = diagnose(label.run);
  const { user, system } = process.cpuUsage(began);
  return {
    label,
    diagnosis,
    baselines: published ?? baselinesOf(label.run),
    answers: label.truth ? answersOf(label, diagnosis) : [],
    milliseconds: (user + system) / 1000,
  };
}

function answersOf(label: Labelled, whole: Diagnosis): Answer[] {
  const alert = whole.gap.state === 'val-below' ? whole.gap.firedAt?.eval : undefined;
  if (alert === undefined) return [];
  return conditionsOf(label.run).flatMap((condition) => {
    const run = hide(label.run, condition);
    return [answer(label, condition, 'alert', diagnose(upTo(run, alert))), answer(label, condition, 'end', diagnose(run))].filter(
      (each) => each !== null,
    );
  });
}

function answer(
  { truth, injected }: Labelled,
  condition: Condition,
  moment: 'alert' | 'end',
  { verdict, causes: ranked }: Diagnosis,
): Answer | null {
  if (!truth || !verdict) return null;
  const leading = verdict.leading ?? verdict.kind;
  const top = ranked.map(({ id }) => id);
  const families = new Map(causes.map(({ id, family }) => [id, family]));
  const two = injected.length > 1 && truth.causes.size > 1;
  return {
    condition,
    moment,
    verdict: leading,
    stated: verdict.kind !== 'unclear',
    confidence: verdict.probability,
    verdictRight: truth.verdicts.includes(leading),
    familyRight: truth.families.includes(families.get(top[0] ?? '') ?? ''),
    top1: truth.causes.has(top[0] ?? ''),
    top3: top.slice(0, 3).some((id) => truth.causes.has(id)),
    complete: two ? [...truth.causes.keys()].every((id) => top.slice(0, 3).includes(id)) : null,
  };
}
