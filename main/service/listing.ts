/** What the window's list shows: a row a run, the folders, and the totals. */
import { basename } from 'node:path';
import type { Events, Overview, RunRow, Totals } from '../../preload/contract.ts';
import type { Journal } from './alerts/journal.ts';
import type { Clock } from './clock.ts';
import type { Diagnosing } from './diagnosing.ts';
import type { Folders } from './folders.ts';
import type { Marks } from './marks.ts';
import type { Catalogue, Run } from './runs/catalogue.ts';
import { runName } from './runs/naming.ts';
import { runRow, stateOf } from './runs/rows.ts';
import type { Store } from './store/store.ts';

export interface Listing {
  nameOf(run: Run): string;
  rowsOf(runs: readonly Run[]): RunRow[];
  /** All that a window begins with, with the rows of these runs. */
  overview(runs: readonly Run[]): Overview;
  /** The event that says what changed. */
  changes(runs: readonly Run[], removed: string[]): Events['changed'];
}

export interface Listed {
  version: string;
  /** Judges silence. */
  clock: Clock;
  store: Store;
  catalogue: Catalogue;
  folders: Folders;
  diagnosing: Diagnosing;
  marks: Marks;
  journal: Journal;
}

export function openListing({ version, clock, store, catalogue, folders, diagnosing, marks, journal }: Listed): Listing {
  function nameOf(run: Run): string {
    return runName(run, run.folder === '.' ? basename(folders.pathOf(run.rootId)) : '');
  }

  function rowsOf(runs: readonly Run[]): RunRow[] {
    const now = clock.wall();
    const marked = ({ key }: Run) => ({ pinned: marks.has('pinned', key), hidden: marks.has('hidden', key), muted: journal.isMuted(key) });
    return runs.map((run) => runRow(run, nameOf(run), diagnosing.glance(run.key), stateOf(run, now), { ...marked(run), problems: folders.problemCount(run) }));
  }

  function totals(): Totals {
    const { points, bytes } = store.totals();
    const problems = folders.problems();
    const strangers = problems.filter(({ kind }) => kind === 'stranger').length;
    return { points, bytes, runs: catalogue.runs().length, problems: problems.length - strangers, strangers, unseenAlerts: journal.unseen() };
  }

  return {
    nameOf,
    rowsOf,
    overview: (runs) => ({ version, roots: folders.views(catalogue.runs()), runs: rowsOf(runs), totals: totals() }),
    changes: (runs, removed) => ({ runs: rowsOf(runs), removed, roots: folders.views(catalogue.runs()), totals: totals() }),
  };
}
