/**
 * Answers that take the rules: a run with its diagnosis, runs compared, remedies, pages, examples. Loaded with the first such question: rows
 * and curves are drawn without them.
 */
import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { RemedyItem, Requests, Results, RunDetail } from '../../preload/contract.ts';
import { checklist, keepRemedy } from './checklist.ts';
import { compareRuns } from './comparing.ts';
import { explanation, ruleNames } from './diagnose/explanations.ts';
import { EXAMPLES } from './examples/examples.ts';
import { play } from './examples/play.ts';
import type { Run } from './runs/catalogue.ts';
import { runDetail } from './runs/detail.ts';
import { placesOf } from './runs/places.ts';
import { RunGone } from './runGone.ts';
import type { Service } from './service.ts';

type Channel = 'run' | 'compare' | 'ruleNames' | 'setRemedy' | 'examples' | 'playExample' | 'explanation';
export type Closer = { [K in Channel]: (...args: Requests[K]) => Results[K] | Promise<Results[K]> };

/** `known` finds a run, or throws that it is not there any more. */
export function openCloser(service: Service, known: (key: string) => Run): Closer {
  const { store, catalogue, diagnosing, folders, options } = service;
  const { documents } = service.words;

  async function detailOf(run: Run): Promise<RunDetail> {
    const diagnosis = await diagnosing.now(run);
    const places = placesOf(run.series, (id) => store.points(id));
    const [row] = service.listing.rowsOf([run]);
    const detail = runDetail(run, row!, diagnosis, await remedies(run), documents.get<string>('note', run.key) ?? '');
    return places ? { ...detail, places } : detail;
  }

  async function remedies(run: Run): Promise<RemedyItem[]> {
    return checklist(run, await diagnosing.now(run), documents, { runs: catalogue.runs, diagnosisOf: (other) => diagnosing.latest(other.key), nameOf: service.listing.nameOf });
  }

  return {
    async run(key) {
      const run = catalogue.run(key);
      if (!run) return null;
      return detailOf(run).catch((error: unknown) => {
        // It went while the rules were loaded or computed.
        if (error instanceof RunGone) return null;
        throw error;
      });
    },
    compare: (keys) => compareRuns(keys.map(known), service),
    ruleNames: () => ruleNames(),
    async setRemedy({ run, remedy, state, note }) {
      keepRemedy(documents, run, remedy, state, note, options.clock.wall());
      return remedies(known(run));
    },
    examples: () => EXAMPLES.map(({ id, title, text }) => ({ id, title, text })),
    async playExample(id) {
      const playing = await play(id, options.examplesFolder, join(options.dataFolder, 'examples'), options.clock, (error) => folders.report(error.message));
      const root = await folders.add(playing.root);
      // The data folder may lie in one that is followed.
      const run = relative(root.path, await realpath(join(playing.root, playing.folder)));
      return `${root.id}:${run.replaceAll(sep, '/')}`;
    },
    explanation: (id) => explanation(id),
  };
}
