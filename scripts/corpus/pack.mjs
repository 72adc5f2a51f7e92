// `node scripts/corpus/pack.mjs <corpus folder> <out.json.gz>`: a balanced subset of a labelled corpus in one compressed file, for the tests.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/** @typedef {{id: string, kind: string, format: string, task: string, injected: string[]}} Labelled */

const RUNS = 200;
const [folder = '', out = ''] = process.argv.slice(2);
/** @type {{runs: Labelled[]}} */
const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
/** @param {string} path */
const filesBelow = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
/** @param {Labelled} run */
const sizeOf = ({ id }) => filesBelow(join(folder, id)).reduce((sum, file) => sum + statSync(file).size, 0);

// By turns from each group of format and what was injected, the smallest first, until there are enough.
const controls = new Set(['healthy', 'overfit', 'lag']);
/** @type {Map<string, Labelled[]>} */
const groups = new Map();
for (const run of labels.runs) {
  const key = controls.has(run.kind) ? `${run.format} ${run.kind} ${run.task}` : `${run.format} ${run.injected.join('+') || run.kind}`;
  groups.set(key, [...(groups.get(key) ?? []), run]);
}
for (const runs of groups.values()) runs.sort((a, b) => sizeOf(a) - sizeOf(b));
const queues = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, runs]) => [...runs]);
/** @type {Labelled[]} */
const chosen = [];
while (chosen.length < RUNS && queues.some((queue) => queue.length > 0)) {
  for (const queue of queues) {
    const next = queue.shift();
    if (next && chosen.length < RUNS) chosen.push(next);
  }
}
chosen.sort((a, b) => (a.id < b.id ? -1 : 1));
/** @type {Record<string, string>} */
const files = {};
for (const { id } of chosen) {
  for (const path of filesBelow(join(folder, id))) files[relative(folder, path).split(sep).join('/')] = readFileSync(path).toString('base64');
}
const packed = gzipSync(JSON.stringify({ labels: { ...labels, runs: chosen }, files }), { level: 9 });
writeFileSync(out, packed);
console.log(`${chosen.length} runs, ${Object.keys(files).length} files, ${(packed.length / 1e6).toFixed(1)} MB`);
