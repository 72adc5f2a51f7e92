/** The run of a real process, from the real /proc. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attribute, type RunPlace } from '../../main/service/machine/processes.ts';
import { gatherProcesses } from '../../main/service/machine/procfs.ts';

let root: string;
let runs: RunPlace[];
let children: ChildProcess[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'gapwatch-proc-')));
  children = [];
  runs = [];
  for (const run of ['a', 'b']) {
    const folder = join(root, 'runs', run);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'metrics.csv'), 'step,loss\n');
    runs.push({ run, folder, files: [join(folder, 'metrics.csv')], growing: true });
  }
});

afterEach(async () => {
  await Promise.all(children.map((child) => (child.kill('SIGKILL'), once(child, 'close'))));
  await rm(root, { recursive: true, force: true });
});

/** A process that runs `script`, says "ready" and stays. */
async function running(script: string, extra: string[] = [], environment: Record<string, string> = {}): Promise<number> {
  const program = `${script}; console.log('ready'); setInterval(() => {}, 1e9)`;
  const child = spawn(process.execPath, ['-e', program, '--', ...extra], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  return child.pid!;
}

describe.runIf(process.platform === 'linux')('a process', () => {
  it('that holds a log open for writing works for its run; one that reads it does not', async () => {
    const open = (flags: string): string => `require('fs').openSync(${JSON.stringify(join(root, 'runs/b/metrics.csv'))}, '${flags}')`;
    const writer = await running(open('a'));
    const reader = await running(open('r'));
    expect(attribute(await gatherProcesses([writer]), runs)).toContainEqual({ pid: writer, run: 'b', how: 'open file' });
    expect(attribute(await gatherProcesses([reader]), runs)).toEqual([]);
  });

  it('is known by the run folder on its command line', async () => {
    const pid = await running('0', ['--out=runs/a']);
    expect(attribute(await gatherProcesses([pid]), runs)).toContainEqual({ pid, run: 'a', how: 'command line' });
  });

  it('that is gone is left out', async () => {
    expect(await gatherProcesses([2 ** 22 + 5])).toEqual([]);
    expect(await gatherProcesses([1234], join(root, 'no-proc'))).toEqual([]);
  });
});
