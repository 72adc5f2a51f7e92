/**
 * Fits the weights of the diagnosis: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...]
 *
 * Multinomial logistic regression on the terms of the causes, signs as in the reference, pulled towards the hand-set weights. Validation by
 * leaving out one group of tasks at a time: the printed figures are of runs whose task the weights never saw. The shipped weights are
 * then fitted on everything and written to main/service/diagnose/weights.ts.
 */
import { writeFileSync } from 'node:fs';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { readCorpus, readMade, type Labelled } from './fit-corpora.ts';
import { fit, layout, type Layout } from './fit-model.ts';
import { CONDITIONS, conditionsOf, samplesOf, type Condition, type Sample } from './fit-samples.ts';
import { calibrationError, outcome, table, type Outcome } from './fit-score.ts';

const PENALTY = 0.001;
const ROUNDS = 300;
/** Tasks that share data or a kind of model are left out together. */
const GROUPS = [
  ['wine', 'iris'],
  ['digits_mlp', 'digits_cnn', 'digits_bn'],
  ['cancer'],
  ['diabetes', 'waves'],
  ['blobs', 'blobs_steps'],
  ['charlm', 'gru_charlm'],
  ['spirals', 'words'],
];
/** With this many samples of the corpus under one kind of evidence the made runs are left out of its calibration. */
const ENOUGH = 100;
const AS_GOOD = 0.008;
const TEMPERATURES = [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5];

const [folder, ...files] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...]');
  process.exit(2);
}
const design = gather(await readCorpus(folder));
const made = gather(readMade(files));
const all = [...design, ...made];
const plan = layout(PENALTY, PENALTY);
console.log(`${design.length} samples of the corpus, ${made.length} of made runs, ${plan.parameters.length} weights\n`);

const inCorpus = new Set(design);
const held = leaveOut(all);
const calibration = calibrate(held);
const outcomes = held.map(({ sample, weights }) => outcome(sample, scaled(weights, calibration[sample.condition]), plan.offsets));
for (const moment of ['alert', 'end'] as const) {
  console.log(
    `corpus, tasks held out, at the ${moment}\n${table(outcomes.filter((each, i) => each.moment === moment && inCorpus.has(held[i]?.sample as Sample)))}\n`,
  );
  console.log(
    `made runs, tasks held out, at the ${moment}\n${table(outcomes.filter((each, i) => each.moment === moment && !inCorpus.has(held[i]?.sample as Sample)))}\n`,
  );
}
for (const condition of ['curves', 'config'] as const)
  console.log(
    `${condition}, at the end, corpus: true cause (rows) and first answer\n${confusion(outcomes.filter((each, i) => each.moment === 'end' && each.condition === condition && inCorpus.has(held[i]?.sample as Sample)))}\n`,
  );
const weights = fit(all, plan, ROUNDS);
writeFileSync(new URL('../../main/service/diagnose/weights.ts', import.meta.url), source(weights, plan, calibration));

function gather(list: readonly Labelled[]): Sample[] {
  return list.flatMap(({ run, truth }) => (truth ? samplesOf(run, truth, conditionsOf(run)) : []));
}

function leaveOut(samples: readonly Sample[]): { sample: Sample; weights: Float64Array }[] {
  return GROUPS.flatMap((group) => {
    const test = samples.filter(({ truth }) => group.includes(truth.task));
    if (test.length === 0) return [];
    const fitted = fit(
      samples.filter(({ truth }) => !group.includes(truth.task)),
      plan,
      ROUNDS,
    );
    return test.map((sample) => ({ sample, weights: fitted }));
  });
}

/**
 * Temperature per kind of evidence with which held-out verdicts come true as often as they claim; of those that do about equally well the
 * highest, which claims least.
 */
function calibrate(pairs: readonly { sample: Sample; weights: Float64Array }[]): Record<Condition, number> {
  const best = { curves: 1, probe: 1, config: 1, both: 1 };
  for (const condition of CONDITIONS) {
    const every = pairs.filter(({ sample }) => sample.condition === condition);
    const real = every.filter(({ sample }) => inCorpus.has(sample));
    const these = real.length >= ENOUGH ? real : every;
    const errors = TEMPERATURES.map((temperature) =>
      calibrationError(these.map(({ sample, weights: w }) => outcome(sample, scaled(w, temperature), plan.offsets))),
    );
    const least = Math.min(...errors);
    best[condition] = TEMPERATURES.findLast((_, k) => (errors[k] as number) <= least + AS_GOOD) ?? 1;
  }
  return best;
}

function scaled(w: Float64Array, temperature: number): Float64Array {
  return w.map((x) => x / temperature);
}

function confusion(list: readonly Outcome[]): string {
  const rows = [...new Set(list.map(({ truth }) => truth[0] ?? ''))].sort();
  const columns = [...new Set(list.map(({ top }) => top[0] ?? ''))].sort();
  const cell = (row: string, column: string): string =>
    String(list.filter(({ truth, top }) => truth[0] === row && top[0] === column).length || '.').padStart(4);
  return [
    `    ${columns.map((id) => id.padStart(4)).join('')}`,
    ...rows.map((row) => `${row.padEnd(4)}${columns.map((column) => cell(row, column)).join('')}`),
  ].join('\n');
}

function source(w: Float64Array, { parameters }: Layout, temperatures: Record<Condition, number>): string {
  const blocks = causes.map(({ id }) => {
    const own = parameters.flatMap(({ cause, term }, k) =>
      cause === id && Math.abs(w[k] as number) >= 0.005 ? [`'${term}': ${(w[k] as number).toFixed(2)}`] : [],
    );
    return `  ${id}: {\n${wrapped(own)}\n  },`;
  });
  return `/** Weights in nats, made by test/bench/fit-weights.ts: do not edit by hand. A term that is not listed has weight 0. */
const FITTED: Record<string, Record<string, number>> = {
${blocks.join('\n')}
};

export const WEIGHTS: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(
  Object.entries(FITTED).map(([cause, terms]) => [cause, new Map(Object.entries(terms))]),
);

/** What scores are divided by before they become probabilities, by the evidence that is at hand. */
export const TEMPERATURES = { curves: ${temperatures.curves}, probe: ${temperatures.probe}, config: ${temperatures.config}, both: ${temperatures.both} } as const;
`;
}

/** Lines of at most 120 characters. */
function wrapped(items: readonly string[]): string {
  const lines: string[] = [];
  let line = '   ';
  for (const item of items) {
    if (line.length + item.length > 118) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${item},`;
  }
  return [...lines, line].join('\n');
}
