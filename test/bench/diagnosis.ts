/**
 * The score card of the diagnosis on a labelled corpus: npm run bench:diagnosis -- <folder> <labels.json> [--gate]
 *
 * or on runs of scripts/corpus: npm run bench:diagnosis -- <made.jsonl> [<made.jsonl> ...]
 *
 * A folder is read as the product reads any folder. With --gate the exit code is 1 where the release gate is missed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Baselines } from './diagnosis-baselines.ts';
import { measure } from './diagnosis-measure.ts';
import { gateFailures, scoreCard } from './diagnosis-card.ts';
import { readCorpus, readMade } from './fit-corpora.ts';

const [folder, second, ...rest] = process.argv.slice(2);
const labels = second && !second.startsWith('--') ? second : undefined;
const gated = [second, ...rest].includes('--gate');
if (!folder) {
  console.error('usage: npm run bench:diagnosis -- <folder> <labels.json> [--gate] | <made.jsonl> ...');
  process.exit(2);
}
const labelFile = labels ?? join(folder, 'labels.json');
const published = readBaselines(join(dirname(labelFile), 'baselines.json'));
const made = process.argv.slice(2).filter((each) => each.endsWith('.jsonl'));
const labelled = made.length > 0 ? readMade(made) : await readCorpus(folder, labelFile);
const measured = labelled.map((label) => measure(label, published[label.id] ?? null));
console.log(scoreCard(measured));
const failures = gateFailures(measured);
console.log(
  failures.length === 0 ? '\nRelease gate: passed.' : `\nRelease gate: missed.\n${failures.map((line) => `  ${line}`).join('\n')}`,
);
if (gated && failures.length > 0) process.exitCode = 1;

/** The corpus's own record of when known rules fire, where it has one. */
function readBaselines(file: string): Record<string, Baselines> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Baselines>) : {};
}
