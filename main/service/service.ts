/** The work, put together: store, tailing, runs, diagnosis, alerts and the machine behind one set of requests. Knows no Electron. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Banner, Events, Settings } from '../../preload/contract.ts';
import { gather } from './alerts/gather.ts';
import { findingsOf, openJournal, type Journal } from './alerts/journal.ts';
import type { Notice } from './alerts/policy.ts';
import type { Clock } from './clock.ts';
import type { Diagnosis } from './diagnose/diagnosis.ts';
import { openDiagnosing, type Diagnosing } from './diagnosing.ts';
import { isConfigOnly } from './formats/registry.ts';
import { openFolders, type Folders } from './folders.ts';
import { openMachineRecord, type MachineRecord } from './machineRecord.ts';
import { openCatalogue, type Catalogue, type Run } from './runs/catalogue.ts';
import type { Corrections } from './runs/assemble.ts';
import type { RunPlace } from './machine/processes.ts';
import { runName } from './runs/naming.ts';
import { lastByteAt, runRow, stateOf } from './runs/rows.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { lockDataFolder } from './lock.ts';
import { readSettings } from './settings.ts';

/** Changed rows are sent at most this often, in milliseconds. */
const FLUSH_MS = 100;
/** With more growing sources than this off the screen, their rows are refreshed this often only. */
const MANY = 40;
const MANY_MS = 2000;
/** A run whose curves were asked for within this time is on the screen: its growth is told at once, not with the next flush. */
const ON_SCREEN_MS = 60_000;
/** While a run is running its state is looked at this often. */
const STATE_MS = 5000;

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
  settings(): Settings;
  setSettings(settings: Settings): void;
  nameOf(run: Run): string;
  rowOf(run: Run): ReturnType<typeof runRow>;
  totals(): Events['changed']['totals'];
  banners(): Banner[];
  /** Curves of this run are being looked at: it is read first and its growth told at once. */
  look(run: Run): void;
  /** Rows of these runs are sent with the next flush. */
  touch(keys: Iterable<string>): void;
  /** Reads a root's runs anew after names were corrected. */
  regroup(rootId: number): void;
  resumed(): void;
  close(): Promise<void>;
}

