/** A writer of many logs for the kill loop: grows, rotates and damages them at random, and remembers every version of every file. */
import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HEADER } from './number-formats.ts';

export type Fault =
  | 'append'
  | 'partial line'
  | 'damaged line'
  | 'truncate and rewrite'
  | 'copytruncate'
  | 'replace'
  | 'rotate'
  | 'delete and recreate';

export interface Log {
  path: string;
  kind: 'numbers' | 'csv';
  /** Every content that stood under this path, the newest last; appending changes the last one. */
  versions: string[];
  /** What happened to it since it was last compared. */
  faults: Set<Fault>;
}

export interface Writer {
  logs: Map<string, Log>;
  /** How often each thing was done. */
  done: Map<Fault, number>;
  /** Does one random thing to one log. */
  step(): void;
  /** Ends every log with a complete line. */
  finish(): void;
}

/** `random` gives numbers in [0, 1); values are never used twice. */
export function openWriter(root: string, random: () => number, runs = 12): Writer {
  const logs = new Map<string, Log>();
  const done = new Map<Fault, number>();
  let next = 0;
  const pick = (count: number): number => Math.floor(random() * count);
  const value = (kind: Log['kind']): string => `${kind === 'csv' ? `${(next += 1)},` : ''}${(next += 1)}\n`;
  const lines = (kind: Log['kind'], count: number): string => Array.from({ length: count }, () => value(kind)).join('');
  const start = (kind: Log['kind']): string => (kind === 'csv' ? 'step,loss\n' : HEADER);

  function write(log: Log, text: string): void {
    writeFileSync(join(root, log.path), text);
    log.versions.push(text);
  }

  function append(log: Log, text: string): void {
    appendFileSync(join(root, log.path), text);
    log.versions.push((log.versions.pop() ?? '') + text);
  }

  function note(log: Log, fault: Fault): void {
    log.faults.add(fault);
    done.set(fault, (done.get(fault) ?? 0) + 1);
  }

  function open(path: string, kind: Log['kind']): Log {
    const log: Log = { path, kind, versions: [], faults: new Set() };
    logs.set(path, log);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    write(log, start(kind) + lines(kind, 1 + pick(50)));
    return log;
  }

  for (let run = 0; run < runs; run += 1) {
    if (run % 3 === 0) open(`run-${run}/metrics.csv`, 'csv');
    else open(`run-${run}/log.num`, 'numbers');
  }
  const originals = [...logs.values()];
  const whole = (log: Log): boolean => log.versions.at(-1)?.endsWith('\n') !== false;

  function change(log: Log, dice: number): void {
    const at = join(root, log.path);
    const kind = log.kind;
    if (dice < 0.55) append(log, lines(kind, 1 + pick(dice < 0.002 ? 150_000 : dice < 0.05 ? 3000 : 40)));
    else if (dice < 0.7) {
      note(log, 'partial line');
      append(log, kind === 'csv' ? `${(next += 1)},4` : `${(next += 1)}`.slice(0, 3));
    } else if (dice < 0.78) damage(log);
    else if (dice < 0.84) {
      note(log, 'truncate and rewrite');
      write(log, start(kind) + lines(kind, pick(60)));
    } else if (dice < 0.88) copyTruncate(log, at);
    else if (dice < 0.93) replace(log, at);
    else if (dice < 0.97) rotate(log, at);
    else {
      note(log, 'delete and recreate');
      rmSync(at);
      write(log, start(kind) + lines(kind, 1 + pick(60)));
    }
  }

  /** Not among the first lines, by which a table is recognised. */
  function damage(log: Log): void {
    if ((log.versions.at(-1) ?? '').length < 200) return append(log, lines(log.kind, 5));
    note(log, 'damaged line');
    append(log, '\u00ff;;;broken\n');
  }

  function copyTruncate(log: Log, at: string): void {
    note(log, 'copytruncate');
    // Out of the root, as a copy inside it would be a log of its own.
    copyFileSync(at, join(root, '..', 'copied'));
    truncateSync(at, 0);
    log.versions.push('');
    append(log, start(log.kind) + lines(log.kind, 1 + pick(20)));
  }

  function replace(log: Log, at: string): void {
    note(log, 'replace');
    // Half of the replacements are longer copies of the same log, as rsync makes them.
    const text = random() < 0.5 ? (log.versions.at(-1) ?? '') + lines(log.kind, pick(20)) : start(log.kind) + lines(log.kind, 1 + pick(60));
    writeFileSync(`${at}.tmp`, text);
    renameSync(`${at}.tmp`, at);
    log.versions.push(text);
  }

  function rotate(log: Log, at: string): void {
    const target = `${log.path.replace(/\.(csv|num)$/, '')}-${(next += 1)}.${log.kind === 'csv' ? 'csv' : 'num'}`;
    if (logs.size > 200) return;
    note(log, 'rotate');
    renameSync(at, join(root, target));
    logs.set(target, { path: target, kind: log.kind, versions: [log.versions.at(-1) ?? ''], faults: new Set(['rotate']) });
    write(log, start(log.kind) + lines(log.kind, 1 + pick(20)));
  }

  return {
    logs,
    done,
    step() {
      const log = originals[pick(originals.length)];
      if (!log) return;
      if (!whole(log)) append(log, log.kind === 'csv' ? '2\n' : '7\n');
      note(log, 'append');
      change(log, random());
    },
    finish() {
      for (const log of originals) if (!whole(log)) append(log, '\n');
    },
  };
}

/** The values that the complete lines of a log hold, in order, up to a byte offset. */
export function valuesIn(log: Pick<Log, 'kind'>, text: string, offset = Infinity): number[] {
  const shape = log.kind === 'csv' ? /^\d+,(\d+)$/ : /^(\d+)$/;
  return (offset === Infinity ? text : Buffer.from(text).subarray(0, offset).toString())
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => shape.exec(line)?.[1] ?? [])
    .map(Number);
}
