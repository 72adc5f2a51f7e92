/** `npm run bench [-- name ...]`: measures against the anchors, prints the table and writes it to docs/benchmarks.md. */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchAppending } from './appending.ts';
import { benchCsv } from './csv.ts';
import { benchDiscovery } from './discovery.ts';
import { benchDrawing } from './drawing.ts';
import { benchFidelity } from './fidelity.ts';
import { benchFirstCurves } from './firstCurves.ts';
import { benchGpuSample } from './gpuSample.ts';
import { benchIdle } from './idle.ts';
import { benchIngest } from './ingest.ts';
import { benchJsonl } from './jsonl.ts';
import { benchLive } from './live.ts';
import { benchLongTasks } from './longTasks.ts';
import { benchMemory } from './memory.ts';
import { benchPainting } from './painting.ts';
import { benchRedraw } from './redraw.ts';
import { benchReopen } from './reopen.ts';
import type { Row } from './row.ts';
import { benchStore } from './store.ts';
import { benchWindow } from './window.ts';

const BENCHES: Record<string, () => Promise<Row[]>> = {
  ingest: benchIngest,
  reopen: benchReopen,
  csv: benchCsv,
  jsonl: benchJsonl,
  store: benchStore,
  discovery: benchDiscovery,
  first: benchFirstCurves,
  live: benchLive,
  idle: benchIdle,
  drawing: benchDrawing,
  redraw: benchRedraw,
  fidelity: benchFidelity,
  appending: benchAppending,
  painting: benchPainting,
  long: benchLongTasks,
  gpu: benchGpuSample,
  window: benchWindow,
  memory: benchMemory,
};

const chosen = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = chosen.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stderr.write(`bench: ${name} ...\n`);
  rows.push(...(await bench()));
}
const table = tableOf(rows);
process.stdout.write(`${table}\n`);
if (chosen.length === 0) writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md'), `# Benchmarks\n\n${conditions()}\n\n${table}\n`);

function tableOf(all: readonly Row[]): string {
  const lines = ['| what | ours | anchor | ratio | spread | target | met |', '| --- | --- | --- | --- | --- | --- | --- |'];
  for (const { what, ours, anchor, ratio, spread, target, met, skipped } of all) {
    const figures = skipped === undefined ? [ours, anchor, short(ratio), spread ? `${short(spread[0])} - ${short(spread[1])}` : '', target, met === null ? '' : met ? 'yes' : 'no'] : ['', '', '', `skipped: ${skipped}`, target, ''];
    lines.push(`| ${[what, ...figures].join(' | ')} |`);
  }
  return lines.join('\n');
}

function short(ratio: number | null): string {
  return ratio === null ? '' : ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3);
}

function conditions(): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}. Medians of at least five alternating pairs; CPU seconds are user and system of the whole process, its start included.`;
}
