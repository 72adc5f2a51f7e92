/**
 * What is kept by the key of a run - the user's words on it and what was told of it - follows the files that it was said of: a run's key
 * changes when a second training appears in its folder, when a log joins the run beside it, or when its folder is renamed.
 *
 * With the words it is kept which files spoke for the run. Where two runs become one, the words of both are kept by their own keys as well:
 * a training that is started anew in the same file may be one with its neighbour until its first evals are there.
 */
import type { Alert } from './alerts/policy.ts';
import type { KeptRemedy } from './checklist.ts';
import type { Run } from './runs/catalogue.ts';
import { homeFolder } from './runs/homeFolder.ts';
import { tellingOf } from './runs/measured.ts';
import { codeOf } from './store/errors.ts';
import type { Documents, Store } from './store/store.ts';
import { isStoreTrouble } from './tail/storage.ts';
import { FLAGS, isSilent, passedOn, SILENT, type WordsOnRun } from './wordsOnRun.ts';

/** Kinds of documents whose key is that of a run; alerts, whose key begins with it, beside them. */
const KINDS: readonly string[] = [...FLAGS, 'note', 'remedies', 'alert'];
/** Which sources spoke for a run, and the words of a run that is part of another now. */
const FILES = 'words-of';
const FORMER = 'former-words';

export interface Words {
  /** The documents; with what is kept by the key of a run it is noted which files speak for the run. */
  documents: Documents;
  /** Takes in how the catalogue was regrouped. Returns which keys' words went where; what is held of documents in memory is to be read anew then. */
  follow(result: { changed: readonly string[]; removed: readonly string[] }): Passage[];
  /** The same for all words on runs of a root that was read to its end: grouping may have changed while nobody looked. */
  followRoot(rootId: number): Passage[];
}

export interface Passage {
  from: string;
  to: string;
}

interface Passed extends Passage {
  /** The run that has the words now has other files as well. */
  shared: boolean;
}

export interface WordsSources {
  run(key: string): Run | null;
  runOfSource(sourceId: number): Run | null;
  /** Half a folder is grouped for the time being only: words wait until it was read. */
  isLoading(rootId: number): boolean;
}

