import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigValue } from '../formats/format.ts';
import type { Points } from '../points.ts';
import { openBlocks } from './blocks.ts';
import { openCommitter } from './commit.ts';
import { drawCurve } from './curve.ts';
import { openDatabase, suspect } from './database.ts';
import { openDocuments } from './documents.ts';
import { fromJson } from './json.ts';
import { openMachine } from './machine.ts';
import type { Migration } from './migrations/list.ts';
import { openProblems } from './problems.ts';
import { openSeries } from './series.ts';
import { joined, openViews } from './seriesView.ts';
import { type ProvisionalWords, openSources } from './sources.ts';
import type { Store } from './store.ts';
import { openTransactions } from './transaction.ts';

export interface StoreOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How many bytes of decoded points are kept for the next question; 64 MiB if not said. */
  cacheBytes?: number;
  /** Up to how many points of a range a curve looks at each of them; for tests of the pyramid with few points. */
  near?: number;
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

  const blocks = openBlocks(db);
  const series = openSeries(db, blocks);
  const problems = openProblems(db, now);
  const sources = openSources(db, now);
  const views = openViews(blocks, series, options.cacheBytes ?? 64 * 2 ** 20);
  const committer = openCommitter(db, { series, blocks, problems, changed: views.drop });
  const documents = openDocuments(db);
  const machine = openMachine(db);
  const configOf = db.prepare<[number], { key: string; value: string }>('SELECT key, value FROM config WHERE source_id = ? ORDER BY key');
  const provisionalWords = db.prepare<[number], string | null>('SELECT provisional FROM sources WHERE id = ?').pluck();
  const totals = db.prepare<[], { points: number; series: number }>(
    `SELECT coalesce(sum(count), 0) + (SELECT coalesce(sum(count), 0) FROM provisional) AS points, count(*) AS series FROM series`,
  );
  const sourceCount = db.prepare<[], number>('SELECT count(*) FROM sources').pluck();

  const forget = () => {
    committer.forget();
    views.clear();
    machine.forget();
  };
  const transactions = openTransactions(db, { forget, damaged: (why) => suspect(file, why) });
  const reading = <A extends unknown[], T>(read: (...args: A) => T) => (...args: A): T => transactions.read(() => read(...args));
  const writing = <A extends unknown[], T>(write: (...args: A) => T) => (...args: A): T => transactions.write(() => write(...args));

  const points = (seriesId: number): Points => {
    const { summary, provisional } = series.stored(seriesId);
    const sealed = blocks.read(seriesId, summary.count - (provisional?.length ?? 0));
    return provisional ? joined(sealed, provisional) : sealed;
  };

  return {
    recovered,
    readOnly,
    addRoot: writing(sources.addRoot),
    roots: reading(sources.roots),
    removeRoot: writing((id: number) => {
      sources.removeRoot(id);
      forget();
    }),
    sources: reading(sources.sources),
    source: reading(sources.source),
    addSource: writing(sources.addSource),
    moveSource: writing(sources.moveSource),
    markGone: writing(sources.markGone),
    commit: writing((commits) => commits.forEach(committer.commit)),
    series: reading(series.rows),
    points: reading(points),
    curve: reading((seriesId, range) => drawCurve(views.open(seriesId), range, options.near)),
    config: reading((sourceId) => {
      const words = provisionalWords.get(sourceId);
      const config = new Map(configOf.all(sourceId).map(({ key, value }) => [key, fromJson(value) as ConfigValue]));
      if (words) for (const [key, value] of (fromJson(words) as ProvisionalWords).config) config.set(key, value as ConfigValue);
      return config;
    }),
    problems: reading(problems.list),
    totals: reading(() => {
      const bytes = (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number);
      return { ...totals.get()!, bytes, sources: sourceCount.get()! };
    }),
    documents: {
      get: reading(documents.get) as Store['documents']['get'],
      set: writing(documents.set),
      delete: writing(documents.delete),
      all: reading(documents.all) as Store['documents']['all'],
    },
    machine: {
      add: writing(machine.add),
      range: reading(machine.range),
      devices: reading(machine.devices),
      prune: writing(machine.prune),
    },
    transaction: transactions.write,
    read: transactions.read,
    rest: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    check: reading(() => {
      const found = db.pragma('quick_check(10)') as { quick_check: string }[];
      return found.map((row) => row.quick_check).filter((line) => line !== 'ok');
    }),
    close,
  };
}
