/** Which series of a run belongs on which chart. */
import type { RunDetail, SeriesView } from '../../preload/contract.ts';
import { byName } from '../format/names.ts';

export interface Card {
  metric: string;
  series: SeriesView[];
}

const SPLITS = ['train', 'val', 'test', null] as const;
/** At most so many lines on the loss chart: beyond, a chart is a tangle. */
const MOST_LINES = 6;
/** More lines than this cannot be told apart on a card. */
const MOST_ON_CARD = 10;

/** The metric whose train and validation the run is judged by: the diagnosis says, else loss, else the first with both splits. */
export function mainMetric(detail: RunDetail): string | null {
  const metrics = new Set(detail.series.map((series) => series.metric));
  if (metrics.has(detail.diagnosis.gap.metric)) return detail.diagnosis.gap.metric;
  if (metrics.has('loss')) return 'loss';
  const both = [...metrics].find((metric) => {
    const splits = new Set(detail.series.filter((series) => series.metric === metric).map((series) => series.split));
    return splits.has('train') && splits.has('val');
  });
  return both ?? detail.series[0]?.metric ?? null;
}

/** Series of the main chart: train first, then validation, test, probes; within a split the one with the most points first. */
export function mainSeries(detail: RunDetail): SeriesView[] {
  const metric = mainMetric(detail);
  const rank = (series: SeriesView) => (series.probe ? 10 : 0) + SPLITS.indexOf(series.split);
  return detail.series
    .filter((series) => series.metric === metric)
    .sort((a, b) => rank(a) - rank(b) || b.points - a.points)
    .slice(0, MOST_LINES);
}

/** The other metrics, one card each: learning rate and gradient norm first, then what has a validation side, then the rest by name. */
export function otherCards(detail: RunDetail): Card[] {
  const main = new Set(mainSeries(detail).map((series) => series.key));
  const cards = new Map<string, Card>();
  for (const series of detail.series) {
    if (main.has(series.key) || series.points === 0) continue;
    const name = series.metric || series.name;
    const card = cards.get(name);
    if (card) card.series.push(series);
    else cards.set(name, { metric: name, series: [series] });
  }
  for (const card of cards.values()) card.series.sort((a, b) => SPLITS.indexOf(a.split) - SPLITS.indexOf(b.split) || b.points - a.points);
  return [...cards.values()].sort((a, b) => weight(a) - weight(b) || byName(a.metric, b.metric));
}

/** The series that a card shows. */
export function seriesOn(card: Card): SeriesView[] {
  return card.series.slice(0, MOST_ON_CARD);
}

/** Name of a card's chart among those that wish for curves. */
export function chartOf(card: Card): string {
  return `small ${card.metric}`;
}

function weight(card: Card): number {
  if (card.metric === 'lr') return 0;
  if (card.metric === 'grad_norm') return 1;
  return card.series.some((series) => series.split === 'val') ? 2 : 3;
}
