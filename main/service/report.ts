/** The document of `gapwatch check --json`, schema gapwatch.check/1. */
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { remedyTitle } from './diagnose/remedies.ts';
import { jsonNumber } from './json.ts';
import type { RunSeries } from './runs/assemble.ts';
import type { Run } from './runs/catalogue.ts';
import type { Extreme } from './store/store.ts';

/** Names that the document keeps where the window has plainer words. */
const FAULT_NAMES = new Map([['B1', 'non-finite']]);

interface Place {
  x: number;
  value: number | string;
}

export interface ReportedProblem {
  file: string;
  offset: number;
  text: string;
}

export function reportDocument(root: string, runs: object[], problems: ReportedProblem[]): object {
  return { schema: 'gapwatch.check/1', root, runs, problems };
}

/** One run as the document has it. `name` and `state` as the window shows them. */
export function reportRun(run: Run, name: string, state: string, diagnosis: Diagnosis): object {
  const { curve: _, ...gap } = diagnosis.gap;
  return {
    id: run.folder,
    name,
    state,
    sources: run.sources.map(({ row }) => ({ file: row.path, format: row.format })),
    config: Object.fromEntries(run.config),
    series: run.series.map(reportSeries),
    gap,
    verdict: diagnosis.verdict,
    causes: diagnosis.causes.map((cause) => ({ ...cause, remedies: cause.remedies.map(remedyTitle) })),
    faults: diagnosis.faults.map((fault) => ({ ...fault, name: FAULT_NAMES.get(fault.id) ?? fault.name, remedies: fault.remedies.map(remedyTitle) })),
    notChecked: diagnosis.notChecked,
    checked: diagnosis.checked,
    sentence: diagnosis.sentence,
    waterfall: diagnosis.waterfall,
    seeds: diagnosis.seeds,
  };
}

function reportSeries(series: RunSeries): object {
  const axis = series.parts.some((part) => part.hasStep) ? 'step' : 'epoch';
  const place = (extreme: Extreme | null | undefined): Place | null => (extreme ? { x: extreme[axis] ?? extreme.step ?? extreme.epoch ?? extreme.index, value: jsonNumber(extreme.value) } : null);
  const lowest = best(series, 'min', (a, b) => a < b);
  const highest = best(series, 'max', (a, b) => a > b);
  return {
    name: series.name,
    metric: series.metric,
    split: series.split,
    axis,
    points: series.parts.reduce((sum, part) => sum + part.count, 0),
    nonFinite: series.parts.reduce((sum, part) => sum + part.nonFinite, 0),
    first: place(series.parts[0]?.first),
    last: place(series.parts.at(-1)?.end),
    lastFinite: place(series.parts.at(-1)?.last),
    min: place(lowest),
    max: place(highest),
  };
}

function best(series: RunSeries, which: 'min' | 'max', better: (a: number, b: number) => boolean): Extreme | null {
  let found: Extreme | null = null;
  for (const part of series.parts) {
    const here = part[which];
    if (here && (!found || better(here.value, found.value))) found = here;
  }
  return found;
}
