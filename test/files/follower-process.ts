/** Starts child-tail.ts or child-service.ts and listens to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Said {
  kind: string;
  rootId?: number;
  state?: string;
  path?: string;
  text?: string | null;
  sentence?: string | null;
  stored?: number;
  maxRssKiB?: number;
  longestMs?: number;
}

export interface FollowerProcess {
  child: ChildProcess;
  said: Said[];
  /** Resolves with the first line, said or still to be said, for which `holds` is true. Rejects if the process ends before. */
  until(holds: (line: Said) => boolean): Promise<Said>;
  ask(command: string): void;
  /** Ends it in an orderly way and resolves with its exit code. */
  end(): Promise<number | null>;
}

export interface Starting {
  /** A command that runs the rest, such as `prlimit --nofile=256`. */
  before?: string[];
  user?: number;
  /** The whole service, not only its tailing and store; `database` is the `gapwatch.db` of its data folder. */
  whole?: boolean;
}

/** Follows `folders` with the database `database` in another process. */
export function startFollower(database: string, folders: string[], { before = [], user = 0, whole = false }: Starting = {}): FollowerProcess {
  const script = fileURLToPath(new URL(whole ? './child-service.ts' : './child-tail.ts', import.meta.url));
  const args = whole ? [database] : [database, String(user)];
  const [command = '', ...rest] = [...before, process.execPath, script, ...args, ...folders];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: Said[] = [];
  const waiting = new Set<{ holds(line: Said): boolean; resolve(line: Said): void; reject(error: Error): void }>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Said;
    said.push(line);
    for (const one of waiting) {
      if (!one.holds(line)) continue;
      waiting.delete(one);
      one.resolve(line);
    }
  });
  void ended.then((code) => {
    for (const one of waiting) one.reject(new Error(`the follower ended with ${code}`));
  });
  child.stdin.on('error', () => {});
  return {
    child,
    said,
    until(holds) {
      const found = said.find(holds);
      if (found) return Promise.resolve(found);
      return new Promise((resolve, reject) => waiting.add({ holds, resolve, reject }));
    },
    ask: (command) => void child.stdin.write(`${command}\n`),
    end() {
      child.stdin.end();
      return ended;
    },
  };
}
