/**
 * What tailing costs: node test/bench/diagnosis-cost.ts
 *
 * 100 runs of 10,000 steps with an eval every 100 steps and one step a second. Each run is diagnosed at every eval, and every 15 s between or,
 * where that would take more than a hundred-and-twentieth of the time, more seldom, as the service does (main/service/diagnosing.ts); the share of one
 * core is CPU time over training time, measured at a tenth, half and the whole of the run.
 */
import type { RunInput, SeriesInput } from '../../main/service/diagnose/input.ts';
import { diagnose } from '../../main/service/diagnose/diagnose.ts';
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