export function openWords(store: Pick<Store, 'documents' | 'transaction' | 'shownSources' | 'recovered'>, { run: find, runOfSource, isLoading }: WordsSources): Words {
  const { documents, transaction } = store;
  // Of a database that was set aside: the sources have other ids now.
  if (store.recovered) for (const { key } of documents.all(FILES)) documents.delete(FILES, key);
  const files = new Map(documents.all<number[]>(FILES).map(({ key, value }) => [key, value]));
  const former = new Set(documents.all(FORMER).map(({ key }) => key));
  /** Kept by a version that did not note files. */
  const unnoted = new Set(KINDS.flatMap((kind) => documents.all<Partial<Alert> | null>(kind).map(({ key, value }) => (kind === 'alert' ? (value?.run ?? '') : key))));
  for (const key of files.keys()) unnoted.delete(key);
  /** Keys whose words all went to another run. */
  const silent = new Set<string>();
  /** What the database could not take. */
  const late = new Set<string>();

  /** Reads the words of any run; alerts are looked for once. */
  function reader(): (key: string) => WordsOnRun {
    const told = new Map<string, Alert[]>();
    for (const { value } of documents.all<Alert>('alert')) {
      const there = told.get(value.run);
      if (there) there.push(value);
      else told.set(value.run, [value]);
    }
    return (key) => ({
      flags: FLAGS.filter((kind) => documents.get<boolean>(kind, key) === true),
      note: documents.get<string>('note', key) ?? '',
      remedies: documents.get<[string, KeptRemedy][]>('remedies', key) ?? [],
      alerts: told.get(key) ?? [],
    });
  }

  function write(key: string, { flags, note, remedies, alerts }: WordsOnRun): void {
    for (const kind of flags) documents.set(kind, key, true);
    if (note !== '') documents.set('note', key, note);
    if (remedies.length > 0) documents.set('remedies', key, remedies);
    for (const alert of alerts) documents.set('alert', alert.id, alert);
  }

  function clear(key: string, { alerts }: WordsOnRun): void {
    for (const kind of [...FLAGS, 'note', 'remedies']) documents.delete(kind, key);
    for (const { id } of alerts) documents.delete('alert', id);
  }

  /** The files that speak for a run, if they are others than is noted. They stay who spoke last while nothing in it can tell (its log was emptied). */
  function newFiles(run: Run): number[] | null {
    const known = files.get(run.key);
    const now = speakers(run, known);
    return now.join() === known?.join() && !unnoted.has(run.key) ? null : now;
  }

  function noteFiles(run: Run, noted: Map<string, number[]>): void {
    const ids = newFiles(run);
    if (!ids) return;
    documents.set(FILES, run.key, ids);
    noted.set(run.key, ids);
  }

  function holds(run: Run, ids: readonly number[]): boolean {
    return run.sources.some(({ row }) => ids.includes(row.id));
  }

  function isKept(key: string): boolean {
    return files.has(key) || unnoted.has(key);
  }

  /** Runs that have files that spoke for a key, the earliest file's first. */
  function heirsOf(key: string): Run[] {
    const runs = (files.get(key) ?? []).flatMap((id) => {
      const run = runOfSource(id);
      return run && holds(run, [id]) ? [run] : [];
    });
    return [...new Set(runs)];
  }

  /** Words of runs that went, or of which other files are left, to the run that holds the earliest of their files. */
  function pass(keys: readonly string[], noted: Map<string, number[]>): Passed[] {
    const read = reader();
    const now = new Map<string, WordsOnRun>();
    const wordsOf = (key: string): WordsOnRun => now.get(key) ?? read(key);
    const leaving = keys.flatMap((key) => {
      const ids = files.get(key) ?? [];
      const heirs = heirsOf(key);
      const [to] = heirs;
      const words = read(key);
      return to && !isSilent(words) ? [{ key, ids, heirs, to, words }] : [];
    });
    // Two folders may have changed their names: what a key held goes before anything comes.
    for (const { key, words } of leaving) {
      clear(key, words);
      now.set(key, SILENT);
    }
    leaving.sort((a, b) => (a.ids[0] ?? 0) - (b.ids[0] ?? 0));
    return leaving.map(({ key, ids, heirs, to, words }) => {
      const joins = speakers(to).some((id) => !ids.includes(id));
      const shared = to.sources.some(({ row }) => !ids.includes(row.id));
      const next = passedOn(words, heirs.map((heir) => wordsOf(heir.key)), { to: to.key, joins });
      write(to.key, next);
      now.set(to.key, next);
      noteFiles(to, noted);
      if (shared) documents.set(FORMER, key, passedOn(words, [documents.get<WordsOnRun>(FORMER, key) ?? SILENT], { to: key, joins: false }));
      return { from: key, to: to.key, shared };
    });
  }

  /** What is to be done, and in one transaction: all or nothing. What the database cannot take now is tried again with the next change. */
  function follow(candidates: Iterable<string>): Passage[] {
    const keys = [...new Set([...late, ...candidates])].filter(isKept);
    const staying = keys.flatMap((key) => find(key) ?? []).filter((run) => holds(run, files.get(run.key) ?? speakers(run)));
    const there = new Set(staying.map(({ key }) => key));
    const leaving = keys.filter((key) => !there.has(key) && !silent.has(key) && heirsOf(key).length > 0);
    const back = [...there].filter((key) => former.has(key));
    if (leaving.length + back.length === 0 && !staying.some(newFiles)) return [];
    const noted = new Map<string, number[]>();
    try {
      const passed = transaction(() => {
        for (const key of back) bringBack(key);
        for (const run of staying) noteFiles(run, noted);
        return leaving.length > 0 ? pass(leaving, noted) : [];
      });
      late.clear();
      settle(noted, back, passed);
      return [...back.map((key) => ({ from: key, to: key })), ...passed];
    } catch (error) {
      if (!isStoreTrouble(error) && codeOf(error) === '') throw error;
      for (const key of keys) late.add(key);
      return [];
    }
  }

  function bringBack(key: string): void {
    const kept = documents.get<WordsOnRun>(FORMER, key);
    if (kept) write(key, passedOn(kept, [reader()(key)], { to: key, joins: true }));
    documents.delete(FORMER, key);
  }

  /** What is held in memory, once the database has it. */
  function settle(noted: ReadonlyMap<string, number[]>, back: readonly string[], passed: readonly Passed[]): void {
    for (const [key, ids] of noted) {
      files.set(key, ids);
      unnoted.delete(key);
    }
    for (const key of back) former.delete(key);
    for (const { from, shared } of passed) {
      silent.add(from);
      if (shared) former.add(from);
    }
    for (const key of [...back, ...passed.map(({ to }) => to)]) silent.delete(key);
  }

  return {
    documents: {
      ...documents,
      set(kind, key, value) {
        const of = !KINDS.includes(kind) ? null : kind === 'alert' ? (value as Alert).run : key;
        const run = of === null ? null : find(of);
        const noted = new Map<string, number[]>();
        transaction(() => {
          documents.set(kind, key, value);
          if (run) noteFiles(run, noted);
        });
        settle(noted, [], []);
        if (of !== null) silent.delete(of);
      },
    },
    follow: ({ changed, removed }) => follow([...changed, ...removed].filter((key) => isKept(key) && !isLoading(rootOf(key)))),
    followRoot(rootId) {
      const own = (key: string): boolean => rootOf(key) === rootId;
      for (const key of unnoted) {
        const ids = own(key) && !find(key) ? filesBelow(key, store.shownSources(rootId)) : [];
        if (ids.length > 0) files.set(key, ids);
      }
      return follow([...files.keys(), ...unnoted].filter(own));
    },
  };
}

function rootOf(key: string): number {
  return Number(key.slice(0, key.indexOf(':')));
}

/** The files that a key stood for by its name alone. */
function filesBelow(key: string, sources: ReturnType<Store['shownSources']>): number[] {
  const folder = key.slice(key.indexOf(':') + 1);
  return sources.flatMap((source) => (homeFolder(source) === folder || source.path === folder ? [source.id] : []));
}

/** Ids of the sources with measurements of the training, the earliest first; without any those that were `known` and are there, else all. */
function speakers({ sources }: Run, known: readonly number[] = []): number[] {
  const ids = (some: typeof sources): number[] => some.map(({ row }) => row.id).sort((a, b) => a - b);
  if (sources.length < 2) return ids(sources);
  const telling = sources.filter(({ row, series }) => tellingOf({ id: row.id, path: row.path, format: row.format, configOnly: false, series }).length > 0);
  if (telling.length > 0) return ids(telling);
  const still = sources.filter(({ row }) => known.includes(row.id));
  return ids(still.length > 0 ? still : sources);
}
