/** What the commands do: bring a store up to date with a folder, then print. Progress goes to stderr, the result to stdout. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from './commandLine.ts';
import { inputOf } from './service/diagnosing.ts';
import type { Diagnosis } from './service/diagnose/diagnosis.ts';
import { CSV_HEADER, exportRun } from './service/exporting.ts';
import { chosenFolder } from './service/folders.ts';
import { finiteOrString } from './service/json.ts';
import { lockDataFolder } from './service/lock.ts';
import { readFolder, storedRuns, type ReadFolder } from './service/reading.ts';
import type { Run } from './service/runs/catalogue.ts';
import { runName } from './service/runs/naming.ts';
import { stateOf } from './service/runs/rows.ts';
import { openStore } from './service/store/open.ts';
import type { Store } from './service/store/store.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Prints the diagnosis of every run of a folder. */
export async function check({ folder, json, dataFolder }: Of<'check'>): Promise<void> {
  await withFolder(folder, dataFolder, async ({ root, runs, store, problems }) => {
    // The other commands need no rules: a quarter of the program is not loaded for them.
    const [{ diagnoseAll }, { reportDocument, reportRun }] = await Promise.all([import('./service/diagnoseAll.ts'), import('./service/report.ts')]);
    const now = Date.now();
    const diagnoses = diagnoseAll(runs, (run) => inputOf(run, store, now));
    const reports = runs.map((run, at) => ({ run, name: runName(run, basename(root)), state: stateOf(run, now), diagnosis: diagnoses[at] as Diagnosis }));
    if (json) {
      const document = reportDocument(root, reports.map(({ run, name, state, diagnosis }) => reportRun(run, name, state, diagnosis)), problems);
      await print(`${JSON.stringify(document, finiteOrString, 1)}\n`);
    } else await print(reports.map(({ run, diagnosis }) => plainReport(run, diagnosis)).join('\n') || 'No training log was found.\n');
  });
}

/** Prints every stored point, of a folder or of what a store holds. */
export async function exportPoints({ folder, as, dataFolder, storedIn }: Of<'export'>): Promise<void> {
  const printed = async (runs: readonly Run[], store: Store): Promise<void> => {
    if (as === 'csv') await print(CSV_HEADER);
    for (const run of runs) for (const block of exportRun(run, as, (id) => store.points(id))) await print(block);
  };
  if (folder !== null) await withFolder(folder, dataFolder, ({ runs, store }) => printed(runs, store));
  else await withStore(storedIn, async (store) => printed(storedRuns(store, store.roots().map(({ id }) => id)), store));
}

/** Brings a store up to date with a folder. */
export async function ingest({ folder, json, dataFolder }: Of<'ingest'>): Promise<void> {
  const started = performance.now();
  await withFolder(folder, dataFolder, async ({ runs, store, bytesRead, newPoints, problems }) => {
    const { user, system } = process.cpuUsage();
    const { points, series } = store.totals();
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

interface Opened extends ReadFolder {
  root: string;
  store: Store;
}

/** Opens the store (a temporary one for null), reads the folder to its end and hands over. */
async function withFolder(folder: string, dataFolder: string | null, work: (opened: Opened) => Promise<void>): Promise<void> {
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
    const store = openStore(join(dataFolder, 'gapwatch.db'));
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

function plainReport(run: Run, diagnosis: Diagnosis): string {
  const lines = [`${run.folder}: ${diagnosis.sentence}`];
  for (const cause of diagnosis.causes.filter(({ named }) => named)) lines.push(`  ${cause.name} (${Math.round(cause.probability * 100)} %): ${cause.evidence.join(' ')}`);
  for (const fault of diagnosis.faults) lines.push(`  ${fault.severity}: ${fault.text}`);
  return `${lines.join('\n')}\n`;
}

/** Waits for the reader: a long export is never held in memory. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
