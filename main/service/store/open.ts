import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Points } from '../points.ts';
import { type Blocks, copyTo, openBlocks } from './blocks.ts';
import { openCommitter } from './commit.ts';
import { openConfig } from './config.ts';
import { drawCurve } from './curve.ts';
import { openDatabase, suspect } from './database.ts';
import { openDocuments } from './documents.ts';
import { openHealth } from './health.ts';
import { CHUNK } from './layout.ts';
import { lazyStatements } from './lazyStatements.ts';
import { openMachine } from './machine.ts';
import type { Migration } from './migrations/list.ts';
import { openProblems } from './problems.ts';
import { type SeriesTable, openSeries } from './series.ts';
import { joined, openViews } from './seriesView.ts';
import { openSources } from './sources.ts';
import type { Store } from './store.ts';
import { openTally } from './tally.ts';
import { openTransactions } from './transaction.ts';

export interface StoreOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How many bytes of decoded points are kept for the next question; 64 MiB if not said. */
  cacheBytes?: number;
  /** Up to how many points of a range a curve looks at each of them; for tests of the pyramid with few points. */
  near?: number;
  /** Called when a transaction met damage, after that was noted for the next open; its error is thrown as well. */
  onDamaged?: (why: string) => void;
  /** For tests of migrations. */
  migrations?: readonly Migration[];
}

/**
 * Opens or makes the store in `file`, a path on a local disk. A damaged file is set aside and a new one begun, see `recovered`.
 * Throws `StoreTooNew`, `StoreBusy` or `StoreFull` (errors.ts).
 */
export function openStore(file: string, options: StoreOptions = {}): Store {
  const now = options.now ?? Date.now;
  mkdirSync(dirname(file), { recursive: true });
  const { db, recovered, readOnly, close } = openDatabase(file, { now, migrations: options.migrations });

  const statements = lazyStatements(db);
  const blocks = openBlocks(statements);
  const tally = openTally(statements);
  const series = openSeries(statements, blocks, tally);
  const problems = openProblems(statements, now);
  const sources = openSources(statements, now);
  const config = openConfig(statements);
  const documents = openDocuments(statements);
  const machine = openMachine(statements);
  const health = openHealth(db, tally);
  const views = openViews(blocks, series, options.cacheBytes ?? 64 * 2 ** 20);
  const committer = openCommitter(statements, { series, config, problems, changed: views.drop });

  const forget = () => {
    tally.forget();
    committer.forget();
    config.forget();
    views.clear();
    machine.forget();
  };
  const damaged = (why: string) => {
    suspect(file, why);
    options.onDamaged?.(why);
  };
  const { read, write } = openTransactions(db, { forget, damaged });
  const reading = <A extends unknown[], T>(work: (...args: A) => T) => (...args: A): T => read(() => work(...args));
  const writing = <A extends unknown[], T>(work: (...args: A) => T) => (...args: A): T => write(() => work(...args));

  return {
    recovered,
    readOnly,
    // Known as a rule, and a transaction that writes costs a reopening 1 ms.
    addRoot: (path) => read(() => sources.rootAt(path)) ?? write(() => sources.addRoot(path)),
    roots: reading(sources.roots),
    removeRoot(rootId) {
      write(() => sources.removeRoot(rootId));
      forget();
    },
    sources: reading(sources.sources),
    source: reading(sources.source),
    shownSources: reading(sources.shownSources),
    shownSource: reading(sources.shownSource),
    addSource: writing(sources.addSource),
    moveSource: writing(sources.moveSource),
    markGone: writing(sources.markGone),
    commit: writing((commits) => commits.forEach(committer.commit)),
    series: reading((sourceId) => committer.rows(sourceId) ?? series.rows(sourceId)),
    superseded: reading(series.superseded),
    seriesOfRoot: reading(series.rowsOfRoot),
    points: reading((seriesId, from, to) => readPoints(series, blocks, seriesId, from, to)),
    addPoints: reading((into, seriesId, from, to) => addPoints(series, blocks, into, seriesId, from, to)),
    curve: reading((seriesId, range) => drawCurve(views.open(seriesId), range, options.near)),
    config: reading(config.read),
    configOfRoot: reading(config.ofRoot),
    problems: reading(problems.list),
    totals: reading(health.totals),
    counts: reading(health.counts),
    documents: {
      get: <T>(kind: string, key: string) => read(() => documents.get<T>(kind, key)),
      set: writing(documents.set),
      delete: writing(documents.delete),
      all: <T>(kind: string) => read(() => documents.all<T>(kind)),
    },
    machine: {
      add: writing(machine.add),
      range: reading(machine.range),
      devices: reading(machine.devices),
      prune: writing(machine.prune),
    },
    transaction: write,
    read,
    rest: health.rest,
    verify: reading(health.verify),
    check: reading(health.check),
    close,
  };
}

function readPoints(series: SeriesTable, blocks: Blocks, seriesId: number, from = 0, to = Infinity): Points {
  const { summary, provisional } = series.stored(seriesId);
  const stored = summary.count - (provisional?.length ?? 0);
  // From the chunk on in which the first wanted point is.
  const first = Math.floor(Math.min(from, stored) / CHUNK);
  const sealed = blocks.read(seriesId, stored, first, Math.ceil(to / CHUNK));
  const points = provisional && to > stored ? joined(sealed, provisional) : sealed;
  return part(points, from - first * CHUNK, to - first * CHUNK);
}

function addPoints(series: SeriesTable, blocks: Blocks, into: Points, seriesId: number, from: number, to: number): void {
  const { summary, provisional } = series.stored(seriesId);
  const stored = summary.count - (provisional?.length ?? 0);
  const end = into.length + to - from;
  blocks.read(seriesId, stored, from / CHUNK, to / CHUNK, into);
  if (provisional && to > stored) copyTo(into, into.length, provisional, Math.min(provisional.length, end - into.length));
}

function part(points: Points, from: number, to: number): Points {
  if (from === 0 && to >= points.length) return points;
  const some = new Points(0);
  for (const column of ['step', 'epoch', 'time', 'value'] as const) some[column] = points[column].subarray(from, Math.min(to, points.length));
  some.length = some.value.length;
  return some;
}
