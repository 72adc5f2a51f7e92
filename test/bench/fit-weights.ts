/**
 * Fits the weights of the diagnosis: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...]
 *
 * Multinomial logistic regression on the terms of the causes, signs as in the reference, pulled towards the hand-set weights. What is printed is
 * of runs whose tasks neither weights nor penalty nor temperatures have seen: folds of whole tasks are left out in turn, and within the rest
 * penalty and temperatures are chosen by leaving out its folds in turn (nested cross-validation). The shipped weights are then fitted on
 * everything, with penalty and temperatures from leaving out each fold, and written to main/service/diagnose/weights.ts. Tasks that are never
 * fitted on are judged by test/bench/diagnosis.ts.
 */
import { writeFileSync } from 'node:fs';
import { causes } from '../../main/service/diagnose/causes/index.ts';
import { readCorpus, readMade, type Labelled } from './fit-corpora.ts';
import { fit, layout, logLoss, type Layout } from './fit-model.ts';
import { CONDITIONS, conditionsOf, samplesOf, type Condition, type Sample } from './fit-samples.ts';
import { brierScore, outcome, table, verdictLoss, type Outcome } from './fit-score.ts';

/** Penalties of the shared terms on the shape of the curves; those of a cause's own terms, which have a reason and a sign, are freer. */
const PENALTIES = [0.002, 0.004];
const OWN_PENALTY = 0.001;
/** Each made run is shown to the fit as so many kinds of log; figures and temperatures are of the first alone. */
const VIEWS = 2;
const ROUNDS = 300;
const INNER_ROUNDS = 100;
const INNER_FOLDS = 3;
/** Tasks that share data or a kind of model are left out together. */
const FOLDS = [
  ['digits_mlp', 'digits_cnn', 'digits_bn', 'autoencoder', 'glyphs_cnn'],
  ['wine', 'iris', 'spirals', 'checkers'],
  ['cancer', 'words'],
  ['diabetes', 'waves', 'sensors', 'signals'],
  ['blobs', 'blobs_steps', 'mixture', 'multilabel'],
  ['charlm', 'gru_charlm', 'bigram_lm'],
];
const TEMPERATURES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.45, 1.6, 1.8];

type Judged = { sample: Sample; weights: Float64Array };
type Temperatures = Record<Condition, number>;
interface Choice {
  plan: Layout;
  temperatures: Temperatures;
}

const [folder, ...rest] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node test/bench/fit-weights.ts <corpus folder> [made.jsonl ...]');
  process.exit(2);
}
const design = gather(await readCorpus(folder));
const made = gather(readMade(rest, VIEWS));
const all = [...design, ...made];
const inCorpus = new Set(design);
const tasks = [...new Set(all.map(({ truth }) => truth.task))];
const homeless = tasks.filter((task) => !FOLDS.some((fold) => fold.includes(task)));
if (homeless.length > 0) throw new Error(`no fold for ${homeless.join(', ')}: add them to FOLDS`);
console.log(`${design.length} samples of the corpus, ${made.length} of made runs`);

const nested = FOLDS.flatMap((fold) => {
  const others = all.filter(({ truth }) => !fold.includes(truth.task));
  const choice = choose(others, merged(FOLDS.filter((other) => other !== fold)), fold.join('+'));
  const weights = fit(others, choice.plan, ROUNDS);
  const test = all.filter((sample) => fold.includes(sample.truth.task) && isFirstView(sample));
  return test.map((sample) => ({ sample, said: judged({ sample, weights }, choice) }));
});
const shippedChoice = choose(all, FOLDS, 'the shipped weights');
const shipped = fit(all, shippedChoice.plan, ROUNDS);
console.log(`${shippedChoice.plan.parameters.length} weights\n`);
report('corpus, tasks held out', nested.filter(({ sample }) => inCorpus.has(sample)));
report('made runs, tasks held out', nested.filter(({ sample }) => !inCorpus.has(sample)));
for (const condition of ['curves', 'config'] as const) {
  const these = nested.filter(({ sample }) => sample.moment === 'end' && sample.condition === condition && inCorpus.has(sample));
  console.log(`${condition}, with the whole run, corpus: true cause (rows) and first answer\n${confusion(these.map(({ said }) => said))}\n`);
}
writeFileSync(new URL('../../main/service/diagnose/weights.ts', import.meta.url), source(shipped, shippedChoice));

function gather(list: readonly Labelled[]): Sample[] {
  return list.flatMap(({ run, truth }) => (truth ? samplesOf(run, truth, conditionsOf(run)) : []));
}

function isFirstView({ truth }: Sample): boolean {
  return !truth.id.includes('.');
}

/** The inner folds of the nested validation: as many tasks each, in fewer folds, for the time it takes. */
function merged(folds: readonly string[][]): string[][] {
  return Array.from({ length: INNER_FOLDS }, (_, i) => folds.filter((_fold, k) => k % INNER_FOLDS === i).flat());
}

/** Penalty and temperatures under which runs of left-out folds have the least log loss. Only `samples` are looked at. */
function choose(samples: readonly Sample[], folds: readonly string[][], what: string): Choice {
  const first = samples.filter(isFirstView);
  const tried = PENALTIES.map((penalty) => {
    const plan = layout(penalty, OWN_PENALTY);
    const held = folds.flatMap((fold) => {
      const weights = fit(first.filter(({ truth }) => !fold.includes(truth.task)), plan, INNER_ROUNDS);
      return first.filter(({ truth }) => fold.includes(truth.task)).map((sample) => ({ sample, weights }));
    });
    const loss = logLoss(held, plan) + verdictLoss(held.map(({ sample, weights }) => outcome(sample, weights, plan.offsets)));
    return { penalty, plan, held, loss };
  });
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  const temperatures = calibrate(best.held, best.plan);
  const losses = tried.map(({ penalty, loss }) => `${penalty}: ${loss.toFixed(3)}`).join(', ');
  console.log(`${what}: held-out log loss by penalty ${losses}; temperatures ${JSON.stringify(temperatures)}`);
  return { plan: best.plan, temperatures };
}

/**
 * Temperature per kind of evidence under which held-out verdicts have the least Brier score. The corpus, whose mix is the one to be expected, and
 * the made runs, which have more tasks, count the same.
 */
function calibrate(pairs: readonly Judged[], { offsets }: Layout): Temperatures {
  const best = { curves: 1, probe: 1, config: 1, both: 1 };
  for (const condition of CONDITIONS) {
    const these = pairs.filter(({ sample }) => sample.condition === condition);
    const parts = [these.filter(({ sample }) => inCorpus.has(sample)), these.filter(({ sample }) => !inCorpus.has(sample))].filter(
      (part) => part.length > 0,
    );
    const costs = TEMPERATURES.map((t) =>
      parts.reduce((sum, part) => sum + brierScore(part.map(({ sample, weights }) => outcome(sample, scaled(weights, t), offsets))), 0),
    );
    best[condition] = TEMPERATURES[costs.indexOf(Math.min(...costs))] ?? 1;
  }
  return best;
}

function scaled(w: Float64Array, temperature: number): Float64Array {
  return w.map((x) => x / temperature);
}

function judged({ sample, weights }: Judged, { plan, temperatures }: Choice): Outcome {
  return outcome(sample, scaled(weights, temperatures[sample.condition]), plan.offsets);
}

function report(title: string, pairs: readonly { sample: Sample; said: Outcome }[]): void {
  for (const moment of ['end', 'alert'] as const) {
    const these = pairs.filter(({ sample }) => sample.moment === moment).map(({ said }) => said);
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

function source(w: Float64Array, { plan: { parameters }, temperatures }: Choice): string {
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
