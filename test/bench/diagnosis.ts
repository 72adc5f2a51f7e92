/**
 * The score card of the diagnosis on a labelled corpus: npm run bench:diagnosis -- <folder> <labels.json> [--gate]
 *
 * The folder is read as the product reads any folder. With --gate the exit code is 1 where the release gate is missed.
 */
import { join } from 'node:path';
import { measure } from './diagnosis-measure.ts';
import { gateFailures, scoreCard } from './diagnosis-card.ts';
import { readCorpus } from './fit-corpora.ts';

const [folder, second, ...rest] = process.argv.slice(2);
const labels = second && !second.startsWith('--') ? second : undefined;
const gated = [second, ...rest].includes('--gate');
if (!folder) {
  console.error('usage: npm run bench:diagnosis -- <folder> <labels.json> [--gate]');
  process.exit(2);
}
const measured = (await readCorpus(folder, labels ?? join(folder, 'labels.json'))).map(measure);
console.log(scoreCard(measured));
const failures = gateFailures(measured);
console.log(
  failures.length === 0 ? '\nRelease gate: passed.' : `\nRelease gate: missed.\n${failures.map((line) => `  ${line}`).join('\n')}`,
);
if (gated && failures.length > 0) process.exitCode = 1;
