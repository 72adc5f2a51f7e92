/** What the fit learns from: the terms of every cause at a moment of a run, and which causes were at work. */
import { buildView } from '../../main/service/diagnose/build-view.ts';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { evidenceOf } from '../../main/service/diagnose/evidence.ts';
import { gapSeries } from '../../main/service/diagnose/gap.ts';
import type { RunInput } from '../../main/service/diagnose/input.ts';
import { scoreCauses, termsOf } from '../../main/service/diagnose/score.ts';
import { settingsOf } from '../../main/service/diagnose/settings.ts';
import { gapOf, watchGap } from '../../main/service/diagnose/watch-gap.ts';

export interface Truth {
  id: string;
  task: string;
  /** Shares of the causes at work, summing to 1. */
  causes: Map<string, number>;
  verdicts: string[];
  families: string[];
  weight: number;
}

export type Condition = 'curves' | 'probe' | 'config' | 'both';
export const CONDITIONS: readonly Condition[] = ['curves', 'probe', 'config', 'both'];

export interface Sample {
  truth: Truth;
  condition: Condition;
  moment: 'alert' | 'end';
  /** Term values by cause, in the order of `termsOf`; null where vetoed. */
  values: (Float64Array | null)[];
}

/** The run without its configuration or probe. An evaluated train loss is no probe that could be hidden. */
export function hide(run: RunInput, condition: Condition): RunInput {
  const config = condition === 'config' || condition === 'both' ? run.config : new Map();
  const keepsProbe = condition === 'probe' || condition === 'both';
  return { ...run, config, series: run.series.filter((series) => !series.probe || keepsProbe || series.meaning === 'evaluation') };
}

/** The run as it stood when its eval `last` (0-based, a measurement at step 0 not counted) had arrived. */
export function upTo(run: RunInput, last: number): RunInput {
  const { evals, axis } = buildView(run);
  const limit = evals.at[last];
  if (limit === undefined || axis === 'index') return run;
  const cut = run.series.map((series) => {
    const column = axis === 'step' ? series.step : series.epoch;
    let end = column.length;
    while (end > 0 && (column[end - 1] as number) > limit) end -= 1;
    return {
      ...series,
      step: series.step.slice(0, end),
      epoch: series.epoch.slice(0, end),
      time: series.time.slice(0, end),
      value: series.value.slice(0, end),
    };
  });
  return { ...run, series: cut };
}

/** Term values of every cause for a run as it stands. */
function termValues(run: RunInput): (Float64Array | null)[] {
  const view = buildView(run);
  const series = gapSeries(view);
  const watched = watchGap(view, series);
  const scored = scoreCauses(evidenceOf(view, series, watched.burnIn), causes);
  return causes.map((cause) => {
    const found = scored.find((each) => each.cause === cause);
    if (!found || found.vetoed !== null) return null;
    return Float64Array.from(termsOf(cause), (term) => term.value(found.of));
  });
}

/** Eval at whose arrival validation below training was first reported; null if it never was. */
function firstAlert(run: RunInput): number | null {
  const view = buildView(run);
  const series = gapSeries(view);
  const gap = gapOf(view, series, watchGap(view, series));
  return gap.state === 'val-below' ? (gap.firedAt?.eval ?? null) : null;
}

/** Samples of one run: at the first alert and at the end, in every condition that its log allows. */
export function samplesOf(run: RunInput, truth: Truth, allowed: readonly Condition[]): Sample[] {
  const alert = firstAlert(run);
  if (alert === null) return [];
  const samples: Sample[] = [];
  for (const condition of allowed) {
    const seen = hide(run, condition);
    samples.push({ truth, condition, moment: 'alert', values: termValues(upTo(seen, alert)) });
    samples.push({ truth, condition, moment: 'end', values: termValues(seen) });
  }
  return samples;
}

/** Conditions that a run can be shown under: config and probe can be hidden, not added. */
export function conditionsOf(run: RunInput): Condition[] {
  const config = settingsOf(run.config).known;
  const probe = run.series.some((series) => series.probe && series.meaning !== 'evaluation');
  return CONDITIONS.filter((condition) =>
    condition === 'curves' ? true : condition === 'config' ? config : condition === 'probe' ? probe : config && probe,
  );
}