export function openService(options: ServiceOptions): Service {
  const { clock, emit } = options;
  mkdirSync(options.dataFolder, { recursive: true });
  const lock = lockDataFolder(options.dataFolder);
  const store = openStore(join(options.dataFolder, 'gapwatch.db'));
  const banners = new Map<string, Banner>();
  if (store.recovered) {
    const { movedTo, why } = store.recovered;
    banners.set('recovered', { id: 'recovered', tone: 'warn', text: `The database could not be used (${why}). It was set aside as ${basename(movedTo)}; everything is read again from the logs.` });
  }
  const touched = new Set<string>();
  const removed = new Set<string>();
  const grown = new Set<string>();
  const onScreen = new Map<string, number>();
  /** Sources that grew and are not on the screen: looked at with a flush. */
  const stale = new Set<number>();
  /** Runs that were diagnosed, because somebody looked, before their folder was read. */
  const untold = new Set<string>();
  let refreshedAt = -Infinity;
  const lastStates = new Map<string, string>();
  let flushing: (() => void) | null = null;
  let settings = readSettings(store.documents);
  let closed = false;
  const journal = openJournal(store.documents);
  const catalogue = openCatalogue(store, isConfigOnly, correctionsOf);
  const diagnosing = openDiagnosing(store, clock, diagnosed, (key) => catalogue.run(key));
  const machine = openMachineRecord(store, options.nvidiaSmi, places);
  const folders = openFolders(store, clock, {
    grew(sourceIds) {
      const since = clock.steady() - ON_SCREEN_MS;
      const isShown = (id: number): boolean => (onScreen.get(catalogue.runOfSource(id)?.key ?? '') ?? -Infinity) > since;
      const shown = sourceIds.filter(isShown);
      if (shown.length > 0) take(catalogue.refresh(shown), clock.wall());
      for (const id of sourceIds) if (!isShown(id)) stale.add(id);
      scheduleFlush();
    },
    regroup(rootId) {
      take(catalogue.reload(rootId), clock.wall());
    },
    loaded(rootId) {
      refreshStale(true);
      for (const run of catalogue.runs()) {
        if (run.rootId !== rootId) continue;
        diagnosing.want(run);
        const latest = diagnosing.latest(run.key);
        if (latest && untold.delete(run.key)) tell(run, latest);
      }
    },
    rootsChanged: () => scheduleFlush(),
    banner(id, banner) {
      if (banner) banners.set(id, banner);
      else banners.delete(id);
      emit('banners', [...banners.values()]);
    },
  });
  const gathering = gather(clock, (findings) => {
    const { alerts, notices } = journal.take(findings, settings, clock.wall());
    for (const alert of alerts) emit('alert', alert);
    for (const notice of notices) options.notify(notice);
  });
  let stopStates = clock.after(STATE_MS, watchStates);

  const service: Service = {
    options,
    store,
    catalogue,
    diagnosing,
    journal,
    folders,
    machine,
    settings: () => settings,
    setSettings(next) {
      settings = next;
      store.documents.set('settings', 'all', next);
      options.onSettings(next);
    },
    nameOf,
    rowOf,
    totals,
    banners: () => [...banners.values()],
    look(run) {
      onScreen.set(run.key, clock.steady());
      const since = clock.steady() - ON_SCREEN_MS;
      for (const [key, at] of onScreen) if (at < since || !catalogue.run(key)) onScreen.delete(key);
      folders.prioritise([...onScreen.keys()].flatMap((key) => catalogue.run(key) ?? []));
    },
    touch(keys) {
      for (const key of keys) touched.add(key);
      scheduleFlush();
    },
    regroup: (rootId) => take(catalogue.reload(rootId), clock.wall()),
    resumed: () => folders.resumed(),
    async close() {
      closed = true;
      stopStates();
      machine.close();
      await folders.close();
      diagnosing.close();
      gathering.close();
      flushing?.();
      store.close();
      lock.release();
    },
  };
  for (const { id } of store.roots()) catalogue.reload(id);
  options.onSettings(settings);
  folders.followAll();
  return service;

  function take({ changed, removed: gone }: { changed: string[]; removed: string[] }, committedAtMs: number): void {
    for (const key of changed) {
      touched.add(key);
      const run = catalogue.run(key);
      // Half a folder is half a truth: a run without its configuration file would be judged, and told, as one without configuration.
      if (run && !folders.isLoading(run.rootId)) diagnosing.want(run);
    }
    for (const key of gone) {
      touched.delete(key);
      removed.add(key);
      diagnosing.forget(key);
    }
    const since = clock.steady() - ON_SCREEN_MS;
    const shown = changed.filter((key) => (onScreen.get(key) ?? -Infinity) > since);
    if (shown.length > 0) emit('grew', { runs: shown, diagnosed: [], committedAtMs });
    for (const key of changed) if (!shown.includes(key)) grown.add(key);
    scheduleFlush();
  }

  function diagnosed(run: Run, diagnosis: Diagnosis): void {
    touched.add(run.key);
    scheduleFlush();
    emit('grew', { runs: [], diagnosed: [run.key], committedAtMs: clock.wall() });
    if (folders.isLoading(run.rootId)) untold.add(run.key);
    else tell(run, diagnosis);
  }

  function tell(run: Run, diagnosis: Diagnosis): void {
    gathering.add(findingsOf({ key: run.key, name: nameOf(run), lastByteAtMs: lastByteAt(run) }, diagnosis));
  }

  function nameOf(run: Run): string {
    return runName(run, basename(folders.pathOf(run.rootId)));
  }

  function rowOf(run: Run): ReturnType<typeof runRow> {
    const key = run.key;
    return runRow(run, nameOf(run), diagnosing.latest(key), stateOf(run, clock.wall()), {
      pinned: store.documents.get<boolean>('pinned', key) === true,
      hidden: store.documents.get<boolean>('hidden', key) === true,
      muted: journal.isMuted(key),
      problems: folders.problemCount(run),
    });
  }

  function totals(): Events['changed']['totals'] {
    const { points, bytes } = store.totals();
    return { points, bytes, runs: catalogue.runs().length, problems: folders.problems().length, unseenAlerts: journal.unseen() };
  }

  function scheduleFlush(): void {
    if (!closed) flushing ??= clock.after(FLUSH_MS, flush);
  }

  function flush(): void {
    flushing = null;
    refreshStale();
    const runs = [...touched].map((key) => catalogue.run(key)).filter((run) => run !== null).map(rowOf);
    const gone = [...removed].filter((key) => catalogue.run(key) === null);
    if (grown.size > 0) emit('grew', { runs: [...grown], diagnosed: [], committedAtMs: clock.wall() });
    grown.clear();
    touched.clear();
    removed.clear();
    emit('changed', { runs, removed: gone, roots: folders.views(catalogue.runs()), totals: totals() });
  }

  function refreshStale(atOnce = false): void {
    if (stale.size === 0) return;
    const due = refreshedAt + (stale.size > MANY ? MANY_MS : FLUSH_MS);
    if (!atOnce && clock.steady() < due) {
      flushing = clock.after(FLUSH_MS, flush);
      return;
    }
    refreshedAt = clock.steady();
    take(catalogue.refresh([...stale]), clock.wall());
    stale.clear();
  }

  /** A run that falls silent changes its state without a byte: only while runs are running is there anything to look at. */
  function watchStates(): void {
    stopStates = clock.after(STATE_MS, watchStates);
    const now = clock.wall();
    for (const run of catalogue.runs()) {
      const state = stateOf(run, now);
      if (lastStates.get(run.key) !== state && !folders.isLoading(run.rootId)) {
        lastStates.set(run.key, state);
        service.touch([run.key]);
        diagnosing.want(run);
      }
    }
  }

  function places(): RunPlace[] {
    return catalogue.runs().map((run) => {
      const root = folders.pathOf(run.rootId);
      const growing = stateOf(run, clock.wall()) === 'running';
      return { run: run.key, folder: join(root, run.folder), files: run.sources.map(({ row }) => join(root, row.path)), growing };
    });
  }

  function correctionsOf(rootId: number): Corrections {
    const own = store.documents.get<[string, { metric: string | null; split: 'train' | 'val' | 'test' | null }][]>('corrections', String(rootId));
    return new Map(own ?? []);
  }
}
