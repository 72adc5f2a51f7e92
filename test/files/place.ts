/** A folder of logs and one for a database, with followers in processes of their own and file systems that do wrong; all is undone. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFollower, type FollowerProcess, type Said } from './follower-process.ts';
import { mountFaulty, type FaultyMount } from './fuse/mount.ts';
import type { Faults } from './fuse/server.ts';
import { memory } from './world.ts';

export interface Place {
  /** Holds the other two. */
  folder: string;
  root: string;
  database: string;
  /** Writes a file of the root. */
  put(path: string, content: string | Uint8Array): void;
  follow(...args: Parameters<typeof startFollower>): FollowerProcess;
  /** The folder `name` beside the root, seen through a file system that can be told what to do wrong. */
  faulty(name: string, faults?: Faults): Promise<FaultyMount & { behind: string }>;
  /** A file system in memory of this size at a folder. */
  tmpfs(at: string, size: string): void;
  remove(): Promise<void>;
}

/** Makes an empty place. */
export function openPlace(): Place {
  const folder = realpathSync(mkdtempSync(join(memory, 'gapwatch-place-')));
  const root = join(folder, 'runs');
  mkdirSync(root);
  mkdirSync(join(folder, 'db'));
  const followers: FollowerProcess[] = [];
  const mounts: FaultyMount[] = [];
  const disks: string[] = [];
  return {
    folder,
    root,
    database: join(folder, 'db', 'gapwatch.db'),
    put(path, content) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    follow(...args) {
      const follower = startFollower(...args);
      followers.push(follower);
      return follower;
    },
    async faulty(name, faults) {
      const behind = join(folder, name);
      mkdirSync(behind, { recursive: true });
      const mount = await mountFaulty(behind, join(folder, `${name}-mounted`), faults);
      mounts.push(mount);
      return { ...mount, behind };
    },
    tmpfs(at, size) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]);
      disks.push(at);
    },
    async remove() {
      for (const mount of mounts) mount.answer();
      for (const follower of followers) await follower.end();
      for (const mount of mounts) await mount.unmount();
      for (const disk of disks) execFileSync('umount', ['-l', disk]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A root was read to its end. */
export const loaded = (line: Said): boolean => line.kind === 'root-state' && line.state === 'ok';

/** The name of a test that may be skipped says why it is. */
export function named(name: string, reason: string | null): string {
  return reason === null ? name : `${name} (SKIPPED: ${reason})`;
}

/** Why something cannot be done here, or null. */
export function cannot(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? 'it failed';
  }
}
