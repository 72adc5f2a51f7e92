/**
 * Recall and precision of each health rule on a labelled corpus: node test/bench/health.ts <folder> <labels.json> [--lives] [made.jsonl ...]
 *
 * A fault that is labelled must be found; one that is neither labelled nor allowed is false. With --lives runs are also replayed eval
 * by eval, and a rule that was ever false is counted. Exit code 1 if a gate fails.
 */
import { buildView } from '../../main/service/diagnose/build-view.ts';
import { healthRules } from '../../main/service/diagnose/health/index.ts';
import type { RunInput } from '../../main/service/diagnose/input.ts';
import { exactInterval } from './exact-interval.ts';
import { readCorpus, readMade, type Labelled } from './fit-corpora.ts';
import { injectedFaults } from './health-injected.ts';
import { upTo } from './replay.ts';

type Label = Pick<Labelled, 'id' | 'kind' | 'faults' | 'faultsAllowed'>;

interface Count {
  due: number;
  found: number;
  /** Fired where it was labelled or allowed, and where it was neither; runs in which it was neither. */
  right: number;
  wrong: number;
  clean: number;
  missed: string[];
  falseIn: string[];
  loudAtPeace: string[];
  everFalse: string[];
  milliseconds: number;
}

const GATE = 0.9;
const OVERFIT_RECALL = 0.97;
const OVERFIT_FALSE = 0.05;

const [folder, labelFile, ...rest] = process.argv.slice(2);
const files = rest.filter((each) => !each.startsWith('--'));
if (!folder || !labelFile) {
  console.error('usage: node test/bench/health.ts <folder> <labels.json> [--lives] [made.jsonl ...]');
  process.exit(2);
}
const corpus = await readCorpus(folder, labelFile);
const labels = [...corpus, ...readMade(files), ...injectedFaults(corpus)];
const counts = new Map(healthRules.map(({ id }): [string, Count] => [id, none()]));
for (const label of labels) {
  const { run } = label;
  for (const [id, severity] of check(run, true)) count(label, id, severity);
  for (const { id } of label.faults) miss(label, id, run);
  tally(label);
  if (rest.includes('--lives')) for (const id of everLoud(run)) if (!isFine(label, id)) counts.get(id)?.everFalse.push(label.id);
}
print();

function none(): Count {
  return { due: 0, found: 0, right: 0, wrong: 0, clean: 0, missed: [], falseIn: [], loudAtPeace: [], everFalse: [], milliseconds: 0 };
}

/** Severity of each rule that fires. */
function check(run: RunInput, timed = false): Map<string, string> {
  const view = buildView(run);
  const fired = new Map<string, string>();
  for (const rule of healthRules) {
    const began = performance.now();
    const result = rule.check(view);
    if (timed) counts.get(rule.id)!.milliseconds += performance.now() - began;
    if ('faults' in result && result.faults[0]) fired.set(rule.id, result.faults[0].severity);
  }
  return fired;
}

/** Rules that gave more than a remark at any eval. */
function everLoud(run: RunInput): Set<string> {
  const { evals, axis } = buildView(run);
  const loud = new Set<string>();
  for (const end of evals.at.subarray(2)) {
    for (const [id, severity] of check(upTo(run, axis, end))) if (severity !== 'info') loud.add(id);
  }
  return loud;
}

function isFine({ faults, faultsAllowed }: Label, id: string): boolean {
  return faultsAllowed.includes(id) || faults.some((fault) => fault.id === id);
}

function count(label: Label, id: string, severity: string): void {
  const into = counts.get(id)!;
  if (isFine(label, id)) into.right += 1;
  else {
    into.wrong += 1;
    into.falseIn.push(label.id);
    if (severity !== 'info' && (label.kind === 'healthy' || label.kind === 'lag')) into.loudAtPeace.push(label.id);
  }
}

function miss(label: Label, id: string, run: RunInput): void {
  const into = counts.get(id);
  if (!into) return;
  into.due += 1;
  if (check(run).has(id)) into.found += 1;
  else into.missed.push(label.id);
}

function tally(label: Label): void {
  for (const [id, into] of counts) if (!isFine(label, id)) into.clean += 1;
}

function share(k: number, n: number): string {
  if (n === 0) return '-'.padEnd(26);
  const [low, high] = exactInterval(k, n);
  return `${(k / n).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] n ${n}`.padEnd(32);
}

function print(): void {
  console.log(`${labels.length} runs. Recall: labelled faults found. Precision: findings that are labelled or allowed.`);
  console.log('False: findings in runs where neither holds. Exact 95 % intervals.');
  console.log(`${'rule'.padEnd(28)}${'recall'.padEnd(32)}${'precision'.padEnd(32)}${'false'.padEnd(32)}ms a run`);
  const failed: string[] = [];
  for (const { id, name } of healthRules) {
    const c = counts.get(id)!;
    const all = c.right + c.wrong;
    const ms = (c.milliseconds / labels.length).toFixed(2);
    console.log(`${`${id} ${name}`.padEnd(28)}${share(c.found, c.due)}${share(c.right, all)}${share(c.wrong, c.clean)}${ms}`);
    const lists = { missed: c.missed, false: c.falseIn, 'warning in a healthy run': c.loudAtPeace, 'false at some time': c.everFalse };
    for (const [what, list] of Object.entries(lists)) if (list.length > 0) console.log(`     ${what}: ${list.join(' ')}`);
    const recall = id === 'B5' ? OVERFIT_RECALL : GATE;
    if (c.due > 0 && c.found / c.due < recall) failed.push(`${id} recall`);
    if (all > 0 && c.right / all < GATE) failed.push(`${id} precision`);
    if (id === 'B5' && c.clean > 0 && c.wrong / c.clean > OVERFIT_FALSE) failed.push('B5 false alarms');
    if (c.loudAtPeace.length > 0) failed.push(`${id} in healthy runs`);
  }
  console.log(failed.length === 0 ? 'every gate holds' : `gates missed: ${failed.join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
