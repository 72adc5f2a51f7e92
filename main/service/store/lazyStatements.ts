/**
 * Statements that are compiled with their first use. The store has some seventy, each takes a thirtieth of a millisecond, and the first
 * curves need less than half of them.
 */
import type { Database, RunResult, Statement } from 'better-sqlite3';

/** What of a database a part of the store needs that asks and writes by prepared statements alone. */
export type Statements = Pick<Database, 'prepare'>;

/** The statements of a database. What is wrong with one is said by its first use. */
export function lazyStatements(db: Database): Statements {
  return { prepare: ((sql: string) => new LazyStatement(() => db.prepare(sql))) as unknown as Database['prepare'] };
}

class LazyStatement {
  readonly #compile: () => Statement;
  #compiled: Statement | null = null;

  constructor(compile: () => Statement) {
    this.#compile = compile;
  }

  get #statement(): Statement {
    return (this.#compiled ??= this.#compile());
  }

  pluck(): LazyStatement {
    return new LazyStatement(() => this.#statement.pluck());
  }

  raw(): LazyStatement {
    return new LazyStatement(() => this.#statement.raw());
  }

  run(...values: unknown[]): RunResult {
    return this.#statement.run(...values);
  }

  get(...values: unknown[]): unknown {
    return this.#statement.get(...values);
  }

  all(...values: unknown[]): unknown[] {
    return this.#statement.all(...values);
  }

  iterate(...values: unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...values);
  }
}
