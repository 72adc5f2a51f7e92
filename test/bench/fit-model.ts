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

/** Probabilities of the causes for one sample, 0 where vetoed. */
export function probabilities(sample: Sample, weights: Float64Array, offsets: readonly number[]): Float64Array {
  const scores = new Float64Array(sample.values.length).fill(-Infinity);
  let highest = -Infinity;
  sample.values.forEach((values, c) => {
    if (!values) return;
    let score = 0;
    const from = offsets[c] as number;
    for (let t = 0; t < values.length; t += 1) score += (weights[from + t] as number) * (values[t] as number);
    scores[c] = score;
    if (score > highest) highest = score;
  });
  let total = 0;
  for (let c = 0; c < scores.length; c += 1) {
    const p = scores[c] === -Infinity ? 0 : Math.exp((scores[c] as number) - highest);
    scores[c] = p;
    total += p;
  }
  return scores.map((p) => p / total);
}

function gradientOf(
  samples: readonly Sample[],
  weights: Float64Array,
  { parameters, offsets }: Layout,
): { loss: number; gradient: Float64Array } {
  const gradient = new Float64Array(weights.length);
  let loss = 0;
  let total = 0;
  for (const sample of samples) {
    const p = probabilities(sample, weights, offsets);
    const { weight } = sample.truth;
    total += weight;
    causes.forEach((cause, c) => {
      const values = sample.values[c];
      if (!values) return;
      const target = sample.truth.causes.get(cause.id) ?? 0;
      if (target > 0) loss -= weight * target * Math.log(Math.max(p[c] as number, 1e-9));
      const error = weight * ((p[c] as number) - target);
      if (Math.abs(error) < 1e-9) return;
      const from = offsets[c] as number;
      for (let t = 0; t < values.length; t += 1) gradient[from + t] = (gradient[from + t] as number) + error * (values[t] as number);
    });
  }
  loss /= total;
  parameters.forEach(({ prior, penalty }, k) => {
    const away = (weights[k] as number) - prior;
    gradient[k] = (gradient[k] as number) / total + penalty * away;
    loss += 0.5 * penalty * away * away;
  });
  return { loss, gradient };
}

/** Fits the weights; `rounds` of Adam with projection on the signs. */
export function fit(samples: readonly Sample[], plan: Layout, rounds = 400): Float64Array {
  const weights = Float64Array.from(plan.parameters, ({ prior }) => prior);
  const m = new Float64Array(weights.length);
  const v = new Float64Array(weights.length);
  for (let round = 1; round <= rounds; round += 1) {
    const { gradient } = gradientOf(samples, weights, plan);
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
