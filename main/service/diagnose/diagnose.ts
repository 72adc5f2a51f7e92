/** The diagnosis of one run: pure, from the values that are there. Never throws on missing or odd input. */
import { buildView } from './build-view.ts';
import { causes } from './causes/index.ts';
import type { Diagnosis, Fault, Gap } from './diagnosis.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import { experimentFor } from './experiments.ts';
import { gapSeries } from './gap.ts';
import { healthRules } from './health/index.ts';
import type { RunInput } from './input.ts';
import { scoreMirror } from './mirror.ts';
import { notices } from './notify.ts';
import { scoreCauses, type Scored } from './score.ts';
import { seedSpread, spreadWords } from './seeds.ts';
import { sentenceFor } from './sentence.ts';
import { judge, type Judged } from './verdict.ts';
import type { View } from './view.ts';
import { waterfallOf } from './waterfall.ts';
import { FEWEST_EVALS, gapOf, watchGap } from './watch-gap.ts';

/** Diagnoses a run. The same points give the same answer, however they arrived. */
export function diagnose(run: RunInput): Diagnosis {
  const view = buildView(run);
  const series = gapSeries(view);
  const watched = watchGap(view, series);
  const gap = gapOf(view, series, watched);
  const seeds = seedSpread([gap.d, ...(run.otherSeeds ?? [])]);
  const evidence = evidenceOf(view, series, watched.burnIn, gap.d === null ? null : seeds);
  const scored = scoredFor(gap, evidence);
  const judged = scored ? judge(scored) : null;
  const health = checkHealth(view);
  const explained = { view, gap, evidence, judged, faults: health.faults, transient: watched.transient, lagOnly: watched.lagOnly };
  const checks = checked(gap, scored, health);
  return {
    sentence: sentenceFor(explained),
    gap,
    verdict: judged?.verdict ?? null,
    causes: judged?.causes ?? [],
    faults: health.faults,
    ...checks,
    seeds: evidence.seeds && { ...evidence.seeds, text: spreadWords(evidence.seeds) },
    waterfall: judged && gap.state === 'val-below' ? waterfallOf(evidence, judged.causes) : null,
    experiment: judged ? experimentFor(explained) : null,
    notify: notices(explained),
  };
}

/** What sentence, experiment and notification are made from. */
export interface Explained {
  view: View;
  gap: Gap;
  evidence: Evidence;
  judged: Judged | null;
  faults: Fault[];
  transient: boolean;
  lagOnly: number | null;
}

function scoredFor(gap: Gap, evidence: Evidence): Scored[] | null {
  if (gap.state === 'val-below') return scoreCauses(evidence, causes);
  if (gap.state === 'val-above') return scoreMirror(evidence, causes);
  return null;
}

interface Health {
  faults: Fault[];
  checked: string[];
  notChecked: { id: string; why: string }[];
}

function checkHealth(view: View): Health {
  const health: Health = { faults: [], checked: [], notChecked: [] };
  for (const rule of healthRules) {
    const result = rule.check(view);
    if ('notChecked' in result) health.notChecked.push({ id: rule.id, why: result.notChecked });
    else {
      health.checked.push(rule.id);
      health.faults.push(...result.faults);
    }
  }
  return health;
}

function checked(gap: Gap, scored: Scored[] | null, health: Health): Pick<Diagnosis, 'checked' | 'notChecked'> {
  const checks = [...health.checked];
  const notChecked = [...health.notChecked];
  if (gap.evals === 0) notChecked.unshift({ id: 'gap', why: 'no pair of train and validation losses is logged' });
  else if (gap.state === 'too-few') notChecked.unshift({ id: 'gap', why: `not enough evals yet (${gap.evals} of ${FEWEST_EVALS})` });
  else checks.unshift('gap');
  for (const { cause, vetoed } of scored ?? []) {
    if (vetoed === null) checks.push(cause.id);
    else notChecked.push({ id: cause.id, why: vetoed });
  }
  if (!scored)
    for (const { id } of causes)
      notChecked.push({
        id,
        why: gap.state === 'too-few' ? `not enough evals yet (${gap.evals} of ${FEWEST_EVALS})` : 'no gap to explain',
      });
  return { checked: checks, notChecked };
}
