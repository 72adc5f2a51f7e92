/** Which run a process works for. Pure: what is known of the processes is gathered by procfs.ts. */

/** What the operating system says of one process; null or empty where it does not (another user's process, another system). */
export interface ProcessFacts {
  pid: number;
  parent: number | null;
  /** Working folder, absolute. */
  folder: string | null;
  /** Program and arguments. */
  command: readonly string[];
  /** Files that it holds open for writing, absolute. */
  writes: readonly string[];
}

export interface RunPlace {
  run: string;
  /** Folder of the run, absolute. */
  folder: string;
  /** Its sources, absolute. */
  files: readonly string[];
  /** True if a source grew in the last minutes: a process can only work for such a run. */
  growing: boolean;
}

/** How the link was found, the surest first. */
export type How = 'open file' | 'command line' | 'working folder';

export interface Attribution {
  pid: number;
  run: string;
  how: How;
}

/** Generations that are asked for evidence: a launcher above, a logger below. Further relatives are strangers. */
const REACH = 4;

/**
 * Names the run of each process, as far as the evidence goes: an open file of the run, then the run's folder (or a file of it) on
 * the command line, then a working folder inside the run - or around it, if exactly one growing run is there. A process's own evidence
 * comes before that of its children and of its launcher. Processes without evidence are left out: none is guessed.
 */
export function attribute(processes: readonly ProcessFacts[], runs: readonly RunPlace[]): Attribution[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const children = new Map<number, number[]>();
  for (const { pid, parent } of processes) {
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found: Attribution[] = [];
  for (const process of processes) {
    const relatives = [process, ...below(process.pid, children, byPid), ...above(process, byPid)];
    for (const how of ['open file', 'command line', 'working folder'] as const) {
      const run = relatives.map((relative) => evidence(relative, runs, how)).find((name) => name !== null);
      if (run === undefined || run === null) continue;
      found.push({ pid: process.pid, run, how });
      break;
    }
  }
  return found;
}

function below(pid: number, children: ReadonlyMap<number, number[]>, byPid: ReadonlyMap<number, ProcessFacts>): ProcessFacts[] {
  const seen = new Set([pid]);
  let generation = [pid];
  for (let step = 0; step < REACH; step += 1) {
    generation = generation.flatMap((parent) => children.get(parent) ?? []).filter((child) => !seen.has(child));
    generation.forEach((child) => seen.add(child));
  }
  seen.delete(pid);
  return [...seen].flatMap((child) => byPid.get(child) ?? []);
}

function above(process: ProcessFacts, byPid: ReadonlyMap<number, ProcessFacts>): ProcessFacts[] {
  const line: ProcessFacts[] = [];
  let at = process.parent;
  while (at !== null && at > 1 && line.length < REACH) {
    const parent = byPid.get(at);
    if (!parent || line.includes(parent)) break;
    line.push(parent);
    at = parent.parent;
  }
  return line;
}

function evidence(process: ProcessFacts, runs: readonly RunPlace[], how: How): string | null {
  if (how === 'open file') {
    return longest(runs, (run) => process.writes.some((file) => run.files.includes(file) || isInside(file, run.folder)));
  }
  if (how === 'command line') {
    const paths = process.command.flatMap((argument) => pathsOf(argument, process.folder));
    return longest(runs, (run) => paths.some((path) => isInside(path, run.folder)));
  }
  const { folder } = process;
  if (folder === null) return null;
  const inside = longest(runs, (run) => isInside(folder, run.folder));
  if (inside !== null) return inside;
  const around = runs.filter((run) => run.growing && folder !== '/' && isInside(run.folder, folder));
  return around.length === 1 ? around[0]!.run : null;
}

/** Of the runs that fit, the one with the deepest folder; a growing one before an old one. null if two are equally deep. */
function longest(runs: readonly RunPlace[], fits: (run: RunPlace) => boolean): string | null {
  const fitting = runs.filter(fits);
  const candidates = fitting.some((run) => run.growing) ? fitting.filter((run) => run.growing) : fitting;
  const depth = Math.max(...candidates.map((run) => run.folder.length));
  const deepest = candidates.filter((run) => run.folder.length === depth);
  return deepest.length === 1 ? deepest[0]!.run : null;
}

/** The paths that an argument may name: itself, or what stands behind '='. Relative ones are taken from the working folder. */
function pathsOf(argument: string, folder: string | null): string[] {
  const value = argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : argument;
  if (!value.includes('/') && !value.includes('\\')) return [];
  if (/^([A-Za-z]:)?[\\/]/.test(value)) return [trim(value)];
  return folder === null ? [] : [trim(join(folder, value))];
}

function join(folder: string, relative: string): string {
  const parts = trim(folder).split(/[\\/]/);
  for (const part of relative.split(/[\\/]/)) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function isInside(path: string, folder: string): boolean {
  const [inner, outer] = [trim(path), trim(folder)];
  return inner === outer || inner.startsWith(`${outer}/`);
}

function trim(path: string): string {
  const plain = path.replace(/\\/g, '/').replace(/\/+$/, '');
  return plain === '' ? '/' : plain;
}
