/** Which of a run's series are the losses, accuracies and the probe. */
import type { RunInput, SeriesInput } from './input.ts';
import type { Track } from './view.ts';

export interface Picked {
  /** Name for the user: 'loss', 'perplexity' ... */
  metric: string;
  val: Track;
  /** Train loss that is paired with evaluations. */
  train: Track;
  /** Finest train loss: the one with the most points. */
  steps: Track;
  probe: Track | null;
}

/** Metrics that are a loss after a change of scale: perplexity is exp(loss), bits are loss / ln 2. */
const AS_LOSS: [RegExp, string, ((value: number) => number) | null][] = [
  [/^loss$/, 'loss', null],
  [/^(nll|cross_entropy|logloss)$/, 'loss', null],
  [/^(ppl|perplexity)$/, 'perplexity', (value) => (value > 0 ? Math.log(value) : value)],
  [/^(bpb|bpc|bpt)$/, 'bits', (value) => value * Math.LN2],
  [/^(error|mse|rmse|mae)$/, 'error', null],
];

/** Chooses the pair of losses that the gap is measured on; null when a run has no such pair. */
export function pickLosses(run: RunInput): Picked | null {
  for (const [metric, title, change] of AS_LOSS) {
    const picked = pickMetric(run, (series) => metric.test(series.metric), title, change);
    if (picked) return picked;
  }
  return pickParts(run);
}

function pickMetric(
  run: RunInput,
  fits: (series: SeriesInput) => boolean,
  metric: string,
  change: ((value: number) => number) | null,
): Picked | null {
  const tracks = (split: 'train' | 'val', probe: boolean): Track[] =>
    run.series
      .filter((series) => fits(series) && (probe ? series.probe : !series.probe && series.split === split) && series.value.length > 0)
      .map((series) => trackOf(series, change));
  const val = longest(tracks('val', false).filter((track) => track.meaning !== 'batch')) ?? longest(tracks('val', false));
  const trains = tracks('train', false).filter((track) => track.meaning !== 'run-mean');
  const probe = bestProbe(tracks('train', true), val);
  const evaluated = probe?.meaning === 'evaluation' && sameGrid(probe, val) ? probe : null;
  const train = evaluated ?? pairable(trains, val);
  if (!val || !train) return null;
  return { metric, val, train, steps: longest(trains) ?? train, probe };
}

/** The track with the most points; of equals the one whose name sorts first, so that the order of series makes no difference. */
function longest(tracks: Track[]): Track | null {
  const before = (a: Track, b: Track): boolean => a.value.length > b.value.length || (a.value.length === b.value.length && a.name < b.name);
  return tracks.reduce<Track | null>((best, track) => (!best || before(track, best) ? track : best), null);
}

function bestProbe(probes: Track[], val: Track | null): Track | null {
  return longest(probes.filter((probe) => sameGrid(probe, val))) ?? longest(probes);
}

/** True when both were logged at (nearly) every evaluation. */
function sameGrid(track: Track, val: Track | null): boolean {
  return val !== null && track.value.length >= 0.9 * val.value.length;
}

/** An exact mean per evaluation is better than a mean over the few steps that were logged; else the finest series. */
function pairable(trains: Track[], val: Track | null): Track | null {
  const means = trains.filter(
    (track) => track.meaning === 'epoch-mean' && val !== null && track.value.length >= 0.9 * (val.value.length - 1),
  );
  return longest(means) ?? longest(trains);
}

function trackOf(series: SeriesInput, change: ((value: number) => number) | null): Track {
  const { name, meaning, step, epoch, time } = series;
  return { name, meaning, step, epoch, time, value: change ? series.value.map(change) : series.value };
}

/** Losses that are logged only in parts (boxes, classes ...): the sum of the parts that both splits have. */
function pickParts(run: RunInput): Picked | null {
  const parts = (split: 'train' | 'val'): Map<string, SeriesInput> =>
    new Map(
      run.series
        .filter((series) => /^loss\./.test(series.metric) && series.split === split && !series.probe)
        .map((series) => [series.metric, series]),
    );
  const train = parts('train');
  const val = parts('val');
  const shared = [...train.keys()].filter((metric) => val.has(metric)).sort();
  const sum = (of: Map<string, SeriesInput>): Track | null =>
    sumOf(shared.map((metric) => of.get(metric)).filter((part) => part !== undefined));
  const trainSum = sum(train);
  const valSum = sum(val);
  if (!trainSum || !valSum) return null;
  return { metric: 'loss', val: valSum, train: trainSum, steps: trainSum, probe: null };
}

function sumOf(parts: SeriesInput[]): Track | null {
  const [first] = parts;
  if (!first || parts.some((part) => part.value.length !== first.value.length)) return null;
  const value = first.value.map((_, i) => parts.reduce((sum, part) => sum + (part.value[i] as number), 0));
  return {
    name: parts.map((part) => part.name).join(' + '),
    meaning: first.meaning,
    step: first.step,
    epoch: first.epoch,
    time: first.time,
    value,
  };
}

/** The first series of a metric and split, as a track; null if there is none. Accuracies in per cent become shares. */
export function pickTrack(run: RunInput, metric: string, split: SeriesInput['split'] | 'any'): Track | null {
  const found = run.series.filter(
    (series) => series.metric === metric && (split === 'any' || series.split === split) && !series.probe && series.value.length > 0,
  );
  const best = longest(found.map((series) => trackOf(series, null)));
  if (!best || metric !== 'accuracy') return best;
  const inPercent = best.value.some((value) => value > 1.5);
  return inPercent ? { ...best, value: best.value.map((value) => value / 100) } : best;
}
