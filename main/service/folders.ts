/** The folders the user chose: followed, with their state, their progress and everything that could not be read in them. */
import { realpath, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import type { Banner, ProblemView, RootView } from '../../preload/contract.ts';
import type { Clock } from './clock.ts';
import { formatById, recognise } from './formats/library.ts';
import type { Run } from './runs/catalogue.ts';
import { isRunning } from './runs/rows.ts';
import type { Store } from './store/store.ts';
import type { RootState, TailEvent } from './tail/events.ts';
import { openTail } from './tail/tail.ts';
import { isEntered } from './watch/names.ts';

export interface FolderEvents {
  grew(sourceIds: number[]): void;
  /** Sources moved, went or came back: the root's runs are to be grouped anew. */
  regroup(rootId: number): void;
  /** The root was read to its end for the first time since it was opened. */
  loaded(rootId: number): void;
  rootsChanged(): void;
  /** null takes the banner down. */
  banner(id: string, banner: Banner | null): void;
}

export interface Folders {
  /**
   * Adds a folder, or finds it again, and follows it: no run is listed twice, so one that lies in a folder that is followed stays with that, which is
   * returned. Throws with a sentence when it is no readable folder.
   */
  add(path: string): Promise<RootView>;
  remove(rootId: number): Promise<void>;
  followAll(): void;
  views(runs: readonly Run[]): RootView[];
  /** True until the root was read to its end once. */
  isLoading(rootId: number): boolean;
  pathOf(rootId: number): string;
  problems(): ProblemView[];
  problemCount(run: Run): number;
  /** Reads these runs' sources before all others. */
  prioritise(runs: readonly Run[]): void;
  /** A sentence for the user about something that went wrong with files of our own. */
  report(sentence: string): void;
  resumed(): void;
  close(): Promise<void>;
}

/** Problems shown at once; more than these nobody reads, all are in the store. */
const PROBLEMS_SHOWN = 2000;

export function openFolders(store: Store, clock: Clock, events: FolderEvents): Folders {
  const states = new Map<number, { state: RootState; sentence: string | null }>();
  const paths = new Map(store.roots().map(({ id, path }) => [id, path]));
  let problemsAt = -1;
  let problems: ProblemView[] = [];
  let problemsByFile = new Map<string, number>();
  let changes = 0;
  const tail = openTail({ store, recognise, formatById, clock, onEvent: receive, onListenerError: failed });

  function receive(event: TailEvent): void {
    changes += 1;
    if (event.kind === 'grew' || event.kind === 'added') events.grew(event.sourceIds);
    else if (event.kind === 'gone' || event.kind === 'back' || event.kind === 'moved') events.regroup(event.rootId);
    else if (event.kind === 'root-state') {
      const wasLoading = isLoading(event.rootId);
      states.set(event.rootId, { state: event.state, sentence: event.sentence });
      if (wasLoading && !isLoading(event.rootId)) events.loaded(event.rootId);
    }
    else if (event.kind === 'storage') {
      const text = event.sentence;
      events.banner('storage', text === null ? null : { id: 'storage', tone: 'bad', text });
    }
    // What grows is told with the rows of the runs that grew.
    if (event.kind !== 'grew' || isLoading(event.rootId)) events.rootsChanged();
  }

  /** A bug of ours: said as loudly as can be, while the logs are read on. */
  function failed(error: unknown, { kind }: TailEvent): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`gapwatch: the event "${kind}" failed: ${stack ?? message}\n`);
    const text = `Gapwatch made a mistake while it showed what was read (${message}). No point is lost; please report it, and restart Gapwatch.`;
    events.banner('mistake', { id: 'mistake', tone: 'bad', text });
  }

  function isLoading(rootId: number): boolean {
    return (states.get(rootId)?.state ?? 'loading') === 'loading';
  }

  /** The root that reads what lies in this folder, if it is another one. */
  function rootAround(folder: string): [id: number, path: string] | undefined {
    return [...paths].find(([, path]) => {
      const inner = relative(path, folder);
      return inner !== '' && !isAbsolute(inner) && inner.split(sep)[0] !== '..' && isEntered(inner.replaceAll(sep, '/'));
    });
  }

  function view(id: number, path: string, runs: readonly Run[]): RootView {
    const own = runs.filter((run) => run.rootId === id);
    const now = clock.wall();
    const known = states.get(id);
    const progress = isLoading(id) ? tail.progress(id) : null;
    return {
      id,
      path,
      shown: shownPath(path),
      runs: own.length,
      running: own.filter((run) => isRunning(run, now)).length,
      state: known?.state ?? 'loading',
      sentence: known?.sentence ?? null,
      progress,
    };
  }

  return {
    async add(path) {
      const folder = await chosenFolder(path);
      const around = rootAround(folder);
      if (around) return view(...around, []);
      const id = store.addRoot(folder);
      paths.set(id, folder);
      tail.follow(id);
      events.rootsChanged();
      return view(id, folder, []);
    },
    async remove(rootId) {
      await tail.unfollow(rootId);
      store.removeRoot(rootId);
      paths.delete(rootId);
      states.delete(rootId);
      changes += 1;
    },
    followAll() {
      for (const id of paths.keys()) tail.follow(id);
    },
    views: (runs) => [...paths].map(([id, path]) => view(id, path, runs)),
    isLoading,
    pathOf: (rootId) => paths.get(rootId) ?? '',
    problems: () => currentProblems(),
    problemCount(run) {
      if (currentProblems().length === 0) return 0;
      return run.sources.reduce((sum, { row }) => sum + (problemsByFile.get(`${row.rootId}:${row.path}`) ?? 0), 0);
    },
    prioritise: (runs) => tail.prioritise(runs.flatMap((run) => run.sources.map(({ row }) => row.id))),
    report: (text) => events.banner('files', { id: 'files', tone: 'warn', text }),
    resumed: () => tail.lookAgain(),
    close: () => tail.close(),
  };

  function currentProblems(): ProblemView[] {
    if (problemsAt === changes) return problems;
    problemsAt = changes;
    problems = [...paths.keys()].flatMap((id) => problemsOf(id));
    problemsByFile = new Map();
    for (const { rootId, file } of problems) problemsByFile.set(`${rootId}:${file}`, (problemsByFile.get(`${rootId}:${file}`) ?? 0) + 1);
    return problems;
  }

  function problemsOf(rootId: number): ProblemView[] {
    const damage = store.problems(rootId).map(({ path, offset, text, atMs }) => ({ rootId, file: path, offset, text, atMs, kind: 'fault' as const }));
    const trouble = tail.troubles(rootId).map(({ path, text, atMs }) => ({ rootId, file: path, offset: 0, text, atMs, kind: 'fault' as const }));
    const strangers = tail.notUnderstood(rootId).map(({ path, firstLine }) => ({
      rootId,
      file: path,
      offset: 0,
      text: firstLine === '' ? 'Not a log that Gapwatch understands.' : `Not a log that Gapwatch understands. It begins: ${firstLine}`,
      atMs: null,
      kind: 'stranger' as const,
    }));
    return [...trouble, ...damage, ...strangers].slice(0, PROBLEMS_SHOWN);
  }
}

/** A path as people write it: what lies below the home folder begins with ~. */
function shownPath(path: string): string {
  const below = relative(homedir(), path);
  return below === '' ? '~' : below.startsWith('..') || below === path ? path : join('~', below);
}

/** The folder a path stands for, without links. A file stands for the folder it lies in. */
export async function chosenFolder(path: string): Promise<string> {
  const asked = resolve(path);
  let real: string;
  try {
    real = await promisify(realpath.native)(asked);
  } catch (error) {
    const code = (error as { code?: string }).code;
    throw new Error(code === 'ENOENT' ? `There is no folder ${asked}.` : `The folder ${asked} cannot be opened (${code ?? String(error)}).`, { cause: error });
  }
  const stat = statSync(real);
  if (stat.isDirectory()) return real;
  if (stat.isFile()) return resolve(real, '..');
  throw new Error(`${asked} is neither a folder nor a file.`);
}
