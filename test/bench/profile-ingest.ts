/** Where the time of cold ingest goes: a table by stage and by function, from Node's profiler. `npm run bench:profile` writes docs/ingest-profile.md. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateTfevents } from './generate-tfevents.ts';

const RUNS = 5;
const LARGEST = 25;
const root = join(import.meta.dirname, '..', '..');

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** What a file's functions are counted under: the first that fits. */
const STAGES: [RegExp, string][] = [
  [/^formats\/(crc32c|tfrecord|tensorboard-event\.ts (takePlain|#takePlainRecord)$)/, 'frames and CRC-32C of every record'],
  [/^(formats\/|points\.ts)/, 'events to columns of points'],
  [/^store\/(codec|pyramid)/, 'encoding chunks and their pyramid'],
  [/^(store\/|better-sqlite3|pragma|wrappers)/, 'the rest of the store, SQLite itself included'],
  [/^(tail|watch)\//, 'finding and reading files'],
  [/^node:zlib/, 'CRC-32 of files and chunks'],
  [/^(\(garbage collector\))/, 'garbage collection'],
  [/^(node:|\(program\))/, "Node's start, loading of the program, internals"],
];

/** Self times of functions in milliseconds, added up over several runs of the built program. */
function profiled(logs: string, scratch: string): Map<string, number> {
  const times = new Map<string, number>();
  for (let run = 0; run < RUNS; run += 1) {
    const folder = join(scratch, `profile-${run}`);
    const options = ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', folder];
    execFileSync(process.execPath, [...options, join(root, 'dist', 'service', 'cli.cjs'), 'ingest', logs, '--data', join(scratch, `data-${run}`), '--json'], { stdio: 'ignore' });
    const [file = ''] = readdirSync(folder);
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    samples.forEach((id, at) => {
      const name = names.get(id) ?? '';
      if (name !== '(idle)') times.set(name, (times.get(name) ?? 0) + (timeDeltas[at] ?? 0) / 1000);
    });
  }
  return times;
}

function nameOf({ functionName, url, lineNumber, columnNumber }: Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName.startsWith('(') ? functionName : `node: ${functionName}`;
  const name = functionName || '(anonymous)';
  return url.startsWith('file:') ? `${sourceOf(fileURLToPath(url), lineNumber, columnNumber)} ${name}` : `${url} ${name}`;
}

const maps = new Map<string, SourceMap | null>();

/** The source file of a place in a built file, by its source map. */
function sourceOf(built: string, line: number, column: number): string {
  let map = maps.get(built);
  if (map === undefined) {
    map = existsSync(`${built}.map`) ? new SourceMap(JSON.parse(readFileSync(`${built}.map`, 'utf8')) as SourceMapPayload) : null;
    maps.set(built, map);
  }
  const entry = map?.findEntry(line, column);
  const source = entry && 'originalSource' in entry ? entry.originalSource : built.replace(/^.*node_modules\//, '');
  return source.replace(/^.*main\/service\//, '').replace(/^.*node_modules\//, '');
}

function tables(title: string, times: Map<string, number>): string {
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  const share = (ms: number): string => `${((100 * ms) / total).toFixed(1)} %`;
  const stages = new Map<string, number>();
  for (const [name, ms] of times) {
    const stage = STAGES.find(([pattern]) => pattern.test(name))?.[1] ?? 'runs and the rest';
    stages.set(stage, (stages.get(stage) ?? 0) + ms);
  }
  const rows = (all: Map<string, number>, most: number): string[] => [...all].sort(([, a], [, b]) => b - a).slice(0, most).map(([name, ms]) => `| ${name} | ${share(ms)} |`);
  return [`## ${title}`, '', '| stage | share |', '| --- | --- |', ...rows(stages, 99), '', '| function | share |', '| --- | --- |', ...rows(times, LARGEST), ''].join('\n');
}

const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-profile-'));
try {
  const shapes = [['1 run x 5 tags x 200 k steps', 1, 200_000], ['500 runs x 5 tags x 400 steps', 500, 400]] as const;
  const parts = shapes.map(([title, runs, steps]) => {
    const logs = join(scratch, `logs-${runs}`);
    generateTfevents(logs, runs, 5, steps);
    return tables(title, profiled(logs, logs.replace('logs', 'runs')));
  });
  const how = `Self times by Node's sampling profiler (every 0.2 ms), ${RUNS} runs of \`gapwatch ingest\` added up; a call into SQLite counts for the function that makes it. What V8 compiles and collects on threads of its own is not in it: by \`perf\` on 28 November 2026 a quarter of all CPU time of the first shape. ${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? ''}, Node ${process.versions.node}.`;
  writeFileSync(join(root, 'docs', 'ingest-profile.md'), `# Profile of cold ingest: 1 M TensorBoard scalars\n\n${how}\n\n${parts.join('\n')}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
