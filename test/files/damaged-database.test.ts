/**
 * The store's file is damaged bit by bit, on every type of page: either that does no harm, or it is noticed, the file is set aside and all is read
 * again from the logs. What is never allowed is a wrong point, name or setting. Paths have no checksum: a changed letter in them is counted here.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../main/service/store/open.ts';
import { StoreDamaged, StoreTooNew } from '../../main/service/store/errors.ts';
import { openTail } from '../../main/service/tail/tail.ts';
import { formatById, recognise } from '../../main/service/formats/registry.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { memory } from './world.ts';

/** Flips for each type of page. */
const FLIPS = Number(process.env.GAPWATCH_FLIPS ?? 6);
const PAGE = 8192;

let folder: string;
let root: string;
let whole: string;
let truth: Contents;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-flips-')));
  root = join(folder, 'runs');
  whole = join(folder, 'whole.db');
  for (let run = 0; run < 20; run += 1) {
    mkdirSync(join(root, `run-${run}`), { recursive: true });
    const steps = run === 0 ? 9000 : 60;
    const lines = Array.from({ length: steps }, (_, step) => `${step},${Math.sin(step * run + step)},${1 / (step + 1)}\n`);
    writeFileSync(join(root, `run-${run}`, 'metrics.csv'), `step,loss,${run % 2 ? 'lr' : 'accuracy'}\n${lines.join('')}`);
    writeFileSync(join(root, `run-${run}`, 'hparams.yaml'), `lr: 0.${run}\nname: ${'x'.repeat(200)}\nlayers: [${Array.from({ length: 300 }, (_, at) => at).join(', ')}]\n`);
  }
  truth = await contentsAfterReading(whole);
  const store = openStore(whole);
  store.rest();
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Contents {
  /** Points and curves, a line for each series. */
  points: string;
  /** Names and settings. */
  words: string;
  paths: string;
}

/** Brings a store up to date with the logs, and returns all it says of them. */
async function contentsAfterReading(database: string): Promise<Contents> {
  const store = openStore(database);
  try {
    const rootId = store.addRoot(root);
    const tail = openTail({ store, recognise, formatById, hints: false });
    try {
      await tail.catchUp(rootId);
    } finally {
      await tail.close();
    }
    const sources = store.sources(rootId).filter((source) => !source.gone);
    const series = sources.flatMap((source) => store.series(source.id));
    const words = [...sources.map(({ id }) => JSON.stringify([...store.config(id)])), ...series.map(({ name, hints }) => `${name} ${JSON.stringify(hints)}`)];
    const paths = [...store.roots(), ...sources].map(({ path }) => path);
    // As the service does once all is quiet.
    store.verify();
    const points = series.map(({ id }) => {
      const { step, value, length } = store.points(id);
      const curve = store.curve(id, { axis: 'step', pixels: 100 });
      return `${step.subarray(0, length).join()} ${value.subarray(0, length).join()} ${curve.y.join()}`;
    });
    return { points: points.sort().join('\n'), words: words.sort().join('\n'), paths: paths.sort().join('\n') };
  } finally {
    store.close();
  }
}

/** What the service does: when damage shows, it begins again. Returns what the store says in the end. */
async function readDamaged(database: string): Promise<Contents> {
  for (let begun = 1; ; begun += 1) {
    try {
      return await contentsAfterReading(database);
    } catch (error) {
      if (begun > 2 || !(error instanceof StoreDamaged)) throw error;
    }
  }
}

const TYPES: Record<number, string> = { 2: 'inner index', 5: 'inner table', 10: 'index', 13: 'table' };

/** Pages by type; what is no tree page is the continuation of a long row, or free. */
function pagesOf(bytes: Buffer): Map<string, number[]> {
  const pages = new Map<string, number[]>();
  for (let page = 0; page * PAGE < bytes.length; page += 1) {
    const type = page === 0 ? 'first' : (TYPES[bytes[page * PAGE] ?? 0] ?? 'continuation or free');
    pages.set(type, [...(pages.get(type) ?? []), page]);
  }
  return pages;
}

test(`${FLIPS} flipped bits on each type of page: no harm, or set aside and read again; never a wrong point, name or setting`, async () => {
  const random = seeded(Number(process.env.GAPWATCH_SEED ?? 17));
  const bytes = readFileSync(whole);
  const pages = pagesOf(bytes);
  expect([...pages.keys()].sort()).toEqual(['continuation or free', 'first', 'index', 'inner index', 'inner table', 'table']);
  const wrong: string[] = [];
  const counts: string[] = [];
  for (const [type, list] of pages) {
    let [rebuilt, paths] = [0, 0];
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const page = list[Math.floor(random() * list.length)] ?? 0;
      const at = page * PAGE + Math.floor(random() * (type === 'first' ? 200 : PAGE));
      const bit = 1 << Math.floor(random() * 8);
      const database = join(folder, 'damaged.db');
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ bit;
      writeFileSync(database, damaged);
      try {
        const said = await readDamaged(database);
        if (readdirSync(folder).some((name) => name.includes('.db.damaged-'))) rebuilt += 1;
        if (said.paths !== truth.paths) paths += 1;
        // A folder whose path was changed is another one, which is not there.
        const here = said.paths.includes(root);
        if (here && said.words !== truth.words) wrong.push(`${type}, page ${page}, byte ${at - page * PAGE}, bit ${bit}: a name or a setting`);
        if (here && said.points !== truth.points) wrong.push(`${type}, page ${page}, byte ${at - page * PAGE}, bit ${bit}: ${difference(said.points)}`);
      } catch (error) {
        // A changed version number is a newer version, for all that is known: the file is left as it is.
        if (!(error instanceof StoreTooNew)) wrong.push(`${type}, page ${page}, byte ${at - page * PAGE}, bit ${bit}: ${String(error)}`);
      }
      for (const name of readdirSync(folder)) if (name.startsWith('damaged.db')) rmSync(join(folder, name));
    }
    counts.push(`${type}: ${rebuilt} of ${FLIPS} rebuilt, ${paths} with a changed path`);
  }
  process.stdout.write(`${counts.join('; ')}\n`);
  expect(wrong).toEqual([]);
}, 600_000);

function difference(said: string): string {
  const [here, there] = [said.split('\n'), truth.points.split('\n')];
  const at = there.findIndex((line, index) => line !== here[index]);
  return `${here.length} lines of ${there.length}; "${(here[at] ?? '').slice(0, 90)}" in place of "${(there[at] ?? '').slice(0, 90)}"`;
}
