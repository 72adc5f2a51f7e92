/** Answers to the window's requests: one function a channel, each of them short. */
import type { Answer, AnsweredByMain, Requests, Results } from '../../preload/contract.ts';
import type { Closer } from './closer.ts';
import { curveOn } from './runs/axes.ts';
import type { Run } from './runs/catalogue.ts';
import { firstRuns } from './runs/firstRuns.ts';
import { numbersOf } from './runs/numbers.ts';
import type { Mark } from './marks.ts';
import { RunGone } from './runGone.ts';
import type { Service } from './service.ts';

type Handlers = { [K in Exclude<keyof Requests, AnsweredByMain | keyof Closer>]: (...args: Requests[K]) => Results[K] | Promise<Results[K]> };
type Handler = (...known: unknown[]) => Results[keyof Results] | Promise<Results[keyof Results]>;

export function openRequests(service: Service): (channel: string, args: unknown[]) => Promise<Answer<Results[keyof Results]>> {
  const { store, catalogue, journal, folders, machine, marks, listing } = service;
  const { documents } = service.words;
  let closer: Closer | null = null;

  const handlers: Handlers = {
    overview: () => listing.overview(catalogue.runs()),
    newest(wanted) {
      const first = firstRuns(catalogue.runs(), wanted, marks);
      const sent = new Set(first);
      service.touch(catalogue.runs().flatMap((run) => (sent.has(run) ? [] : run.key)));
      return listing.overview(first);
    },
    curves({ run: key, series, axis, from, to, pixels, draft = false }) {
      const run = known(key);
      service.look(run);
      const range = { axis, pixels, draft, ...(from !== undefined ? { from } : {}), ...(to !== undefined ? { to } : {}) };
      const wanted = new Set(series);
      return run.series.filter((each) => wanted.has(each.key)).map((each) => ({ key: each.key, ...curveOn(store, each, run.series, range) }));
    },
    numbers: (name) => numbersOf(catalogue.runs(), name),
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
      service.regroup(rootId);
      return null;
    },
    settings: () => service.settings(),
    saveSettings(settings) {
      service.setSettings(settings);
      return settings;
    },
    reportError(text) {
      process.stderr.write(`window: ${text}\n`);
      return null;
    },
  };

  function known(key: string): Run {
    const run = catalogue.run(key);
    if (!run) throw new RunGone();
    return run;
  }

  function mark(kind: Mark, key: string, on: boolean): null {
    service.marks.set(kind, key, on);
    service.touch([key]);
    return null;
  }

  async function handlerOf(channel: string): Promise<Handler | null> {
    if (Object.hasOwn(handlers, channel)) return handlers[channel as keyof Handlers] as Handler;
    closer ??= (await import('./closer.ts')).openCloser(service, known);
    return Object.hasOwn(closer, channel) ? (closer[channel as keyof Closer] as Handler) : null;
  }

  return async (channel, args) => {
    service.asked();
    try {
      const handler = await handlerOf(channel);
      if (!handler) return { ok: false, error: { code: 'channel', message: `unknown request ${channel}` } };
      return { ok: true, value: await handler(...args) };
    } catch (error) {
      return { ok: false, error: { code: 'failed', message: error instanceof Error ? error.message : String(error) } };
    } finally {
      service.asked();
    }
  };
}
