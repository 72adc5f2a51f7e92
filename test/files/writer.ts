/** A writer of many logs for the kill loop: grows, rotates and damages them at random, and remembers every version of every file. */
import { appendFileSync, copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KINDS, RUBBISH, type Kind } from './log-kinds.ts';

export type Fault =
  | 'append'
  | 'partial record'
  | 'damaged record'
  | 'truncate and rewrite'
  | 'copytruncate'
  | 'replace'
  | 'rotate'
  | 'delete and recreate';

export interface Log {
  path: string;
  kind: Kind;
  /** Every content that stood under this path, byte by byte (latin1), the newest last; appending changes the last one. */
  versions: string[];
  /** What is still to be written of the last record. */
  rest: string;
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
export function openWriter(root: string, random: () => number, kinds: readonly Kind[] = KINDS, runs = 12): Writer {
  const logs = new Map<string, Log>();
  const done = new Map<Fault, number>();
  let next = 0;
  const pick = (count: number): number => Math.floor(random() * count);
  const lines = (kind: Kind, count: number): string => Array.from({ length: count }, () => kind.record((next += 1))).join('');

  function write(log: Log, text: string): void {
    writeFileSync(join(root, log.path), text, 'latin1');
    log.versions.push(text);
    log.rest = '';
  }

  function append(log: Log, text: string): void {
    appendFileSync(join(root, log.path), text, 'latin1');
    log.versions.push((log.versions.pop() ?? '') + text);
  }

  function appendRest(log: Log): void {
    append(log, log.rest);
    log.rest = '';
  }

  function note(log: Log, fault: Fault): void {
    log.faults.add(fault);
    done.set(fault, (done.get(fault) ?? 0) + 1);
  }

  function open(path: string, kind: Kind): void {
    const log: Log = { path, kind, versions: [], rest: '', faults: new Set() };
    logs.set(path, log);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    write(log, kind.start + lines(kind, 1 + pick(50)));
  }

  for (let run = 0; run < runs; run += 1) {
    const kind = kinds[run % kinds.length];
    if (kind) open(`run-${run}/${kind.file}`, kind);
  }
  const originals = [...logs.values()];

  function change(log: Log, dice: number): void {
    const at = join(root, log.path);
    const { kind } = log;
    if (dice < 0.55) append(log, lines(kind, 1 + pick(dice < 0.002 ? 150_000 : dice < 0.05 ? 3000 : 40)));
    else if (dice < 0.7) {
      note(log, 'partial record');
      const text = lines(kind, 1);
      const cut = 1 + pick(text.length - 1);
      append(log, text.slice(0, cut));
      log.rest = text.slice(cut);
    } else if (dice < 0.78) damage(log);
    else if (dice < 0.84) {
      note(log, 'truncate and rewrite');
      write(log, kind.start + lines(kind, pick(60)));
    } else if (dice < 0.88) copyTruncate(log, at);
    else if (dice < 0.93) replace(log, at);
    else if (dice < 0.97) rotate(log, at);
    else {
      note(log, 'delete and recreate');
      rmSync(at);
      write(log, kind.start + lines(kind, 1 + pick(60)));
    }
  }

  /** Not among the first lines, by which a table is recognised. */
  function damage(log: Log): void {
    if ((log.versions.at(-1) ?? '').length < 200) return append(log, lines(log.kind, 5));
    note(log, 'damaged record');
    append(log, RUBBISH);
  }

  function copyTruncate(log: Log, at: string): void {
    note(log, 'copytruncate');
    // Out of the root, as a copy inside it would be a log of its own.
    copyFileSync(at, join(root, '..', 'copied'));
    truncateSync(at, 0);
    log.versions.push('');
    append(log, log.kind.start + lines(log.kind, 1 + pick(20)));
  }

  function replace(log: Log, at: string): void {
    note(log, 'replace');
    const { kind } = log;
    // Half of the replacements are longer copies of the same log, as rsync makes them.
    const text = random() < 0.5 ? (log.versions.at(-1) ?? '') + lines(kind, pick(20)) : kind.start + lines(kind, 1 + pick(60));
    writeFileSync(`${at}.tmp`, text, 'latin1');
    renameSync(`${at}.tmp`, at);
    log.versions.push(text);
  }

  function rotate(log: Log, at: string): void {
    if (logs.size > 200) return;
    const target = log.kind.rotated(log.path, (next += 1));
    note(log, 'rotate');
    renameSync(at, join(root, target));
    // The file goes on under its new name, and with it what was stored of it before it was written anew.
    logs.set(target, { ...log, path: target, versions: [...log.versions], faults: new Set(['rotate']) });
    write(log, log.kind.start + lines(log.kind, 1 + pick(20)));
  }

  return {
    logs,
    done,
    step() {
      const log = originals[pick(originals.length)];
      if (!log) return;
      appendRest(log);
      note(log, 'append');
      change(log, random());
    },
    finish() {
      for (const log of originals) appendRest(log);
    },
  };
}
