/**
 * Fits the weights of the diagnosis: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...] [--unseen made.jsonl]
 *
 * Multinomial logistic regression on the terms of the causes, signs as in the reference, pulled towards the hand-set weights. Penalty and
 * temperatures are chosen by leaving out one group of tasks at a time: the printed figures are of runs whose task the weights never saw.
 * The shipped weights are then fitted on everything and written to main/service/diagnose/weights.ts. Runs after --unseen are only judged.
 */
import { writeFileSync } from 'node:fs';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { readCorpus, readMade, type Labelled } from './fit-corpora.ts';
import { fit, layout, logLoss, type Layout } from './fit-model.ts';
import { CONDITIONS, conditionsOf, samplesOf, type Condition, type Sample } from './fit-samples.ts';
import { outcome, table, verdictLoss, type Outcome } from './fit-score.ts';

const PENALTIES = [0.0005, 0.001, 0.002];
/** Each made run is shown to the fit as so many kinds of log; figures and temperatures are of the first alone. */
const VIEWS = 3;
const ROUNDS = 300;
/** Tasks that share data or a kind of model are left out together. */
const GROUPS = [
  ['wine', 'iris'],
  ['digits_mlp', 'digits_cnn', 'digits_bn', 'autoencoder'],
  ['cancer'],
  ['diabetes', 'waves'],
  ['blobs', 'blobs_steps'],
  ['charlm', 'gru_charlm'],
  ['spirals', 'words'],
  ['mixture', 'multilabel'],
];
const TEMPERATURES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.45, 1.6, 1.8, 2];

type Judged = { sample: Sample; weights: Float64Array };

const [folder, ...rest] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...] [--unseen made.jsonl]');
  process.exit(2);
}
const cut = rest.includes('--unseen') ? rest.indexOf('--unseen') : rest.length;
const design = gather(await readCorpus(folder));
const made = gather(readMade(rest.slice(0, cut), VIEWS));
const unseen = gather(readMade(rest.slice(cut + 1)));
const all = [...design, ...made];
const inCorpus = new Set(design);
console.log(`${design.length} samples of the corpus, ${made.length} of made runs, ${unseen.length} of made runs on tasks that are never fitted on`);

const tried = PENALTIES.map((penalty) => {
  const plan = layout(penalty, penalty);
  const held = leaveOut(all, plan).filter(({ sample }) => isFirstView(sample));
  const ofCauses = logLoss(held, plan);
  const ofVerdicts = verdictLoss(held.map(({ sample, weights }) => outcome(sample, weights, plan.offsets)));
  console.log(`penalty ${penalty}: held-out log loss of the causes ${ofCauses.toFixed(3)}, of the verdicts ${ofVerdicts.toFixed(3)}`);
  return { plan, held, loss: ofCauses + ofVerdicts };
});
const { plan, held } = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
const temperatures = calibrate(held);
const shipped = fit(all, plan, ROUNDS);
console.log(`${plan.parameters.length} weights, penalty ${plan.parameters[0]?.penalty}, temperatures ${JSON.stringify(temperatures)}\n`);
report('corpus, tasks held out', held.filter(({ sample }) => inCorpus.has(sample)));
report('made runs, tasks held out', held.filter(({ sample }) => !inCorpus.has(sample)));
report('made runs on tasks that are never fitted on', unseen.map((sample) => ({ sample, weights: shipped })));
for (const condition of ['curves', 'config'] as const) {
  const these = held.filter(({ sample }) => sample.moment === 'end' && sample.condition === condition && inCorpus.has(sample));
  console.log(`${condition}, with the whole run, corpus: true cause (rows) and first answer\n${confusion(these.map(judged))}\n`);
}
writeFileSync(new URL('../../main/service/diagnose/weights.ts', import.meta.url), source(shipped, plan, temperatures));

function gather(list: readonly Labelled[]): Sample[] {
  return list.flatMap(({ run, truth }) => (truth ? samplesOf(run, truth, conditionsOf(run)) : []));
}

function isFirstView({ truth }: Sample): boolean {
  return !truth.id.includes('.');
}

function leaveOut(samples: readonly Sample[], with_: Layout): Judged[] {
  return GROUPS.flatMap((group) => {
    const test = samples.filter(({ truth }) => group.includes(truth.task));
    const others = samples.filter(({ truth }) => !group.includes(truth.task));
    const weights = test.length > 0 ? fit(others, with_, ROUNDS) : new Float64Array();
    return test.map((sample) => ({ sample, weights }));
  });
}

/** Temperature per kind of evidence under which held-out verdicts have the least log loss. */
function calibrate(pairs: readonly Judged[]): Record<Condition, number> {
  const best = { curves: 1, probe: 1, config: 1, both: 1 };
  for (const condition of CONDITIONS) {
    const these = pairs.filter(({ sample }) => sample.condition === condition);
    const losses = TEMPERATURES.map((t) => verdictLoss(these.map(({ sample, weights }) => outcome(sample, scaled(weights, t), plan.offsets))));
    best[condition] = TEMPERATURES[losses.indexOf(Math.min(...losses))] ?? 1;
  }
  return best;
}

function scaled(w: Float64Array, temperature: number): Float64Array {
  return w.map((x) => x / temperature);
}

function judged({ sample, weights }: Judged): Outcome {
  return outcome(sample, scaled(weights, temperatures[sample.condition]), plan.offsets);
}

function report(title: string, pairs: readonly Judged[]): void {
  for (const moment of ['end', 'alert'] as const) {
    const these = pairs.filter(({ sample }) => sample.moment === moment).map(judged);
    if (these.length > 0) console.log(`${title}, ${moment === 'end' ? 'with the whole run' : 'at the first alert'}\n${table(these)}\n`);
  }
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

/** Lines of at most 140 characters. */
function wrapped(items: readonly string[]): string {
  const lines: string[] = [];
  let line = '   ';
  for (const item of items) {
    if (line.length + item.length > 136) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${item},`;
  }
  return [...lines, line].join('\n');
}
