/**
 * A log beside a folder of the same training: `slurm-101.out` beside `tb/`, `nohup.out` beside `lightning_logs/version_0/`. Pure.
 *
 * The log joins the run in the folder below if its name says so, if the values agree, or if it is the only log beside the only run.
 */
import { consoleIds } from '../formats/ids.ts';
import type { ValueAt } from './copies.ts';
import { isFree } from './divide.ts';
import { fileName } from './fileNames.ts';
import type { Grouped } from './group.ts';
import { agreement, tellingOf, type Telling } from './measured.ts';

export interface Placed {
  run: string;
  /** The folder in which its files lie. */
  folder: string;
  sources: readonly Grouped[];
}

export interface Joined {
  /** The run that a run is part of. */
  into: Map<string, string>;
  /** Sources whose growth may change that. */
  unsettled: number[];
}

/** Folders that are made for one kind of file of a training, and say nothing of whose they are. */
const PLAIN =
  /^(tb|tboard|tensorboard|tf_?logs?|tb_?logs?|logs?|log_?dir|runs?|events?|checkpoints?|ckpts?|lightning_logs|csv_logs|outputs?|out|results?|wandb|mlruns|swanlog|catboost_info|ray_results|dvclive)$/i;
/** Folders for consoles alone: what is beside the folder is beside the log. */
const CONSOLES = /^(logs?|slurm|slurm[-_]?logs?|stdout|console|job_?logs?|out|outputs?)$/i;
/** Values are compared with so many runs at most. */
const MOST = 64;

/** Finds the runs that are a log of another run. `databases` says which runs come out of a database beside which they lie. */
export function joinBeside(placed: readonly Placed[], valueAt: ValueAt): Joined {
  const joined: Joined = { into: new Map(), unsettled: [] };
  const logs = placed.filter(({ sources }) => sources.every(isFree));
  if (logs.length === 0) return joined;
  const trackers = placed.filter(({ sources }) => !sources.every(isConsole));
  const telling = new Map<Placed, Telling[]>();
  const tellingIn = (run: Placed): Telling[] => {
    const known = telling.get(run) ?? run.sources.flatMap((source) => tellingOf(source));
    telling.set(run, known);
    return known;
  };
  const consoles = new Map<string, number>();
  const hosts = new Map(logs.map((run) => [run, hostOf(run)]));
  for (const [{ sources }, host] of hosts) if (sources.every(isConsole)) consoles.set(host, (consoles.get(host) ?? 0) + 1);
  const below = runsBelow(trackers, new Set(hosts.values()));
  for (const [log, host] of hosts) {
    const there = (below.get(host) ?? []).filter((run) => run !== log && run.folder !== log.folder);
    if (there.length === 0) continue;
    const named = there.filter((run) => isNamesake(log, run, host));
    const [namesake] = named;
    if (named.length === 1 && namesake) {
      join(log, namesake, host, joined.into);
      continue;
    }
    const alone = there.length === 1 && consoles.get(host) === 1 && log.sources.every(isConsole);
    const home = there.length > MOST ? null : byValues(tellingIn(log), there, tellingIn, valueAt, alone ? host : null);
    if (home) join(log, home, host, joined.into);
    if (there.length <= MOST) for (const { sources } of [log, ...there]) joined.unsettled.push(...sources.map(({ id }) => id));
  }
  return joined;
}

/** The run is called after the folder that has a name of its own: `exp/tb` is `exp`, `lightning_logs/version_0` is what it is. */
function join(log: Placed, run: Placed, host: string, into: Map<string, string>): void {
  const plain = log.run === host && relative(run.run, host).split('/').every((part) => PLAIN.test(part));
  if (plain) into.set(run.run, log.run);
  else into.set(log.run, run.run);
}

function isConsole({ format }: Grouped): boolean {
  return consoleIds.has(format);
}

function hostOf({ folder, sources }: Placed): string {
  const slash = folder.lastIndexOf('/');
  if (!sources.every(isConsole) || !CONSOLES.test(folder.slice(slash + 1))) return folder;
  return slash < 0 ? '.' : folder.slice(0, slash);
}

/** The runs below each host. */
function runsBelow(runs: readonly Placed[], hosts: ReadonlySet<string>): Map<string, Placed[]> {
  const below = new Map<string, Placed[]>();
  for (const run of runs) {
    for (let folder = run.run; folder !== '.'; ) {
      const slash = folder.lastIndexOf('/');
      folder = slash < 0 ? '.' : folder.slice(0, slash);
      if (!hosts.has(folder)) continue;
      const there = below.get(folder);
      if (there) there.push(run);
      else below.set(folder, [run]);
    }
  }
  return below;
}

/** A folder on the way to the run has the name of the log, or all numbers of it (a job's, a date's). */
function isNamesake(log: Placed, run: Placed, host: string): boolean {
  const way = relative(run.run, host).toLowerCase().split('/');
  return log.sources.some(({ path }) => {
    const { stem, identity } = fileName(path.slice(path.lastIndexOf('/') + 1));
    const numbers = identity.split(' ').filter((word) => /^\d{3,}$/.test(word));
    return way.some((part) => {
      if (identity !== '' && part === stem.toLowerCase()) return true;
      const words = part.split(/[^a-z0-9]+/);
      return numbers.length > 0 && numbers.every((number) => words.includes(number));
    });
  });
}

/** The run whose values the log repeats most; without any, the only run, where it lies in a folder `below` the host that has no name of its own. */
function byValues(log: readonly Telling[], runs: readonly Placed[], tellingIn: (run: Placed) => Telling[], valueAt: ValueAt, onlyIn: string | null): Placed | null {
  const judged = runs.map((run) => ({ run, ...agreement(log, tellingIn(run), valueAt) })).filter(({ contradicts }) => !contradicts);
  const most = Math.max(0, ...judged.map(({ copies }) => copies));
  const best = judged.filter(({ copies }) => copies === most);
  const [first] = best;
  if (!first || best.length > 1) return null;
  return most > 0 || (onlyIn !== null && liesPlain(first.run, onlyIn)) ? first.run : null;
}

/** True for a run in a folder such as `tb/` or `runs/<date>/`, or in a database beside the log. */
function liesPlain(run: Placed, host: string): boolean {
  const [first = ''] = relative(run.run, host).split('/');
  return PLAIN.test(first) || run.sources.some(({ path }) => path.includes('#'));
}

function relative(run: string, host: string): string {
  return host === '.' ? run : run.slice(host.length + 1);
}
