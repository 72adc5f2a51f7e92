/** Mounts a folder through server.ts, which can be told what to do wrong. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Command, Faults } from './server.ts';

export interface FaultyMount {
  /** Where the folder appears. */
  at: string;
  /** Replaces what goes wrong; resolves with how many operations were made to fail so far. */
  set(faults: Faults): Promise<number>;
  /** Writes what a power cut would leave of the files into a folder. */
  cutInto(folder: string, seed: number): Promise<void>;
  /** Stops answering, and answers again. */
  hang(): void;
  answer(): void;
  unmount(): Promise<void>;
}

/** Mounts `folder` at `at`, which is made. Needs root and /dev/fuse, see `noFuse`. */
export async function mountFaulty(folder: string, at: string, faults: Faults = {}): Promise<FaultyMount> {
  mkdirSync(at, { recursive: true });
  const script = fileURLToPath(new URL('./server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, at], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: { resolve(failed: number): void; reject(error: Error): void }[] = [];
  const next = (): Promise<number> => new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => waiting.splice(0).forEach(({ reject }) => reject(new Error('the file system ended'))));
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve((JSON.parse(line) as { failed?: number }).failed ?? 0));
  const tell = (command: Command): Promise<number> => {
    child.stdin.write(`${JSON.stringify(command)}\n`);
    return next();
  };
  await next();
  await tell({ faults });
  return {
    at,
    set: (wrong) => tell({ faults: wrong }),
    async cutInto(into, seed) {
      await tell({ cutInto: into, seed });
    },
    hang: () => void child.kill('SIGSTOP'),
    answer: () => void child.kill('SIGCONT'),
    async unmount() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      execFileSync('umount', ['-l', at]);
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Why nothing can be mounted here; null if it can. */
export const noMount = ((): string | null => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return 'needs root on Linux';
  const at = mkdtempSync(join(tmpdir(), 'gapwatch-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return null;
  } catch {
    return 'nothing may be mounted here';
  } finally {
    rmSync(at, { recursive: true });
  }
})();

/** Why there can be no faulty mount here; null if there can. */
export const noFuse = noMount ?? (existsSync('/dev/fuse') ? null : 'no /dev/fuse');
