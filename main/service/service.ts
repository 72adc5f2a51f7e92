/** The work, put together: store, tailing, runs, diagnosis, alerts and the machine behind one set of requests. Knows no Electron. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Banner, Events, Settings } from '../../preload/contract.ts';
import { afterQuestions } from './afterQuestions.ts';
import { openJournal, type Journal } from './alerts/journal.ts';
import type { Notice } from './alerts/policy.ts';
import { openBanners } from './banners.ts';
import type { Clock } from './clock.ts';
import { openDiagnosing, type Diagnosing } from './diagnosing.ts';
import { isConfigOnly } from './formats/ids.ts';
import { openFolders, type Folders } from './folders.ts';
import { openListing, type Listing } from './listing.ts';
import { openMarks, type Marks } from './marks.ts';
import { openMachineRecord, type MachineRecord } from './machineRecord.ts';
import { openCatalogue, type Catalogue, type Run } from './runs/catalogue.ts';
import type { Corrections } from './runs/assemble.ts';
import type { RunPlace } from './machine/processes.ts';
import { stateOf } from './runs/rows.ts';
import { StoreDamaged } from './store/errors.ts';
import { databaseIn } from './store/file.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { lockDataFolder } from './lock.ts';
import { patientClock } from './patience.ts';
import { openQuiet } from './quiet.ts';
import { readSettings } from './settings.ts';
import { watchStates } from './states.ts';
import { openTelling } from './telling.ts';
import { openUpdates } from './updates.ts';
import { openWords, type Passage, type Words } from './words.ts';

export interface ServiceOptions {
  dataFolder: string;
  version: string;
  examplesFolder: string;
  /** Path of nvidia-smi; null looks for it on the PATH, '' leaves the machine alone. */
  nvidiaSmi: string | null;
  clock: Clock;
  emit<K extends keyof Events>(event: K, payload: Events[K]): void;
  notify(notice: Notice): void;
  onSettings(settings: Settings): void;
  /** The database turned out to be damaged: the service is to be opened anew, which sets the file aside and reads the logs again. */
  onDamaged(sentence: string): void;
}

/** What request handlers work with. */
export interface Service {
  options: ServiceOptions;
  store: Store;
  catalogue: Catalogue;
  diagnosing: Diagnosing;
  journal: Journal;
  folders: Folders;
  machine: MachineRecord;
  marks: Marks;
  words: Words;
  settings(): Settings;
  setSettings(settings: Settings): void;
  listing: Listing;
  banners(): Banner[];
  /** The window asks something, or was answered: files that were not looked at yet wait for it. */
  asked(): void;
  /** Curves of this run are being looked at: it is read first and its growth told at once. */
  look(run: Run): void;
  /** Rows of these runs are sent with the next flush. */
  touch(keys: Iterable<string>): void;
  /** Reads a root's runs anew after names were corrected, or the root went. */
  regroup(rootId: number): void;
  resumed(): void;
  close(): Promise<void>;
}

