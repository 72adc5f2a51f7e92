import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportPoints } from '../../main/commands.ts';
import { CSV_HEADER, csvText, exportRun } from '../../main/service/exporting.ts';
import { readFolder } from '../../main/service/reading.ts';
import { openStore } from '../../main/service/store/open.ts';

test.each([
  ['loss', 'loss'],
  ['=cmd|calc', "'=cmd|calc"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['a,b', '"a,b"'],
  ['say "x"\n', '"say ""x""\n"'],
  ['a=1', 'a=1'],
])('the name %j is written as %j', (name, cell) => expect(csvText(name)).toBe(cell));

test('names that a spreadsheet would run are texts, numbers stay numbers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-export-'));
  mkdirSync(join(folder, 'runs', '=HYPERLINK("x")'), { recursive: true });
  const line = (step: number, value: string): string => `{"step": ${step}, "@loss,\\"a\\"": ${value}, "-loss": -0.5}\n`;
  writeFileSync(join(folder, 'runs', '=HYPERLINK("x")', 'log.jsonl'), line(0, '-1.5') + line(1, 'NaN') + line(2, '-Infinity'));
  const store = openStore(join(folder, 'gapwatch.db'));
  const { runs } = await readFolder(store, join(folder, 'runs'));
  const text = runs.flatMap((run) => [...exportRun(run, 'csv', (id) => store.points(id))]).join('');
  store.close();
  rmSync(folder, { recursive: true });
  const run = '"\'=HYPERLINK(""x"")"';
  expect((CSV_HEADER + text).split('\r\n').sort()).toEqual(
    [
      'run,series,split,step,epoch,time,value',
      `${run},"'@loss,""a""",,0,,,-1.5`,
      `${run},"'@loss,""a""",,1,,,NaN`,
      `${run},"'@loss,""a""",,2,,,-Infinity`,
      ...[0, 1, 2].map((step) => `${run},'-loss,,${step},,,-0.5`),
      '',
    ].sort(),
  );
});

test('a store that is not there is said to be missing, and not made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-export-'));
  const none = join(folder, 'none');
  try {
    await expect(exportPoints({ kind: 'export', folder: null, as: 'jsonl', dataFolder: none, storedIn: none })).rejects.toThrow(`There is no store in ${none}`);
    expect(existsSync(none)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
