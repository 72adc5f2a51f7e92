/**
 * Which sources are one run. Pure: it sees paths, formats and the names of the first series, never a file.
 *
 * The rules are those of the format reference (1.8, 4.4 rules 2 and 3, section 6): a run is the folder that holds its sources, except
 * where a writer spreads one training over several folders.
 */
import type { Split } from '../formats/format.ts';
import type { SeriesRow } from '../store/store.ts';
import { joinBeside, type Placed } from './beside.ts';
import type { ValueAt } from './copies.ts';
import { divideFolder, isFree } from './divide.ts';
import { homeFolder, isDatabase, join, leaf, parent } from './homeFolder.ts';
import { saidSplit, splitWord } from './names.ts';

export interface Grouped {
  id: number;
  /** Relative to the root, '/' separators. A database's run is `<file>#<run>`. */
  path: string;
  format: string;
  /** True if the source holds configuration only. */
  configOnly: boolean;
  /** Its series, those of the current generation. A start reads them with the first question for them: names of folders are asked first. */
  readonly series: readonly SeriesRow[];
}

export interface Assignment {
  /** Folder of the run relative to the root, '.' for the root itself. */
  run: string;
  /** The split that the folder stands for, where it does. */
  split: Split | null;
  /** Appended to the names of this source's series: PyTorch's `add_scalars` child that is no split word. */
  suffix: string | null;
}

export interface Grouping {
  /** Sources with configuration only, for which there is no run, are left out. */
  assigned: Map<number, Assignment>;
  /** Sources whose growth may change the grouping, without a new series. */
  unsettled: ReadonlySet<number>;
}

/** Assigns every source to a run. What it says depends on the sources alone, not on their order. */
export function groupSources(all: readonly Grouped[], valueAt: ValueAt): Grouping {
  const sources = all.map((source) => (isDatabase(source) && !source.path.includes('#') ? configOnly(source) : source));
  const folders = new Map<string, Grouped[]>();
  for (const source of sources) {
    const folder = homeFolder(source);
    const there = folders.get(folder);
    if (there) there.push(source);
    else folders.set(folder, [source]);
  }
  const logging = logsByFolder(folders);
  const homes = new Map<string, Assignment>();
  const leaves = leavesByParent(logging.keys());
  for (const [folder, logs] of logging) homes.set(folder, placeFolder(folder, logs, { folders, logging, leaves }));
  const unsettled = new Set<number>();
  const assigned = new Map<number, Assignment>();
  for (const [folder, home] of homes) assignFiles(folder, home, logging.get(folder) ?? [], { assigned, unsettled, valueAt });
  const into = joinLogs(sources, { assigned, unsettled, valueAt });
  const configs = sources.filter(({ configOnly }) => configOnly);
  const homeOf = configs.length > 0 ? configHomes(homes, into, assigned) : () => null;
  for (const source of configs) {
    const run = homeOf(source);
    if (run !== null) assigned.set(source.id, { run, split: null, suffix: null });
  }
  return { assigned, unsettled };
}

function configOnly({ id, path, format, series }: Grouped): Grouped {
  return { id, path, format, series, configOnly: true };
}

/** The folders with at least one source that is more than configuration, with those sources. */
function logsByFolder(folders: ReadonlyMap<string, readonly Grouped[]>): Map<string, readonly Grouped[]> {
  const logging = new Map<string, readonly Grouped[]>();
  for (const [folder, own] of folders) {
    const logs = own.some((source) => source.configOnly) ? own.filter((source) => !source.configOnly) : own;
    if (logs.length > 0) logging.set(folder, logs);
  }
  return logging;
}

interface Assigning {
  assigned: Map<number, Assignment>;
  unsettled: Set<number>;
  valueAt: ValueAt;
}

/** Assigns the logs of one folder, which may be those of several runs. */
function assignFiles(folder: string, home: Assignment, logs: readonly Grouped[], { assigned, unsettled, valueAt }: Assigning): void {
  const [only] = logs;
  // As most folders have it: hundreds of runs that are known are shown sooner.
  if (only && logs.length === 1) {
    assigned.set(only.id, home);
    return;
  }
  const { parts, splits, unsettled: open } = divideFolder(logs, valueAt);
  for (const id of open) unsettled.add(id);
  for (const { id } of logs) {
    const part = home.run === folder ? parts.get(id) : undefined;
    assigned.set(id, { ...home, run: part === undefined ? home.run : join(folder, part), split: splits.get(id) ?? home.split });
  }
}

/** Consoles and tables that lie beside the folder of their training: one of the two takes the other's files. */
function joinLogs(sources: readonly Grouped[], { assigned, unsettled, valueAt }: Assigning): Map<string, string> {
  // Most folders have none: hundreds of runs that are known are shown 2 ms sooner.
  if (!sources.some(isFree)) return new Map();
  const runs = new Map<string, Placed & { sources: Grouped[] }>();
  for (const source of sources) {
    const run = assigned.get(source.id)?.run;
    if (run === undefined || source.configOnly) continue;
    const there = runs.get(run);
    if (there) there.sources.push(source);
    else runs.set(run, { run, folder: homeFolder(source), sources: [source] });
  }
  const { into, unsettled: open } = joinBeside([...runs.values()], valueAt);
  for (const id of open) unsettled.add(id);
  for (const [from, to] of into) {
    for (const { id } of runs.get(from)?.sources ?? []) assigned.set(id, { split: null, suffix: null, ...assigned.get(id), run: into.get(to) ?? to });
  }
  return into;
}