export function openService(options: ServiceOptions): Service {
  const { clock, emit } = options;
  mkdirSync(options.dataFolder, { recursive: true });
  const lock = lockDataFolder(options.dataFolder);
  const store = openStore(databaseIn(options.dataFolder), { onDamaged: options.onDamaged });
  const banners = openBanners(store, (all) => emit('banners', all));
  let settings = readSettings(store.documents);
  const catalogue = openCatalogue(store, isConfigOnly, correctionsOf);
  const words = openWords(store, { run: catalogue.run, runOfSource: catalogue.runOfSource, isLoading: (rootId) => folders.isLoading(rootId) });
  const journal = openJournal(words.documents);
  const marks = openMarks(words.documents);
  const patient = patientClock(clock);
  const diagnosing = openDiagnosing(store, patient, {
    find: (key) => catalogue.run(key),
    isLoading: (run) => folders.isLoading(run.rootId),
    machineOf: (run, nowMs) => machine.inputsFor(run.key, nowMs),
    onDiagnosed(run, diagnosis) {
      updates.touch([run.key]);
      emit('grew', { runs: [], diagnosed: [run.key], appendedAtMs: null });
      telling.diagnosed(run, diagnosis);
    },
  });
  const machine = openMachineRecord(store, clock, options.nvidiaSmi, places);
  const updates = openUpdates({
    clock,
    catalogue,
    emit,
    regrouped: (result) => passed(words.follow(result)),
    // Half a folder is half a truth: a run without its configuration file would be judged, and told, as one without configuration.
    changed(run) {
      if (!folders.isLoading(run.rootId)) diagnosing.want(run);
    },
    removed(key) {
      diagnosing.forget(key);
      telling.forget(key);
    },
    describe: (runs, removed) => listing.changes(runs, removed),
  });
  const folders = openFolders(store, clock, {
    grew: (sourceIds) => updates.grew(sourceIds),
    regroup: (rootId) => updates.regroup(rootId),
    loaded(rootId) {
      updates.catchUp();
      passed(words.followRoot(rootId));
      const read = catalogue.runs().filter((run) => run.rootId === rootId);
      // What is looked at is judged first.
      for (const run of read.toSorted((a, b) => Number(updates.isShown(b.key)) - Number(updates.isShown(a.key)))) {
        diagnosing.want(run);
        telling.loaded(run);
      }
    },
    rootsChanged: () => updates.touch([]),
    banner: banners.put,
  });
  const listing = openListing({ version: options.version, clock: patient, store, catalogue, folders, diagnosing, marks, journal });
  const telling = openTelling({
    clock,
    journal,
    settings: () => settings,
    isLoading: folders.isLoading,
    nameOf: listing.nameOf,
    latest: diagnosing.latest,
    emit,
    notify: options.notify,
  });
  const stopStates = watchStates({
    clock: patient,
    catalogue,
    isLoading: folders.isLoading,
    changed(run) {
      updates.touch([run.key]);
      diagnosing.want(run);
    },
    quiet: openQuiet(store, updates, () => catalogue.runs().some((run) => folders.isLoading(run.rootId))),
  });
  const following = afterQuestions(clock, follow);

  const service: Service = {
    options,
    store,
    catalogue,
    diagnosing,
    journal,
    folders,
    machine,
    marks,
    words,
    settings: () => settings,
    setSettings(next) {
      settings = next;
      store.documents.set('settings', 'all', next);
      options.onSettings(next);
    },
    listing,
    banners: banners.list,
    asked: following.asked,
    look: (run) => folders.prioritise(updates.look(run)),
    touch: updates.touch,
    regroup: updates.regroup,
    resumed: () => folders.resumed(),
    async close() {
      updates.close();
      stopStates();
      following.stop();
      machine.close();
      await folders.close();
      diagnosing.close();
      telling.close();
      store.close();
      lock.release();
    },
  };
  for (const { id } of store.roots()) catalogue.open(id);
  options.onSettings(settings);
  return service;

  function follow(): void {
    try {
      catalogue.readAll();
      folders.followAll();
    } catch (error) {
      // Damage was told by `onDamaged`.
      if (!(error instanceof StoreDamaged)) throw error;
    }
  }

  /** Words went to other keys, with what was told. */
  function passed(passages: readonly Passage[]): void {
    if (passages.length === 0) return;
    marks.reload();
    journal.reload();
    for (const { from, to } of passages) if (from !== to) telling.forget(from);
    updates.touch(passages.map(({ to }) => to));
  }

  function places(): RunPlace[] {
    return catalogue.runs().map((run) => {
      const root = folders.pathOf(run.rootId);
      const growing = stateOf(run, patient.wall()) === 'running';
      return { run: run.key, folder: join(root, run.folder), files: run.sources.map(({ row }) => join(root, row.path)), growing };
    });
  }

  function correctionsOf(rootId: number): Corrections {
    const own = store.documents.get<[string, { metric: string | null; split: 'train' | 'val' | 'test' | null }][]>('corrections', String(rootId));
    return new Map(own ?? []);
  }
}
