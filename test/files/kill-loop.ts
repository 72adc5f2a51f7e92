/** Kills the service, and every second time its tailing and store alone, at random moments while a writer goes on, and compares the store with what was written after each kill. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as registry from '../../main/service/formats/registry.ts';
import { openStore } from '../../main/service/store/open.ts';
import type { SourceRow, Store } from '../../main/service/store/store.ts';
import { openTail } from '../../main/service/tail/tail.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { startFollower, type FollowerProcess } from './follower-process.ts';
import { formatById, recognise } from './number-formats.ts';
import { memory } from './world.ts';
import { openWriter, type Log, type Writer } from './writer.ts';

export interface FaultCount {
  times: number;
  lost: number;
  doubled: number;
}

export interface KillResult {
  kills: number;
  /** Points that were compared in the last check. */
  points: number;
  /** Kills after which some file was read only in part: the kill met the follower at work. */
  atWork: number;
  faults: Map<string, FaultCount>;
  /** One sentence each. */
  wrong: string[];
}

/** A result before anything was killed. */
export function noResult(): KillResult {
  return { kills: 0, points: 0, atWork: 0, faults: new Map(), wrong: [] };
}

export interface KillLoop {
  kills: number;
  seed: number;
  progress?(result: KillResult): void;
}

const formats = {
  recognise: (probe: Parameters<typeof recognise>[0]) => recognise(probe) ?? registry.recognise(probe),
  formatById: (id: string) => formatById(id) ?? registry.formatById(id),
};

/** Runs the loop in a folder of its own. */
export async function runKillLoop({ kills, seed, progress }: KillLoop): Promise<KillResult> {
  const folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-kill-')));
  let root = join(folder, 'runs-0');
  mkdirSync(root);
  const database = join(folder, 'gapwatch.db');
  const random = seeded(seed);
  const result = noResult();
  let writer = openWriter(root, random);
  try {
    while (result.kills < kills) {
      await killOnce(startFollower(database, [root], { whole: result.kills % 2 === 0 }), writer, random);
      result.kills += 1;
      compareParts(database, root, writer, result);
      if (result.kills % 20 !== 0) continue;
      // Everything is read to its end and compared whole, then new logs begin: the versions would fill the memory.
      await compareWhole(database, root, writer, result);
      progress?.(result);
      rmSync(root, { recursive: true });
      root = join(folder, `runs-${result.kills}`);
      mkdirSync(root);
      writer = openWriter(root, random);
    }
    await compareWhole(database, root, writer, result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

/** Writes on, and kills the follower within 120 ms of its first word. */
export async function killOnce(follower: FollowerProcess, writer: Writer, random: () => number): Promise<void> {
  const ended = new Promise((resolve) => follower.child.once('exit', resolve));
  await follower.until(() => true);
  const end = performance.now() + random() * 120;
  while (performance.now() < end) {
    for (let step = 0; step < 3; step += 1) writer.step();
    await new Promise((resume) => setImmediate(resume));
  }
  follower.child.kill('SIGKILL');
  await ended;
  for (let step = 0; step < 20; step += 1) writer.step();
}

/** After a kill: what each source holds is exactly what one version of its file says up to the stored offset. */
export function compareParts(database: string, root: string, writer: Writer, result: KillResult): void {
  const store = openStore(database);
  try {
    let partly = false;
    for (const source of sourcesOf(store, root)) {
      const log = writer.logs.get(source.path);
      if (!log) continue;
      const stored = sealedOf(store, source);
      const upTo = (text: string): number[] => log.kind.values(text.slice(0, source.offset));
      // What an idle last line without its newline says may stand behind that.
      const offered = (text: string): number[] =>
        text.slice(source.offset, source.size).includes('\n') ? [] : log.kind.values(`${text.slice(0, source.size)}\n`);
      partly ||= source.offset < source.size;
      if (!log.versions.some((text) => equal(stored, upTo(text)) || equal(stored, offered(text)))) fault(result, log, stored, upTo(log.versions.at(-1) ?? ''), `after kill ${result.kills}`);
    }
    if (partly) result.atWork += 1;
    for (const line of store.check()) result.wrong.push(`the database after kill ${result.kills}: ${line}`);
    if (store.recovered) result.wrong.push(`the database was damaged by kill ${result.kills}: ${store.recovered.why}`);
  } finally {
    store.close();
  }
}

/** Reads everything to the end and compares every file with its source. */
export async function compareWhole(database: string, root: string, writer: Writer, result: KillResult): Promise<void> {
  writer.finish();
  const store = openStore(database);
  const rootId = store.addRoot(root);
  const tail = openTail({ store, ...formats });
  await tail.catchUp(rootId);
  await tail.close();
  result.points = 0;
  for (const [name, times] of writer.done) countOf(result, name).times += times;
  countOf(result, 'SIGKILL').times = result.kills;
  for (const log of writer.logs.values()) {
    const source = store.sources(rootId).find((row) => row.path === log.path && !row.gone);
    const expected = log.kind.values(log.versions.at(-1) ?? '');
    const stored = source ? sealedOf(store, source) : [];
    result.points += stored.length;
    if (expected.length > 0 && !equal(stored, expected)) fault(result, log, stored, expected, 'at the end');
    log.faults.clear();
  }
  store.close();
}

function sourcesOf(store: Store, path: string): SourceRow[] {
  const root = store.roots().find((one) => one.path === path);
  return root ? store.sources(root.id).filter((source) => !source.gone) : [];
}

/** Values of the current generation. */
function sealedOf(store: Store, source: SourceRow): number[] {
  return store
    .series(source.id)
    .filter((row) => row.name === 'n' || row.name.includes('loss'))
    .flatMap((row) => [...store.points(row.id)[source.format === 'tensorboard' ? 'step' : 'value'].subarray(0, row.count)]);
}

function fault(result: KillResult, log: Log, stored: number[], expected: number[], when: string): void {
  const have = new Map<number, number>();
  for (const value of stored) have.set(value, (have.get(value) ?? 0) + 1);
  const lost = expected.filter((value) => !have.has(value)).length;
  const doubled = [...have.values()].filter((count) => count > 1).length;
  for (const name of ['SIGKILL', ...log.faults]) {
    countOf(result, name).lost += lost;
    countOf(result, name).doubled += doubled;
  }
  const counts = `${lost} lost, ${doubled} doubled, ${stored.length} stored of ${expected.length}`;
  result.wrong.push(`${log.path} ${when}: ${counts}; ${[...log.faults].join(', ')}`);
}

function countOf(result: KillResult, name: string): FaultCount {
  let count = result.faults.get(name);
  if (!count) result.faults.set(name, (count = { times: 0, lost: 0, doubled: 0 }));
  return count;
}

function equal(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
