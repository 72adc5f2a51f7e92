import type { ConfigValue, RunInput } from '../diagnose/input.ts';
import type { RunSeries } from './assemble.ts';
import { currentPoints, type ReadPoints } from './columns.ts';
import type { RunState } from './state.ts';

/** Formats whose values win when two sources of a run name the same key (format reference, section 7). */
const CONFIG_TRUST = ['tensorboard', 'wandb', 'swanlab', 'mlflow', 'mlflow-db', 'trackio', 'hparams', 'args'];

/** Metrics that the diagnosis reads; others stay in the store. */
const DIAGNOSED = /^(loss|accuracy|lr|grad_norm|ppl|bpb|bpc|step_time|error|logloss)$/;

/** What a diagnosis is made of, but for the points. */
export interface Diagnosed {
  /** See `diagnosedSeries`. */
  series: readonly RunSeries[];
  formats: string[];
  config: ReadonlyMap<string, ConfigValue>;
  facts: ReadonlyMap<string, string | number>;
  state: RunState;
  now: number | null;
  lastByteAt: number | null;
}

/** The series that the diagnosis reads. */
export function diagnosedSeries(series: readonly RunSeries[]): RunSeries[] {
  return series.filter(({ metric }) => DIAGNOSED.test(metric));
}

/** Gathers what the diagnosis gets to see of a run. `read` gives the points that `newestFrom` wants. */
export function runInput(run: Diagnosed, read: ReadPoints): RunInput {
  return {
    formats: run.formats,
    series: run.series.map((series) => seriesInput(series, read)),
    config: run.config,
    state: run.state,
    planSteps: numeric(run.facts.get('planSteps')),
    planEpochs: numeric(run.facts.get('planEpochs')) ?? plannedEpochs(run.config),
    now: run.now,
    lastByteAt: run.lastByteAt,
  };
}

/** Joins the configuration of a run's sources, the most trusted source winning. */
export function joinedConfig(sources: readonly { format: string; config: ReadonlyMap<string, ConfigValue> }[]): ReadonlyMap<string, ConfigValue> {
  const [only] = sources;
  if (only && sources.length === 1) return only.config;
  const joined = new Map<string, ConfigValue>();
  const ranked = [...sources].sort((a, b) => trust(b.format) - trust(a.format));
  for (const { config } of ranked) for (const [key, value] of config) joined.set(key, value);
  return joined;
}

/** Larger is less trusted, so that the most trusted is written last. */
function trust(format: string): number {
  const at = CONFIG_TRUST.findIndex((name) => format.startsWith(name));
  return at < 0 ? CONFIG_TRUST.length : at;
}

function seriesInput(series: RunSeries, read: ReadPoints): RunInput['series'][number] {
  const points = currentPoints(series, read);
  return {
    name: series.name,
    metric: series.metric,
    split: series.split,
    meaning: series.meaning ?? (series.granularity === 'epoch' && series.split === 'train' ? 'epoch-mean' : null),
    probe: series.probe,
    step: points.step.subarray(0, points.length),
    epoch: points.epoch.subarray(0, points.length),
    time: points.time.subarray(0, points.length),
    value: points.value.subarray(0, points.length),
  };
}

function plannedEpochs(config: ReadonlyMap<string, ConfigValue>): number | null {
  for (const key of ['epochs', 'num_epochs', 'max_epochs', 'num_train_epochs', 'n_epochs', 'trainer/max_epochs']) {
    const value = numeric(config.get(key));
    if (value !== null && value > 0) return value;
  }
  return null;
}

function numeric(value: ConfigValue | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
