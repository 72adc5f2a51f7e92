/** The product's own path on every log fixture - tailing, formats, store, runs, export - against what was logged. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportRun } from '../../main/service/exporting.ts';
import { readFolder } from '../../main/service/reading.ts';
import { openStore } from '../../main/service/store/open.ts';
import { differences, type Row, type Truth } from '../unit/formats/truth.ts';

const fixtures = process.env['GAPWATCH_FIXTURES'] ?? join(import.meta.dirname, '..', 'fixtures', 'logs');
const cases = readdirSync(fixtures).filter((name) => name.endsWith('.truth.json')).map((name) => name.slice(0, -'.truth.json'.length));
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'gapwatch-truth-')));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each(cases)('%s', async (name) => {
  const truth = JSON.parse(readFileSync(join(fixtures, `${name}.truth.json`), 'utf8')) as Truth;
  const folder = join(scratch, name);
  cpSync(join(fixtures, name), folder, { recursive: true });
  for (const { op, path, target } of truth.setup ?? []) if (op === 'symlink') symlinkSync(target, join(folder, path));
  const store = openStore(join(scratch, `${name}.db`));
  try {
    const { runs } = await readFolder(store, folder);
    const rows: Row[] = [];
    for (const run of runs) {
      for (const block of exportRun(run, 'jsonl', (id) => store.points(id))) {
        for (const line of block.trimEnd().split('\n')) {
          const row = JSON.parse(line) as Omit<Row, 'value'> & { value: number | string };
          rows.push({ ...row, value: Number(row.value) });
        }
      }
    }
    expect(differences({ rows, configs: new Map(runs.map((run) => [run.folder, run.config])) }, truth)).toEqual([]);
  } finally {
    store.close();
  }
});
