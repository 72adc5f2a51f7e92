/** polars, from the Python registry, in a virtual environment of its own: the fastest reader of typed CSV, native and on all cores. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { paired, skipped, type Row } from './row.ts';

const VERSION = '2.1.0';
const PAIRS = 5;
const TARGET = { text: '>= 1/4 of its speed', met: (ratio: number) => ratio >= 0.25 };
/** CPU seconds, of all threads, of one reading of a file whose pages are in memory; the first one finds the library cold. */
const READ = `
import sys, time, polars
for _ in range(2):
    before = time.process_time()
    frame = polars.read_csv(sys.argv[1])
    print(time.process_time() - before)
assert all(kind.is_numeric() for kind in frame.dtypes), frame.dtypes
`;

/** `ours` reads the same bytes once and returns its CPU seconds. */
export function benchPolars(what: string, bytes: Uint8Array, ours: () => number, show: (seconds: number) => string): Row {
  const name = `${what}; against polars`;
  const python = findPolars();
  if (!existsSync(python)) return skipped(name, python, TARGET.text);
  const scratch = mkdtempSync(join(tmpdir(), 'gapwatch-polars-'));
  try {
    const file = join(scratch, 'log.csv');
    writeFileSync(file, bytes);
    const theirs = (): number => Number(execFileSync(python, ['-c', READ, file], { encoding: 'utf8' }).trim().split('\n').at(-1));
    const pairs = Array.from({ length: PAIRS }, () => ({ ours: ours(), anchor: theirs() }));
    return paired(name, pairs, show, ({ ours: own, anchor }) => anchor / own, TARGET);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The Python that has it; a sentence saying why not if it cannot be had. */
function findPolars(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gapwatch', `polars-${VERSION}`);
  const python = join(folder, 'bin', 'python');
  try {
    if (!existsSync(join(folder, 'complete'))) {
      mkdirSync(folder, { recursive: true });
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
      execFileSync(join(folder, 'bin', 'pip'), ['-q', 'install', '--only-binary', ':all:', `polars==${VERSION}`], { stdio: 'ignore' });
      writeFileSync(join(folder, 'complete'), '');
    }
    return python;
  } catch (error) {
    return `polars ${VERSION} could not be installed: ${(error as Error).message.split('\n')[0]}`;
  }
}
