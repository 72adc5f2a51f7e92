/** How much there is, whether it is sound, and what is done in quiet moments. */
import type { Database } from 'better-sqlite3';
import { StoreDamaged } from './errors.ts';
import type { Store } from './store.ts';
import type { Tally } from './tally.ts';

/**
 * The tables that lead to all others. A damaged index of theirs hides rows, and nothing else would tell. The blobs need no such look: they
 * have checksums, and are counted when they are read.
 */
const LEADING = ['roots', 'sources', 'series', 'config', 'documents'];

export function openHealth(db: Database, tally: Tally): Pick<Store, 'totals' | 'counts' | 'rest' | 'check' | 'verify'> {
  const provisional = db.prepare<[], number>('SELECT coalesce(sum(count), 0) FROM provisional').pluck();
  const counts = db.prepare<[], { series: number; sources: number }>('SELECT (SELECT count(*) FROM series) AS series, (SELECT count(*) FROM sources) AS sources');
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number;
  return {
    totals: () => ({ points: tally.points() + provisional.get()!, bytes: pragma('page_count') * pragma('page_size') }),
    counts: () => counts.get()!,
    verify() {
      for (const table of LEADING) {
        const [found] = db.pragma(`integrity_check(${table})`) as { integrity_check: string }[];
        if (found?.integrity_check !== 'ok') throw new StoreDamaged(`The table ${table} is damaged: ${found?.integrity_check ?? ''}`);
      }
    },
    rest: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    check() {
      const found = db.pragma('quick_check(10)') as { quick_check: string }[];
      return found.map((row) => row.quick_check).filter((line) => line !== 'ok');
    },
  };
}
