/** How the soak is called, and what it says of a run at a steady pace. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { steadyReport } from './steady-report.ts';
import type { SteadyResult } from './steady.ts';

test('a part that there is not is wrong use, answered with those there are', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'soak.ts'), 'kills', 'nonsense'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: 'no part is called nonsense; there are kills, sequences, power, flips, fuzz, steady, app\n' });
});

/** A run of so many samples, its memory growing by 1 MiB each. */
function ran(count: number): SteadyResult {
  const samples = Array.from({ length: count }, (_, i) => ({ minutes: i / 12, residentMiB: [101 + i], descriptors: 40, walMiB: 4 }));
  return { samples, processes: [{ name: 'process', slopeMiBPerHour: count > 3 ? 720 : NaN }], points: 500, wrong: [] };
}

test('a long run tells its course by tenths', () => {
  expect(steadyReport(ran(20))).toEqual([
    '2 minutes, 500 points; 40 - 40 descriptors; log of the database at most 4.0 MiB',
    'process: 101 - 120 MiB resident, 720.0 MiB an hour after the first third; by tenths 102 104 106 108 110 112 114 116 118 120',
  ]);
});

test('a run that is too short for its course says so', () => {
  expect(steadyReport(ran(9))[1]).toBe('process: 101 - 109 MiB resident; too short for its course');
  expect(steadyReport(ran(1))[1]).toBe('process: 101 - 101 MiB resident; too short for its course');
  expect(steadyReport(ran(0))).toEqual(['500 points; too short for a sample']);
});
