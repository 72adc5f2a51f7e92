/** What the commands do: bring a store up to date with a folder, then print. Progress goes to stderr, the result to stdout. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from './commandLine.ts';
import { CSV_HEADER, exportRun } from './service/exporting.ts';
import { chosenFolder } from './service/folders.ts';
import { lockDataFolder } from './service/lock.ts';
import { readFolder, storedRuns, type ReadFolder } from './service/reading.ts';
import type { Run } from './service/runs/catalogue.ts';
import { databaseIn } from './service/store/file.ts';
import { openStore } from './service/store/open.ts';
import type { Store } from './service/store/store.ts';

export type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Prints every stored point, of a folder or of what a store holds. */
export async function exportPoints({ folder, as, dataFolder, storedIn }: Of<'export'>): Promise<void> {
  const printed = async (runs: readonly Run[], store: Store): Promise<void> => {
    if (as === 'csv') await print(CSV_HEADER);
    for (const run of runs) for (const block of exportRun(run, as, (id) => store.points(id))) await print(block);
  };
  if (folder !== null) await withFolder(folder, dataFolder, ({ runs, store }) => printed(runs, store));
  else if (!existsSync(databaseIn(storedIn))) throw new Error(`There is no store in ${storedIn}; name another folder with --data.`);
  else await withStore(storedIn, async (store) => printed(storedRuns(store, store.roots().map(({ id }) => id)), store));
}

/** Brings a store up to date with a folder. */
export async function ingest({ folder, json, dataFolder }: Of<'ingest'>): Promise<void> {
  const started = performance.now();
  await withFolder(folder, dataFolder, async ({ runs, store, bytesRead, newPoints, points, problems }) => {
    const { user, system } = process.cpuUsage();
    const { series } = store.counts();
    const summary = {
      schema: 'gapwatch.ingest/1',
      runs: runs.length,
      series,
      points,
      newPoints,
      bytesRead,
      problems: problems.length,
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
    };
    await print(json ? `${JSON.stringify(summary)}\n` : `${summary.runs} runs, ${points} points (${newPoints} new), ${problems.length} problems, ${summary.seconds.toFixed(2)} s\n`);
  });
}

export interface Opened extends ReadFolder {
  root: string;
  store: Store;
}

/** Opens the store (a temporary one for null), reads the folder to its end and hands over. */
export async function withFolder(folder: string, dataFolder: string | null, work: (opened: Opened) => Promise<void>): Promise<void> {
  const root = await chosenFolder(folder);
  const temporary = dataFolder === null ? mkdtempSync(join(tmpdir(), 'gapwatch-')) : null;
  try {
    await withStore(dataFolder ?? temporary ?? '', async (store) => work({ root, store, ...(await readFolder(store, root)) }));
  } finally {
    if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
  }
}

async function withStore(dataFolder: string, work: (store: Store) => Promise<void>): Promise<void> {
  mkdirSync(dataFolder, { recursive: true });
  const lock = lockDataFolder(dataFolder);
  try {
    const store = openStore(databaseIn(dataFolder));
    const { recovered } = store;
    if (recovered) process.stderr.write(`The database could not be used (${recovered.why}); it was set aside as ${recovered.movedTo}.\n`);
    try {
      await work(store);
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}

/** Waits for the reader: a long export is never held in memory. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
