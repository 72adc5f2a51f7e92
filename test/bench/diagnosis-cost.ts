/**
 * What tailing costs: node test/bench/diagnosis-cost.ts
 *
 * 100 runs of 10,000 steps with an eval every 100 steps and one step a second. Each run is diagnosed at every eval, and every 15 s between or,
 * where that would take more than a hundred-and-twentieth of the time, more seldom, as the service does (main/service/diagnosing.ts); the share of one
 * core is CPU time over training time, measured at a tenth, half and the whole of the run.
 *
 * Then a run of 400,000 steps with an eval at each: the longest time for which the service's thread is held while it reads the points and another
 * thread computes, as a share of what the computing takes in this one.
 */
import { steadyMs, systemClock } from '../../main/service/clock.ts';
import type { RunInput, SeriesInput } from '../../main/service/diagnose/input.ts';
import { diagnose } from '../../main/service/diagnose/diagnose.ts';
import { openLongDiagnosis } from '../../main/service/longDiagnosis.ts';
import type { Points } from '../../main/service/points.ts';
import type { RunSeries } from '../../main/service/runs/assemble.ts';
import { longestHold } from '../held.ts';
import { dice } from './fit-runs.ts';

const RUNS = 100;
const STEPS = 10_000;
const EVAL_EVERY = 100;
const SELDOM_S = 15;
const MOST_BETWEEN = 1 / 120;
const REPEATS = 10;

function series(
  name: string,
  metric: string,
  split: SeriesInput['split'],
  n: number,
  every: number,
  value: (step: number) => number,
): SeriesInput {
  const step = Float64Array.from({ length: n }, (_, i) => (i + 1) * every);
  return {
    name,
    metric,
    split,
    meaning: null,
    probe: false,
    step,
    epoch: new Float64Array(n).fill(NaN),
    time: step.map((s) => 1.7e9 + s),
    value: step.map(value),
  };
}

function runAt(steps: number, seed: number): RunInput {
  const roll = dice(seed);
  const noisy =
    (level: number) =>
    (step: number): number =>
      level * Math.exp(-step / 3000) + 0.3 + 0.1 * (roll() - 0.5);
  const evals = Math.floor(steps / EVAL_EVERY);
  const list = [
    series('train_loss', 'loss', 'train', steps, 1, noisy(2)),
    series('val_loss', 'loss', 'val', evals, EVAL_EVERY, noisy(1.7)),
    series('val_acc', 'accuracy', 'val', evals, EVAL_EVERY, () => Math.round(roll() * 1000) / 1000),
    series('train_acc', 'accuracy', 'train', evals, EVAL_EVERY, () => roll()),
    series('lr', 'lr', null, steps, 1, () => 1e-3),
    series('grad_norm', 'grad_norm', null, steps, 1, noisy(1)),
  ];
  return {
    formats: ['jsonl'],
    series: list,
    config: new Map(Object.entries({ lr: 1e-3, optimizer: 'adamw', dropout: 0.3, batch_size: 32, n_val: 1000, seed, epochs: 100 })),
    state: 'running',
    planSteps: STEPS,
    planEpochs: null,
    now: null,
    lastByteAt: null,
  };
}

for (const share of [0.1, 0.5, 1]) {
  const runs = Array.from({ length: REPEATS }, (_, i) => runAt(STEPS * share, i));
  for (const run of runs) diagnose(run);
  const began = process.cpuUsage();
  for (const run of runs) diagnose(run);
  const { user, system } = process.cpuUsage(began);
  const milliseconds = (user + system) / 1000 / REPEATS;
  const evals = ((milliseconds / 1000) * RUNS) / EVAL_EVERY;
  const between = Math.min(MOST_BETWEEN, ((milliseconds / 1000) * RUNS) / SELDOM_S);
  console.log(
    `${String(STEPS * share).padStart(6)} steps: ${milliseconds.toFixed(1)} ms a diagnosis, ${(100 * (evals + between)).toFixed(1)} % of a core for ${RUNS} runs (${(100 * evals).toFixed(2)} % for new evals alone)`,
  );
}

await longRun(400_000);

async function longRun(steps: number): Promise<void> {
  const run = { ...runAt(steps, 1), facts: new Map() };
  const [train, val] = run.series.slice(0, 2) as [SeriesInput, SeriesInput];
  const every = { ...val, step: train.step, epoch: train.epoch, time: train.time, value: train.value.map((loss) => 0.8 * loss) };
  const kept = [train, every];
  const series = kept.map((each, id) => ({ ...each, parts: [{ id, count: steps, segments: [0] }], granularity: null }) as unknown as RunSeries);
  const addPoints = (into: Points, id: number, from: number, to: number): void => {
    const columns = columnsOf(kept[id] as SeriesInput, from, to);
    for (const column of ['step', 'epoch', 'time', 'value'] as const) into[column].set(columns[column], into.length);
    into.length += columns.value.length;
  };
  const began = steadyMs();
  diagnose({ ...run, series: kept });
  const here = steadyMs() - began;
  const long = openLongDiagnosis({ addPoints }, systemClock);
  const longest = await longestHold(() => long.diagnose({ ...run, series }, {}));
  long.close();
  console.log(`${steps} evals: ${here.toFixed(0)} ms in this thread; in its own this one is held for ${longest.toFixed(0)} ms at most (${((100 * longest) / here).toFixed(1)} %)`);
}

function columnsOf(series: SeriesInput, from: number, to: number): Pick<Points, 'step' | 'epoch' | 'time' | 'value'> {
  const { step, epoch, time, value } = series;
  return { step: step.slice(from, to), epoch: epoch.slice(from, to), time: time.slice(from, to), value: value.slice(from, to) };
}
