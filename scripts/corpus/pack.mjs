// `node scripts/corpus/pack.mjs <corpus folder> <out.json.gz>`: a balanced subset of a labelled corpus in one compressed file, for the tests.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

const RUNS = 200;
const [folder, out] = process.argv.slice(2);
const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8'));
const sizeOf = (path) => readdirSync(path, { recursive: true, withFileTypes: true }).reduce((sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0), 0);

// By turns from each group of format and what was injected, the smallest first, until there are enough.
const controls = new Set(['healthy', 'overfit', 'lag']);
const groups = new Map();
for (const run of labels.runs) {
  const key = controls.has(run.kind) ? `${run.format} ${run.kind} ${run.task}` : `${run.format} ${run.injected.join('+') || run.kind}`;
  groups.set(key, [...(groups.get(key) ?? []), run]);
}
for (const runs of groups.values()) runs.sort((a, b) => sizeOf(join(folder, a.id)) - sizeOf(join(folder, b.id)));
const queues = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, runs]) => [...runs]);
const chosen = [];
while (chosen.length < RUNS && queues.some((queue) => queue.length > 0)) {
  for (const queue of queues) {
    const next = queue.shift();
    if (next && chosen.length < RUNS) chosen.push(next);
  }
}
chosen.sort((a, b) => (a.id < b.id ? -1 : 1));
const files = {};
for (const { id } of chosen) {
  for (const entry of readdirSync(join(folder, id), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join('/')] = readFileSync(path).toString('base64');
  }
}
const packed = gzipSync(JSON.stringify({ labels: { ...labels, runs: chosen }, files }), { level: 9 });
writeFileSync(out, packed);
console.log(`${chosen.length} runs, ${Object.keys(files).length} files, ${(packed.length / 1e6).toFixed(1)} MB`);
