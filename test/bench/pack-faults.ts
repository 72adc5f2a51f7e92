/**
 * Packs some of the runs of scripts/corpus/faults.py for the tests: node test/bench/pack-faults.ts <out.jsonl.gz> <made.jsonl> ...
 *
 * By turns those in which B6 must be found, those in which B8 must, and those with neither, the shortest first.
 */
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readMade, type Labelled } from './fit-corpora.ts';

const EACH = 12;

const [out, ...files] = process.argv.slice(2);
if (!out || files.length === 0) {
  console.error('usage: node test/bench/pack-faults.ts <out.jsonl.gz> <made.jsonl> ...');
  process.exit(2);
}
const runs = readMade(files).sort((a, b) => lengthOf(a) - lengthOf(b) || (a.id < b.id ? -1 : 1));
const due = (id: string) => runs.filter(({ faults }) => faults.some((fault) => fault.id === id));
const free = runs.filter(({ faults, faultsAllowed }) => faults.length === 0 && !faultsAllowed.includes('B6') && !faultsAllowed.includes('B8'));
const chosen = new Set([due('B6'), due('B8'), free].flatMap((list) => list.slice(0, EACH)));
const lines = [...chosen].map(({ made }) => JSON.stringify({ ...made?.run, grad: [] }));
writeFileSync(out, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
console.log(`${chosen.size} runs: ${due('B6').length} due for B6, ${due('B8').length} for B8, ${free.length} free of both`);

function lengthOf({ made }: Labelled): number {
  return made?.run.steps.length ?? 0;
}