/** Finds the run of a file of configuration: the one that it is named after, else the one in its folder, else the only one below. */
function configHomes(homes: ReadonlyMap<string, Assignment>, into: ReadonlyMap<string, string>, assigned: ReadonlyMap<number, Assignment>): (source: Grouped) => string | null {
  const runs = new Set([...assigned.values()].map(({ run }) => run));
  const byStem = new Map([...runs].filter((run) => !homes.has(run)).map((run) => [run.replace(ENDINGS, ''), run]));
  return (source) => {
    const namesake = byStem.get(source.path.replace(ENDINGS, ''));
    if (namesake !== undefined) return namesake;
    const folder = homeFolder(source);
    const home = homes.get(folder)?.run ?? onlyBelow(folder, homes, into);
    const run = home === null ? null : (into.get(home) ?? home);
    return run !== null && runs.has(run) ? run : null;
  };
}

const ENDINGS = /(\.[A-Za-z]+)+$/;

/** Configuration in a folder without logs belongs to the one run below it, if there is exactly one. */
function onlyBelow(folder: string, homes: ReadonlyMap<string, Assignment>, into: ReadonlyMap<string, string>): string | null {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const below = new Set<string>();
  for (const { run } of homes.values()) if (run === folder || run.startsWith(prefix)) below.add(into.get(run) ?? run);
  const [only] = below;
  return below.size === 1 && only !== undefined ? only : null;
}

interface Tree {
  folders: ReadonlyMap<string, readonly Grouped[]>;
  /** See `logsByFolder`. */
  logging: ReadonlyMap<string, readonly Grouped[]>;
  /** Names of the logging folders directly below a folder. */
  leaves: ReadonlyMap<string, string[]>;
}

function leavesByParent(logging: Iterable<string>): Map<string, string[]> {
  const leaves = new Map<string, string[]>();
  for (const folder of logging) {
    if (folder === '.') continue;
    const above = parent(folder);
    const there = leaves.get(above);
    if (there) there.push(leaf(folder));
    else leaves.set(above, [leaf(folder)]);
  }
  return leaves;
}

function placeFolder(folder: string, scalars: readonly Grouped[], { folders, logging, leaves }: Tree): Assignment {
  const alone: Assignment = { run: folder, split: null, suffix: null };
  if (folder === '.' || scalars.some((source) => source.format !== 'tensorboard')) return alone;
  const above = parent(folder);
  const name = leaf(folder);
  const trainer = trainerFolder(folder, folders);
  if (trainer !== null) return { run: trainer, split: null, suffix: null };
  if (logging.has(above) && isHparamsFolder(name, scalars)) return { run: above, split: null, suffix: null };
  const child = logging.has(above) ? addScalarsKey(name, scalars) : null;
  if (child !== null) return { run: above, split: splitWord(child), suffix: splitWord(child) ? null : child };
  const main = isBelow(above, logging) ? mainFolder(above, scalars) : null;
  if (main !== null && logging.has(main)) return { run: main, split: splitWord(name), suffix: splitWord(name) ? null : name };
  const split = splitWord(name);
  const tracked = folders.get(above)?.some((source) => !source.configOnly && !isFree(source)) ?? false;
  if (split === null || tracked || leaves.has(folder)) return alone;
  const onlySplitsBeside = (leaves.get(above) ?? []).every((beside) => splitWord(beside) !== null);
  return onlySplitsBeside && saysNoOtherSplit(scalars, split) ? { run: above, split, suffix: null } : alone;
}

/** A folder that is called `train` may be a run with all its splits inside. */
function saysNoOtherSplit(scalars: readonly Grouped[], split: Split): boolean {
  return scalars.every((source) => source.series.every(({ name }) => [null, split].includes(saidSplit(name))));
}

/** HF Trainer writes its event files to `<output>/runs/<date>_<host>`; the checkpoints lie in `<output>`. */
function trainerFolder(folder: string, folders: Tree['folders']): string | null {
  const output = folder.includes('runs/') ? /^(.*?)(?:^|\/)runs\/[^/]+$/.exec(folder)?.[1] : undefined;
  if (output === undefined) return null;
  const above = output === '' ? '.' : output;
  return folders.get(above)?.some((source) => source.format === 'hf-trainer') ? above : null;
}

/** PyTorch's `add_hparams` writes to `<run>/<time>` or `<run>/<name>`, each metric once. */
function isHparamsFolder(name: string, scalars: readonly Grouped[]): boolean {
  if (/^\d{9,11}\.\d+$/.test(name)) return true;
  const series = scalars.flatMap((source) => source.series);
  return series.length > 0 && series.every(({ name: written, count }) => written.startsWith('hparam/') && count <= 1);
}

/** The key of PyTorch's `add_scalars(main, {key: value})`, which writes to `<main with / as _>_<key>` under the tag `main`. */
function addScalarsKey(name: string, scalars: readonly Grouped[]): string | null {
  const main = onlyName(scalars);
  if (main === null) return null;
  const prefix = `${main.replaceAll('/', '_')}_`;
  return name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : null;
}

/** tensorboardX' `add_scalars(main, {key: value})` writes to `<run>/<main>/<key>` under the tag `main`: the run of such a `<run>/<main>`. */
function mainFolder(folder: string, scalars: readonly Grouped[]): string | null {
  const main = onlyName(scalars);
  if (main === null) return null;
  if (folder === main) return '.';
  return folder.endsWith(`/${main}`) ? folder.slice(0, -main.length - 1) : null;
}

/** True if a folder above is one of these. */
function isBelow(folder: string, those: Tree['logging']): boolean {
  for (let above = folder; above !== '.'; ) {
    above = parent(above);
    if (those.has(above)) return true;
  }
  return false;
}

/** The name of all series of these sources; null if they have several, or none. */
function onlyName(sources: readonly Grouped[]): string | null {
  let only: string | null = null;
  for (const { series } of sources) {
    for (const { name } of series) {
      if (only !== null && name !== only) return null;
      only = name;
    }
  }
  return only;
}
