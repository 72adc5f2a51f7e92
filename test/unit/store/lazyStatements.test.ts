import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { lazyStatements } from '../../../main/service/store/lazyStatements.ts';

test('a statement is compiled with its first use, and only once', () => {
  const db = new Sqlite(':memory:');
  let compiled = 0;
  const counting = new Proxy(db, { get: (of, name) => (name === 'prepare' ? (sql: string) => ((compiled += 1), of.prepare(sql)) : Reflect.get(of, name)) });
  const statements = lazyStatements(counting);
  const add = statements.prepare('INSERT INTO points VALUES (?, ?)');
  const all = statements.prepare('SELECT * FROM points ORDER BY step');
  const steps = statements.prepare('SELECT step FROM points ORDER BY step').pluck();
  const raw = statements.prepare('SELECT * FROM points ORDER BY step').raw();
  expect(compiled).toBe(0);
  // The table need not be there before.
  db.exec('CREATE TABLE points (step, value)');
  expect([add.run(1, 0.5).changes, add.run(2, 0.25).changes]).toEqual([1, 1]);
  expect(compiled).toBe(1);
  expect(all.all()).toEqual([{ step: 1, value: 0.5 }, { step: 2, value: 0.25 }]);
  expect(all.get()).toEqual({ step: 1, value: 0.5 });
  expect([...all.iterate()]).toHaveLength(2);
  expect(steps.all()).toEqual([1, 2]);
  expect(raw.get()).toEqual([1, 0.5]);
  expect(compiled).toBe(4);
});

test('what is wrong with a statement is said by its first use, each time', () => {
  const wrong = lazyStatements(new Sqlite(':memory:')).prepare('SELECT * FROM nowhere');
  expect(() => wrong.all()).toThrow(/no such table/);
  expect(() => wrong.get()).toThrow(/no such table/);
});
