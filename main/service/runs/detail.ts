/** Everything the run view shows of a run, except its curves. */
import type { RemedyItem, RunDetail, RunRow, SeriesView } from '../../../preload/contract.ts';
import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { ConfigValue } from '../formats/format.ts';
import type { RunSeries } from './assemble.ts';
import { startOf } from './axes.ts';
import type { Run } from './catalogue.ts';
import { place } from './rows.ts';

const CONFIG_CAP = 2000;
const VALUE_CAP = 4096;

export function runDetail(run: Run, row: RunRow, diagnosis: Diagnosis, remedies: RemedyItem[], note: string): RunDetail {
  return {
    row,
    formats: formatsOf(run),
    planSteps: numeric(run.facts.get('planSteps')),
    planEpochs: numeric(run.facts.get('planEpochs')),
    series: run.series.map(seriesView),
    config: [...run.config].slice(0, CONFIG_CAP).map(([key, value]) => ({ key, value: shownValue(value) })),
    diagnosis,
    remedies,
    note,
    facts: [...run.facts].filter(([key]) => !/^(planSteps|planEpochs|checkpointStep)$/.test(key)).map(([key, value]) => ({ key, value: String(value) })),
    startedAt: startOf(run.series),
  };
}

/** Ids of the formats that gave the run its points, the one with the most points first. */
export function formatsOf(run: Run): string[] {
  const points = new Map<string, number>();
  for (const { row, series } of run.sources) {
    const count = series.reduce((sum, each) => sum + each.count, 0);
    if (count > 0) points.set(row.format, (points.get(row.format) ?? 0) + count);
  }
  return [...points].sort(([, a], [, b]) => b - a).map(([format]) => format);
}

/** A configuration value as the window and the comparison show it. */
export function shownValue(value: ConfigValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > VALUE_CAP ? `${text.slice(0, VALUE_CAP)}...` : text;
}

export function seriesView(series: RunSeries): SeriesView {
  const [first] = series.parts;
  const newest = series.parts.at(-1);
  const sum = (count: (part: RunSeries['parts'][number]) => number): number => series.parts.reduce((total, part) => total + count(part), 0);
  const lows = series.parts.flatMap((part) => (part.min ? [part.min.value] : []));
  const highs = series.parts.flatMap((part) => (part.max ? [part.max.value] : []));
  return {
    key: series.key,
    name: series.name,
    metric: series.metric,
    split: series.split,
    probe: series.probe,
    meaning: series.meaning,
    unit: series.unit,
    points: sum((part) => part.count),
    nonFinite: sum((part) => part.nonFinite),
    last: place(newest?.end),
    lastFinite: place(newest?.last),
    min: lows.length > 0 ? Math.min(...lows) : null,
    max: highs.length > 0 ? Math.max(...highs) : null,
    file: series.file,
    hasStep: series.parts.every((part) => part.hasStep),
    hasEpoch: series.parts.every((part) => part.hasEpoch),
    hasTime: series.parts.every((part) => part.hasTime),
    segments: sum((part) => Math.max(1, part.segments.length)),
    halfWindow: first ? halfWindow(series) : null,
  };
}

/** Half the distance between two logged means, in the unit of the axis they count; null for a series that is no mean. */
function halfWindow(series: RunSeries): number | null {
  if (series.meaning !== 'window-mean' && series.meaning !== 'epoch-mean' && series.granularity !== 'epoch') return null;
  const part = series.parts.at(-1);
  if (!part?.first || !part.last || part.count < 2) return null;
  const span = part.first.step !== null && part.last.step !== null ? part.last.step - part.first.step : (part.last.epoch ?? NaN) - (part.first.epoch ?? NaN);
  const distance = span / (part.last.index - part.first.index);
  return Number.isFinite(distance) && distance > 0 ? distance / 2 : null;
}

function numeric(value: string | number | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
