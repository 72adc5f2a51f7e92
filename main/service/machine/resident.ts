/**
 * One long-lived child that prints lines, kept alive: starting nvidia-smi anew for each sample costs up to seconds of kernel time,
 * a resident one next to nothing. A child that falls silent is killed; one that ended is started again, each time later.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';

/** A line longer than this is no line of nvidia-smi. */
const LINE_CAP = 64 * 1024;
const ERROR_CAP = 4 * 1024;

export interface Ended {
  /** missing: there is no such program. hung: killed after silence. refused: killed because `onLines` said so. exited: by itself. */
  why: 'missing' | 'hung' | 'refused' | 'exited';
  code: number | null;
  /** The end of what it printed as errors and, where it never printed a good line, as output. */
  said: string;
}

export interface ResidentOptions {
  command: string;
  args: readonly string[];
  clock: Clock;
  /** Milliseconds of silence allowed before the first line and between lines; null: silence is no fault. */
  firstLineMs: number | null;
  lineMs: number | null;
  /** Lines of one read, in order, without their line ends. Returning false kills the child ("refused"). */
  onLines(lines: string[]): boolean | void;
  /** The child fell silent and is being killed. One that hangs in the driver may take long to go: `onEnd` comes when it has. */
  onHung?(): void;
  /** Called once, after the child is gone. */
  onEnd(ended: Ended): void;
}

export interface Resident {
  readonly pid: number | undefined;
  /** Kills the child; `onEnd` is not called any more. */
  close(): void;
}

/** Starts the child once. What happens after its end is the caller's business. */
export function startResident(options: ResidentOptions): Resident {
  // Loading it at each start would delay the first curves.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(options.command, [...options.args], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const state = { closed: false, why: 'exited' as Ended['why'], said: '', missing: false };
  const silence = watchSilence(options, () => {
    options.onHung?.();
    kill(child, state, 'hung');
  });
  const lines = lineSplitter();

  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    if (state.closed || state.why !== 'exited') return;
    const complete = lines(text);
    if (complete.length === 0) return;
    silence.heard();
    state.said = keepEnd(state.said, `${complete.join('\n')}\n`);
    if (options.onLines(complete) === false) kill(child, state, 'refused');
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    state.said = keepEnd(state.said, text);
  });
  child.on('error', (error: NodeJS.ErrnoException) => {
    state.missing = error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOEXEC';
    state.said = keepEnd(state.said, error.message);
    if (child.pid === undefined) end(null);
  });
  child.on('close', (code) => end(code));

  let ended = false;
  function end(code: number | null): void {
    silence.stop();
    if (ended || state.closed) return;
    ended = true;
    options.onEnd({ why: state.missing ? 'missing' : state.why, code, said: state.said.trim() });
  }
  return {
    pid: child.pid,
    close() {
      state.closed = true;
      silence.stop();
      release(child);
    },
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function kill(child: Child, state: { why: Ended['why'] }, why: Ended['why']): void {
  state.why = why;
  release(child);
}

/** nvidia-smi holds nothing that wants an orderly end, and one that hangs in the driver ignores SIGTERM. */
function release(child: Child): void {
  child.kill('SIGKILL');
  child.stdout.destroy();
  child.stderr.destroy();
}

function watchSilence(options: ResidentOptions, hung: () => void): { heard(): void; stop(): void } {
  let cancel: (() => void) | null = null;
  const arm = (ms: number | null): void => {
    cancel?.();
    cancel = ms === null ? null : options.clock.after(ms, hung);
  };
  arm(options.firstLineMs);
  return { heard: () => arm(options.lineMs), stop: () => cancel?.() };
}

/** Complete lines of what has arrived; an endless line is cut off as a line of its own, so that memory stays bounded. */
function lineSplitter(): (text: string) => string[] {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > LINE_CAP) {
      parts.push(rest.slice(0, LINE_CAP));
      rest = '';
    }
    return parts.map((line) => line.replace(/\r$/, '')).filter((line) => line.trim() !== '');
  };
}

function keepEnd(text: string, more: string): string {
  return (text + more).slice(-ERROR_CAP);
}

/** Waiting times between starts: doubling from one second to one minute, from the beginning again after a good spell. */
export function backOff(firstMs = 1000, capMs = 60_000): { next(): number; good(): void } {
  let wait = firstMs;
  return {
    next() {
      const now = wait;
      wait = Math.min(capMs, wait * 2);
      return now;
    },
    good() {
      wait = firstMs;
    },
  };
}
