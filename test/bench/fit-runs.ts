/** Runs made by scripts/corpus, shown to the diagnosis as one of the usual logs would show them. */
import { settingsLogged } from './fit-config.ts';
import type { RunInput, SeriesInput } from '../../main/service/diagnose/input.ts';

export interface MadeRun {
  task: string;
  seed: number;
  kind: string;
  injected: string[];
  unseen: boolean;
  options: Record<string, number | string | boolean>;
  truth: {
    anomalous: boolean;
    direction: 'val-below' | 'val-above' | 'none';
    onsetEval: number | null;
    shareBelow: number;
    shareAbove: number;
    meanGap: number | null;
    twinMeanGap: number | null;
    ambiguous: boolean;
    clear: boolean;
  };
  contributions: Record<string, number> | null;
  steps: number[];
  grad: number[];
  lr: number[] | null;
  rate: number;
  /** step, mean train loss, train accuracy, val loss, val accuracy, clean train loss. */
  evals: [number, number, number | null, number, number | null, number][];
  v0: number;
  c0: number;
  K: number | null;
  nVal: number;
  nTrain: number;
  B: number;
  epochs: number;
  perEpoch: number;
  interval: number;
  weights: number[] | null;
  /** What the log of a fault run (scripts/corpus/faults.py) does not hold: validation losses of the same seed with the usual rate. */
  oracle?: { twinVal: number[] | null };
}

export type Style = 'lightning-csv' | 'tensorboard' | 'jsonl' | 'hf-trainer' | 'keras-csv' | 'timm' | 'nanogpt-console';

export interface Shown {
  style: Style;
  config: boolean;
  probe: boolean;
  initial: boolean;
  sizes: boolean;
  accuracy: boolean;
}

/** A repeatable pseudo-random number in 0..1 (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const EVALUATED_ONLY = new Set(['D1', 'D2', 'D4', 'D5', 'S3']);

/** What a run of this seed would have been logged as: shares as in the design corpus. Each `view` is another log of the same training. */
export function shownAs(run: MadeRun, view = 0): Shown {
  const roll = dice(run.seed * 7 + 1 + view * 104_729);
  const styles: Style[] = ['lightning-csv', 'tensorboard', 'jsonl', 'hf-trainer', 'keras-csv', 'timm'];
  const vetoed = (style: Style): boolean =>
    (run.injected.includes('O1') && (style === 'hf-trainer' || style === 'keras-csv')) ||
    (style === 'keras-csv' && run.injected.some((cause) => cause === 'O2' || cause === 'O3'));
  const logsSteps = (causes: string[]): boolean => causes.includes('L2');
  let style = styles[Math.floor(roll() * styles.length)] as Style;
  if (run.injected.every((cause) => EVALUATED_ONLY.has(cause)) && roll() < 0.25) style = 'nanogpt-console';
  if (vetoed(style)) style = roll() < 0.4 ? 'timm' : (styles[Math.floor(roll() * 3)] as Style);
  if (logsSteps(run.injected)) style = styles[Math.floor(roll() * 3)] as Style;
  return { style, config: roll() < 0.65, probe: roll() < 0.3, initial: roll() < 0.5, sizes: roll() < 0.75, accuracy: roll() < 0.9 };
}

type Column = [step: number, value: number][];

function series(
  name: string,
  metric: string,
  split: SeriesInput['split'],
  points: Column,
  extra: Partial<SeriesInput> & { epochs?: boolean; perEpoch?: number } = {},
): SeriesInput {
  const { epochs = false, perEpoch = 1, ...rest } = extra;
  return {
    name,
    metric,
    split,
    meaning: null,
    probe: false,
    step: Float64Array.from(points, ([step]) => (epochs ? NaN : step)),
    epoch: Float64Array.from(points, ([step]) => (epochs ? Math.round(step / perEpoch) - 1 : NaN)),
    time: new Float64Array(points.length).fill(NaN),
    value: Float64Array.from(points, ([, value]) => value),
    ...rest,
  };
}

