/** Reads /proc for processes.ts: parents, working folders, command lines, files open for writing. Linux only. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessFacts } from './processes.ts';

const TEXT_CAP = 64 * 1024;
const FD_CAP = 4096;

/**
 * What is known of the processes `pids`, of their launchers and of their children. Processes of other users give parents and
 * commands only. An empty list where there is no /proc.
 */
export async function gatherProcesses(pids: readonly number[], proc = '/proc'): Promise<ProcessFacts[]> {
  if (pids.length === 0) return [];
  const parents = await parentsOf(proc);
  const wanted = family(pids, parents);
  const found: ProcessFacts[] = [];
  for (const pid of wanted) {
    if (pid !== process.pid) found.push(await readProcess(proc, pid, parents.get(pid) ?? null));
  }
  return found;
}

async function parentsOf(proc: string): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  const names = await readdir(proc).catch(() => [] as string[]);
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await text(join(proc, name, 'stat'));
    // The command stands in brackets and may itself hold brackets and spaces.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) parents.set(Number(name), parent);
  }
  return parents;
}

function family(pids: readonly number[], parents: ReadonlyMap<number, number>): Set<number> {
  const wanted = new Set(pids.filter((pid) => parents.has(pid)));
  let grew = true;
  while (grew) {
    grew = false;
    for (const [pid, parent] of parents) {
      if (!wanted.has(pid) && wanted.has(parent)) {
        wanted.add(pid);
        grew = true;
      }
    }
  }
  for (const pid of [...wanted]) {
    for (let at = parents.get(pid); at !== undefined && at > 1 && !wanted.has(at); at = parents.get(at)) wanted.add(at);
  }
  return wanted;
}

async function readProcess(proc: string, pid: number, parent: number | null): Promise<ProcessFacts> {
  const folder = join(proc, String(pid));
  const command = (await text(join(folder, 'cmdline'))).split('\0').filter((part) => part !== '');
  return {
    pid,
    parent,
    folder: await readlink(join(folder, 'cwd')).catch(() => null),
    command: command.map((part) => part.slice(0, 4096)),
    writes: await writtenFiles(folder),
  };
}

async function writtenFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'fd')).catch(() => [] as string[]);
  const files: string[] = [];
  for (const name of names.slice(0, FD_CAP)) {
    const target = await readlink(join(folder, 'fd', name)).catch(() => '');
    if (!target.startsWith('/') || target.startsWith('/dev/')) continue;
    // Flags are octal; the last two bits are the access mode, 0 is read only. Readers such as this program do not count.
    const flags = /^flags:\s+([0-7]+)/m.exec(await text(join(folder, 'fdinfo', name)))?.[1];
    if (flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0) files.push(target.replace(/ \(deleted\)$/, ''));
  }
  return files;
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').then(
    (content) => content.slice(0, TEXT_CAP),
    () => '',
  );
}
