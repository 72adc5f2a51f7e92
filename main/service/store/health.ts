/** How much there is, whether it is sound, and what is done in quiet moments. */
import type { Database } from 'better-sqlite3';
import { StoreDamaged } from './errors.ts';
import type { Store } from './store.ts';

/**
 * The tables that lead to all others. A damaged index of theirs hides rows, and nothing else would tell. The blobs need no such look: they
 * have checksums, and are counted when they are read.
 */
const LEADING = ['roots', 'sources', 'series', 'config', 'documents'];

export function openHealth(db: Database): Pick<Store, 'totals' | 'rest' | 'check' | 'verify'> {
  const sums = db.prepare<[], { points: number; series: number; sources: number }>(
    `SELECT (SELECT coalesce(sum(count), 0) FROM series) + (SELECT coalesce(sum(count), 0) FROM provisional) AS points,
       (SELECT count(*) FROM series) AS series, (SELECT count(*) FROM sources) AS sources`,
  );
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number;
  return {
    totals: () => ({ ...sums.get()!, bytes: pragma('page_count') * pragma('page_size') }),
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
