/**
 * Faults that training scripts do not make by themselves, written into the logs of healthy real runs: what the run logged stays, what the
 * fault would have changed is changed. Each run gets every fault that its log can show.
 */
import type { GpuInput, RunInput, SeriesInput } from '../../main/service/diagnose/input.ts';
import type { Labelled } from './fit-corpora.ts';
import { dice } from './fit-runs.ts';

const START = 1.7e9;
const STEP_S = 4;

type Injection = { id: string; allowed: string[]; into(run: RunInput, roll: () => number): RunInput | null };

const isTrainLoss = ({ metric, split, meaning, probe }: SeriesInput): boolean => metric === 'loss' && split === 'train' && meaning === null && !probe;
const isValLoss = ({ metric, split }: SeriesInput): boolean => metric === 'loss' && split === 'val';

function changed(run: RunInput, which: (series: SeriesInput) => boolean, change: (series: SeriesInput) => Partial<SeriesInput>): RunInput {
  return { ...run, series: run.series.map((series) => (which(series) ? { ...series, ...change(series) } : series)) };
}

/** The run with a time on every point, `secondsAt` giving that of each step; null without stepwise losses. */
function timed(run: RunInput, secondsAt: (step: number) => number): RunInput | null {
  const train = run.series.find(isTrainLoss);
  if (!train || train.value.length < 300 || !train.step.every(Number.isFinite)) return null;
  return changed(run, () => true, ({ step }) => ({ time: step.map((s) => START + secondsAt(s)) }));
}

function lastStep(run: RunInput): number {
  return Math.max(...run.series.filter(isTrainLoss).map(({ step }) => step.at(-1) ?? 0));
}

/** One GPU over 40 minutes, a sample every 10 s. */
function withGpu(run: RunInput, of: (seconds: number, roll: () => number) => Partial<Record<'util' | 'memoryUsed' | 'slowdown' | 'temperature', number>>, roll: () => number): RunInput | null {
  const there = timed(run, (step) => (2400 * step) / lastStep(run));
  if (!there) return null;
  const time = Float64Array.from({ length: 240 }, (_, i) => START + 10 * i);
  const values = Array.from(time, (t) => of(t - START, roll));
  const column = (key: keyof (typeof values)[number], usual: number): Float64Array => Float64Array.from(values, (each) => each[key] ?? usual);
  const gpu: GpuInput = {
    device: 'GPU-0',
    index: 0,
    name: 'GPU',
    time,
    util: column('util', 96),
    memoryUsed: column('memoryUsed', 2 ** 35),
    memoryTotal: 80 * 2 ** 30,
    temperature: column('temperature', 62),
    slowdown: column('slowdown', 0),
    powerCap: new Float64Array(time.length),
    hostCpu: new Float64Array(time.length).fill(20),
    hostIoWait: new Float64Array(time.length).fill(1),
  };
  return { ...there, machine: [gpu] };
}

const INJECTIONS: readonly Injection[] = [
  {
    id: 'B10',
    allowed: ['B4', 'B5', 'B6'],
    into: (run, roll) => {
      const val = run.series.find(isValLoss);
      if (!val || val.value.length < 24) return null;
      const swing = 0.25 + 0.3 * roll();
      return changed(run, isValLoss, ({ value }) => ({ value: value.map((v, i) => (i < value.length / 2 ? v : v * (1 + swing * (i % 2 === 0 ? 1 : -0.6) * (0.8 + 0.4 * roll())))) }));
    },
  },
  {
    id: 'B11',
    allowed: [],
    into: (run, roll) => {
      const there = timed(run, (step) => STEP_S * step);
      const end = START + STEP_S * lastStep(run);
      return there && { ...there, state: 'running', lastByteAt: end, now: end + 600 + 20_000 * roll() };
    },
  },
  {
    id: 'B12',
    allowed: [],
    into: (run, roll) => {
      const from = lastStep(run) * (0.4 + 0.3 * roll());
      const slower = 1.4 + 1.6 * roll();
      return timed(run, (step) => STEP_S * (Math.min(step, from) + slower * Math.max(0, step - from) + 0.2 * roll()));
    },
  },
  { id: 'B13', allowed: [], into: (run, roll) => withGpu(run, () => ({ util: 30 + 30 * roll() }), roll) },
  { id: 'B14', allowed: [], into: (run, roll) => withGpu(run, (s) => ({ memoryUsed: 2 ** 34 + s * (15e6 + 1e6 * roll()) }), roll) },
  { id: 'B15', allowed: [], into: (run, roll) => withGpu(run, (s) => ({ slowdown: s > 1200 && roll() < 0.6 ? 1 : 0, temperature: 90 }), roll) },
  {
    id: 'B16',
    allowed: [],
    into: (run, roll) => {
      const isNorm = ({ metric }: SeriesInput): boolean => metric === 'grad_norm';
      const norm = run.series.find(isNorm);
      if (!norm || norm.value.length < 120) return null;
      const at = Math.floor(norm.value.length * (0.5 + 0.4 * roll()));
      const vanishes = roll() < 0.4;
      return changed(run, isNorm, ({ value }) => ({ value: value.map((g, i) => (vanishes ? (i >= at ? 1e-9 : g) : i >= at && i < at + 4 ? 300 * g + 30 : g)) }));
    },
  },
  {
    id: 'B17',
    allowed: ['B2', 'B5', 'B10', 'B4', 'B6'],
    into: (run) => {
      const train = run.series.find(isTrainLoss);
      if (!train || train.value.length < 100) return null;
      const again = (column: Float64Array): Float64Array => Float64Array.from([...column.subarray(0, 80), ...column.subarray(60)]);
      return changed(run, (series) => series === train, ({ step, epoch, time, value }) => ({ step: again(step), epoch: again(epoch), time: again(time), value: again(value) }));
    },
  },
];

/** Runs with an injected fault, and their unharmed twins with the same clock and machine, which must be left in peace. */
export function injectedFaults(corpus: readonly Labelled[]): Labelled[] {
  const healthy = corpus.filter(({ kind }) => kind === 'healthy' || kind === 'lag');
  return healthy.flatMap((label, n) => {
    const own = [...label.faultsAllowed, ...label.faults.map(({ id }) => id)];
    const roll = dice(n + 1);
    const faulty = INJECTIONS.flatMap(({ id, allowed, into }) => {
      const run = into(label.run, roll);
      return run ? [{ ...label, id: `${label.id}+${id}`, kind: 'fault', run, faults: [{ id }], faultsAllowed: [...own, ...allowed], truth: null }] : [];
    });
    const calm = withGpu(label.run, () => ({ util: 90 + 8 * roll() }), roll);
    return calm ? [...faulty, { ...label, id: `${label.id}+calm`, run: calm, faults: [], faultsAllowed: own }] : faulty;
  });
}
