/** Words for tests about single logs in a world. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { SourceRow } from '../../main/service/store/store.ts';
import { HEADER } from './number-formats.ts';
import type { World } from './world.ts';

export interface Logs {
  /** Absolute path of a file of the root. */
  at(path: string): string;
  put(path: string, content: string): void;
  /** The source of a path; throws if there is none. */
  source(path: string): SourceRow;
  values(path: string): number[];
  /** A log with the 20 points from 100 on, looked at. */
  begun(path?: string): Promise<SourceRow>;
}

/** `count` numbers from `from` on. */
export function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

/** The same, one a line. */
export function text(from: number, count: number): string {
  return numbers(from, count)
    .map((number) => `${number}\n`)
    .join('');
}

/** The words for the world that `world` gives. */
export function logsOf(world: () => World): Logs {
  const at = (path: string): string => join(world().root, path);
  const logs: Logs = {
    at,
    put(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
    },
    source(path) {
      const found = world().source(path);
      if (!found) throw new Error(`no source ${path}`);
      return found;
    },
    values: (path) => world().values(logs.source(path)),
    async begun(path = 'run/log.num') {
      logs.put(path, HEADER + text(100, 20));
      await world().look();
      expect(logs.values(path)).toEqual(numbers(100, 20));
      return logs.source(path);
    },
  };
  return logs;
}
