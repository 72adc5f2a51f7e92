/** Answers to the window's requests: one function a channel, each of them short. */
import type { Answer, AnsweredByMain, RemedyItem, Requests, Results, RunDetail } from '../../preload/contract.ts';
import { checklist, keepRemedy } from './checklist.ts';
import { compareRuns } from './comparing.ts';
import { explanation, ruleNames } from './diagnose/explanations.ts';
import { EXAMPLES } from './examples/examples.ts';
import { play } from './examples/play.ts';
import { curveOn } from './runs/axes.ts';
import type { Run } from './runs/catalogue.ts';
import { runDetail } from './runs/detail.ts';
import { numbersOf } from './runs/numbers.ts';
import { placesOf } from './runs/places.ts';
import type { Mark } from './marks.ts';
import type { Service } from './service.ts';

type Handlers = { [K in Exclude<keyof Requests, AnsweredByMain>]: (...args: Requests[K]) => Results[K] | Promise<Results[K]> };

export function openRequests(service: Service): (channel: string, args: unknown[]) => Promise<Answer<Results[keyof Results]>> {
  const { store, catalogue, diagnosing, journal, folders, machine, options } = service;
  const { documents } = service.words;

  const handlers: Handlers = {
    overview: () => ({
      version: options.version,
      roots: folders.views(catalogue.runs()),
      runs: catalogue.runs().map((run) => service.rowOf(run)),
      totals: service.totals(),
    }),
    run(key) {
      const run = catalogue.run(key);
      return run ? detailOf(run) : null;
    },
    curves({ run: key, series, axis, from, to, pixels }) {
      const run = known(key);
      service.look(run);
      const range = { axis, pixels, ...(from !== undefined ? { from } : {}), ...(to !== undefined ? { to } : {}) };
      const wanted = new Set(series);
      return run.series.filter((each) => wanted.has(each.key)).map((each) => ({ key: each.key, ...curveOn(store, each, run.series, range) }));
    },
    compare: (keys) => compareRuns(keys.map(known), service),
    numbers: (name) => numbersOf(catalogue.runs(), name),
    ruleNames: () => ruleNames(),
    machine: ({ from, to, buckets }) => machine.view(from, to, buckets),
    alerts: () => journal.list(),
    mutedRules: () => journal.mutedRules(),
    markAlertsSeen() {
      journal.markSeen();
      service.touch([]);
      return null;
    },
    alertFeedback(id, word) {
      journal.feedback(id, word);
      return null;
    },
    mute(what) {
      journal.mute(what);
      service.touch(what.run === undefined ? catalogue.runs().map((run) => run.key) : [what.run]);
      return null;
    },
    setRemedy({ run, remedy, state, note }) {
      keepRemedy(documents, run, remedy, state, note, options.clock.wall());
      return remedies(known(run));
    },
    setNote(run, note) {
      documents.set('note', run, note);
      return null;
    },
    setPinned: (run, on) => mark('pinned', run, on),
    setHidden: (run, on) => mark('hidden', run, on),
    correctSeries({ run: key, series, metric, split }) {
      const run = known(key);
      const own = new Map(documents.get<[string, unknown][]>('corrections', String(run.rootId)) ?? []);
      own.set(series, { metric, split });
      documents.set('corrections', String(run.rootId), [...own]);
      service.regroup(run.rootId);
      return null;
    },
    problems: () => folders.problems(),
    addFolder: (path) => folders.add(path),
    async removeFolder(rootId) {
      await folders.remove(rootId);
      service.touch(catalogue.forget(rootId));
      return null;
    },
    examples: () => EXAMPLES.map(({ id, title, text }) => ({ id, title, text })),
    async playExample(id) {
      const playing = await play(id, options.examplesFolder, options.clock, (error) => folders.report(error.message));
      const root = await folders.add(playing.root);
      return `${root.id}:${playing.folder}`;
    },
    settings: () => service.settings(),
    saveSettings(settings) {
      service.setSettings(settings);
      return settings;
    },
    explanation: (id) => explanation(id),
    reportError(text) {
      process.stderr.write(`window: ${text}\n`);
      return null;
    },
  };

  function known(key: string): Run {
    const run = catalogue.run(key);
    if (!run) throw new Error('This run is not there any more.');
    return run;
  }

  function mark(kind: Mark, key: string, on: boolean): null {
    service.marks.set(kind, key, on);
    service.touch([key]);
    return null;
  }

  function detailOf(run: Run): RunDetail {
    const diagnosis = diagnosing.now(run);
    const places = placesOf(run.series, (id) => store.points(id));
    const detail = runDetail(run, service.rowOf(run), diagnosis, remedies(run), documents.get<string>('note', run.key) ?? '');
    return places ? { ...detail, places } : detail;
  }

  function remedies(run: Run): RemedyItem[] {
    return checklist(run, diagnosing.now(run), documents, { runs: catalogue.runs, diagnosisOf: (other) => diagnosing.latest(other.key), nameOf: service.nameOf });
  }

  return async (channel, args) => {
    const handler = Object.hasOwn(handlers, channel) ? handlers[channel as keyof Handlers] : null;
    if (!handler) return { ok: false, error: { code: 'channel', message: `unknown request ${channel}` } };
    try {
      return { ok: true, value: await (handler as (...known: unknown[]) => Results[keyof Results] | Promise<Results[keyof Results]>)(...args) };
    } catch (error) {
      return { ok: false, error: { code: 'failed', message: error instanceof Error ? error.message : String(error) } };
    }
  };
}