/** The run as its log shows it. */
export function runInputOf(run: MadeRun, shown: Shown): RunInput {
  const byEpoch = shown.style === 'keras-csv' || shown.style === 'timm';
  const axis = { epochs: byEpoch, perEpoch: run.interval };
  const list = [...trainSeries(run, shown.style, axis), ...evalSeries(run, shown, axis), ...rateSeries(run, axis)];
  return {
    formats: [shown.style],
    series: list,
    config: shown.config ? settingsLogged(run, shown) : new Map(),
    state: 'finished',
    planSteps: null,
    planEpochs: shown.config ? run.epochs : null,
    now: null,
    lastByteAt: null,
  };
}

interface AxisOf {
  epochs: boolean;
  perEpoch: number;
}

type Row = MadeRun['evals'][number];

/** Validation, accuracies and the probe. */
function evalSeries(run: MadeRun, shown: Shown, axis: AxisOf): SeriesInput[] {
  const evaluated = shown.style === 'nanogpt-console';
  const at = (pick: (row: Row) => number | null, start: number | null): Column => {
    const points: Column = run.evals.map((row) => [row[0], pick(row) ?? NaN]);
    return start !== null && shown.initial && !axis.epochs ? [[0, start], ...points] : points;
  };
  const list = [
    series(
      'val_loss',
      'loss',
      'val',
      at((row) => row[3], run.v0),
      axis,
    ),
  ];
  if (run.K !== null && shown.accuracy && !evaluated) {
    list.push(
      series(
        'val_acc',
        'accuracy',
        'val',
        at((row) => row[4], null),
        axis,
      ),
    );
    if (shown.style !== 'hf-trainer')
      list.push(
        series(
          'train_acc',
          'accuracy',
          'train',
          at((row) => row[2], null),
          axis,
        ),
      );
  }
  const clean = at((row) => row[5], run.c0);
  if (evaluated) {
    const all: Column = clean[0]?.[0] === 0 ? clean : [[0, run.c0], ...clean];
    list.push(series('step train loss', 'loss', 'train', all, { meaning: 'evaluation', probe: true }));
  } else if (shown.probe) list.push(series('clean_train_loss', 'loss', 'train', clean, { ...axis, probe: true }));
  return list;
}

function rateSeries(run: MadeRun, axis: AxisOf): SeriesInput[] {
  const { lr } = run;
  if (!lr) return [];
  const points: Column = axis.epochs ? run.evals.map((row) => [row[0], lr[row[0] - 1] ?? NaN]) : lr.map((rate, i) => [i + 1, rate]);
  return [series('lr', 'lr', null, points, axis)];
}

function trainSeries(run: MadeRun, style: Style, axis: AxisOf): SeriesInput[] {
  const roll = dice(run.seed * 13 + 5);
  const every = run.interval >= 30 && roll() < 0.5 ? 5 : 1;
  const steps = (n: number): Column => run.steps.map((loss, i): [number, number] => [i + 1, loss]).filter(([step]) => step % n === 0);
  if (axis.epochs)
    return [
      series(
        'loss',
        'loss',
        'train',
        run.evals.map((row) => [row[0], row[1]]),
        { ...axis, meaning: 'epoch-mean' },
      ),
    ];
  if (style === 'hf-trainer') {
    const window = Math.max(1, [run.interval, Math.floor(run.interval / 2), 10][Math.floor(roll() * 3)] ?? run.interval);
    const points: Column = [[1, run.steps[0] ?? NaN]];
    for (let end = window; end <= run.steps.length; end += window) {
      let sum = 0;
      for (let i = end - window; i < end; i += 1) sum += run.steps[i] as number;
      if (end > 1) points.push([end, Math.round((sum / window) * 1e4) / 1e4]);
    }
    return [series('loss', 'loss', 'train', points, { meaning: 'window-mean' })];
  }
  if (style === 'nanogpt-console') return [series('loss', 'loss', 'train', steps(Math.min(10, run.interval)), { meaning: 'batch' })];
  const raw = series('train_loss_step', 'loss', 'train', steps(every));
  if (style !== 'lightning-csv' || roll() < 0.5) return [raw];
  return [
    raw,
    series(
      'train_loss_epoch',
      'loss',
      'train',
      run.evals.map((row) => [row[0], row[1]]),
      { meaning: 'epoch-mean' },
    ),
  ];
}
