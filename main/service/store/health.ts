/** How much there is, whether it is sound, and what is done in quiet moments. */
import type { Database } from 'better-sqlite3';
import type { Store } from './store.ts';

export function openHealth(db: Database): Pick<Store, 'totals' | 'rest' | 'check'> {
  const sums = db.prepare<[], { points: number; series: number; sources: number }>(
    `SELECT (SELECT coalesce(sum(count), 0) FROM series) + (SELECT coalesce(sum(count), 0) FROM provisional) AS points,
       (SELECT count(*) FROM series) AS series, (SELECT count(*) FROM sources) AS sources`,
  );
  const pragma = (name: string) => db.pragma(name, { simple: true }) as number;
  return {
    totals: () => ({ ...sums.get()!, bytes: pragma('page_count') * pragma('page_size') }),
    rest: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
    check() {
      const found = db.pragma('quick_check(10)') as { quick_check: string }[];
      return found.map((row) => row.quick_check).filter((line) => line !== 'ok');
    },
  };
}
