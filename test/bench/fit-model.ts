/** Multinomial logistic regression over the causes with sign constraints, by accelerated projected gradient. */
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { termsOf } from '../../main/service/diagnose/score.ts';
import type { Sample } from './fit-samples.ts';

export interface Parameter {
  cause: string;
  term: string;
  /** Where the penalty pulls it: the hand-set weight. */
  prior: number;
  low: number;
  high: number;
  penalty: number;
}

export interface Layout {
  parameters: Parameter[];
  /** Index of the first parameter of each cause. */
  offsets: number[];
}

/** All weights, with signs fixed to those of the hand-set ones. */
export function layout(shapePenalty: number, ownPenalty: number): Layout {
  const parameters: Parameter[] = [];
  const offsets: number[] = [];
  for (const cause of causes) {
    offsets.push(parameters.length);
    for (const term of termsOf(cause)) {
      const free = term.free === true || term.id === 'base';
      parameters.push({
        cause: cause.id,
        term: term.id,
        prior: term.weight,
        low: free || term.weight < 0 ? -12 : 0,
        high: free || term.weight > 0 ? 12 : 0,
        penalty: term.free === true ? shapePenalty : ownPenalty,
      });
    }
  }
  return { parameters, offsets };
}

/** Values of a sample that are not 0, with the parameters they belong to: most terms are silent in most runs. */
interface Sparse {
  sample: Sample;
  /** Bounds of each cause in `at` and `value`; equal where the cause is vetoed or silent. */
  from: Int32Array;
  at: Int32Array;
  value: Float64Array;
  /** Share of each cause that is true. */
  target: Float64Array;
}

function sparse(sample: Sample, offsets: readonly number[]): Sparse {
  const from = new Int32Array(sample.values.length + 1);
  const at: number[] = [];
  const value: number[] = [];
  sample.values.forEach((values, c) => {
    from[c] = at.length;
    values?.forEach((x, t) => {
      if (x === 0) return;
      at.push((offsets[c] as number) + t);
      value.push(x);
    });
  });
  from[sample.values.length] = at.length;
  const target = Float64Array.from(causes, ({ id }) => sample.truth.causes.get(id) ?? 0);
  return { sample, from, at: Int32Array.from(at), value: Float64Array.from(value), target };
}

/** Probabilities of the causes for one sample, 0 where vetoed. */
export function probabilities(sample: Sample, weights: Float64Array, offsets: readonly number[]): Float64Array {
  return softmax(sparse(sample, offsets), weights);
}

function softmax({ sample, from, at, value }: Sparse, weights: Float64Array): Float64Array {
  const scores = new Float64Array(sample.values.length).fill(-Infinity);
  let highest = -Infinity;
  for (let c = 0; c < scores.length; c += 1) {
    if (!sample.values[c]) continue;
    let score = 0;
    for (let k = from[c] as number; k < (from[c + 1] as number); k += 1) score += (weights[at[k] as number] as number) * (value[k] as number);
    scores[c] = score;
    if (score > highest) highest = score;
  }
  let total = 0;
  for (let c = 0; c < scores.length; c += 1) total += scores[c] = Math.exp((scores[c] as number) - highest);
  for (let c = 0; c < scores.length; c += 1) scores[c] = (scores[c] as number) / total;
  return scores;
}

/** Mean log loss of the causes at work, in nats. */
export function logLoss(pairs: readonly { sample: Sample; weights: Float64Array }[], { offsets }: Layout): number {
  let loss = 0;
  for (const { sample, weights } of pairs) {
    const p = probabilities(sample, weights, offsets);
    causes.forEach(({ id }, c) => (loss -= (sample.truth.causes.get(id) ?? 0) * Math.log(Math.max(p[c] as number, 1e-9))));
  }
  return loss / pairs.length;
}

/** Errors of a probability that move no weight. */
const NEGLIGIBLE = 1e-5;

function gradientOf(samples: readonly Sparse[], weights: Float64Array, { parameters }: Layout): Float64Array {
  const gradient = new Float64Array(weights.length);
  for (const each of samples) {
    const p = softmax(each, weights);
    const { from, at, value, target } = each;
    const { weight } = each.sample.truth;
    for (let c = 0; c < p.length; c += 1) {
      const error = weight * ((p[c] as number) - (target[c] as number));
      if (Math.abs(error) < NEGLIGIBLE) continue;
      for (let k = from[c] as number; k < (from[c + 1] as number); k += 1) {
        const to = at[k] as number;
        gradient[to] = (gradient[to] as number) + error * (value[k] as number);
      }
    }
  }
  const total = samples.reduce((sum, { sample }) => sum + sample.truth.weight, 0);
  return gradient.map((g, k) => g / total + (parameters[k] as Parameter).penalty * ((weights[k] as number) - (parameters[k] as Parameter).prior));
}

/** Fits the weights; `rounds` of Adam with projection on the signs. */
export function fit(samples: readonly Sample[], plan: Layout, rounds = 400): Float64Array {
  const weights = Float64Array.from(plan.parameters, ({ prior }) => prior);
  const m = new Float64Array(weights.length);
  const v = new Float64Array(weights.length);
  const rows = samples.map((sample) => sparse(sample, plan.offsets));
  for (let round = 1; round <= rounds; round += 1) {
    const gradient = gradientOf(rows, weights, plan);
    const rate = 0.15 * (round < rounds * 0.7 ? 1 : 0.2);
    plan.parameters.forEach(({ low, high }, k) => {
      const g = gradient[k] as number;
      m[k] = 0.9 * (m[k] as number) + 0.1 * g;
      v[k] = 0.99 * (v[k] as number) + 0.01 * g * g;
      const step = (rate * ((m[k] as number) / (1 - 0.9 ** round))) / (Math.sqrt((v[k] as number) / (1 - 0.99 ** round)) + 1e-6);
      weights[k] = Math.min(high, Math.max(low, (weights[k] as number) - step));
    });
  }
  return weights;
}
