import Sqlite from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { join } from 'node:path';
import { openStore } from '../../../main/service/store/open.ts';
import { folder } from './places.ts';

const asked = vi.hoisted((): string[] => []);
// Only listened to: most statements are compiled with their first use.
vi.mock(import('../../../main/service/store/lazyStatements.ts'), async (original) => {
  const { lazyStatements } = await original();
  const listening: typeof lazyStatements = (db) => {
    const real = lazyStatements(db);
    return { prepare: ((sql: string) => (asked.push(sql), real.prepare(sql))) as typeof real.prepare };
  };
  return { lazyStatements: listening };
});

/** Statements that may look at a whole table: it is short, or they are asked seldom. */
const mayScan = [
  /FROM roots ORDER BY/, // a handful
  /FROM devices/, // a handful
  /FROM problems p JOIN/, // capped per source
  /problems_left_out > 0/, // asked with the above
  /AS series, /, // for the command line
  /sum\(count\), 0\) FROM series$/, // once, then carried along
  /sum\(count\), 0\) FROM provisional$/, // the last line of a few files
  /sqlite_schema/,
];

test('no query that is asked often looks at a whole table', () => {
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
  const file = join(folder(), 'a.db');
  const kept = openStore(file);
  const statements = [...new Set([...asked, ...prepare.mock.calls.map(([sql]) => sql)])].filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql));
  prepare.mockRestore();
  kept.close();
  expect(statements.length).toBeGreaterThan(40);
  const db = new Sqlite(file);
  const scans = statements.filter((sql) => {
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => null));
    return plan.some(({ detail }) => /^SCAN (?!CONSTANT)/.test(detail)) && !mayScan.some((known) => known.test(sql));
  });
  db.close();
  expect(scans).toEqual([]);
});
