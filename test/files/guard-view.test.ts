/** Speed of far views, guarded by a ratio alone; see guard.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Batch } from '../../main/service/formats/batch.ts';
import { openStore } from '../../main/service/store/open.ts';
import { seeded } from '../bench/generate-tfevents.ts';
import { gain } from './gain.ts';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gapwatch-guard-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('a far view costs a fraction of going over its points in memory', () => {
  const count = 1_000_000;
  const random = seeded(2);
  const store = openStore(join(scratch, 'far.db'));
  const source = store.addSource(store.addRoot('/logs'), 'log', 'x');
  const batch = new Batch();
  const points = batch.columns(batch.series('loss'));
  for (let i = 0; i < count; i += 1) points.push(i, NaN, NaN, Math.fround(random()));
  const y = points.value.slice(0, count);
  const position = { device: 0, inode: 0, size: 1, offset: 1, marker: '', mtimeMs: 0, reader: null };
  store.commit([{ sourceId: source.id, position, batch, mode: 'append', grewAtMs: null }]);
  const [row] = store.series(source.id);
  const costs = (draft: boolean): number =>
    gain(
      () => {
        for (let n = 0; n < 20; n += 1) store.curve(row?.id ?? 0, { axis: 'step', from: 1000 * n + 7, to: 900_000 + 1000 * n, pixels: 500, draft });
      },
      () => {
        for (let n = 0; n < 20; n += 1) leastAndGreatest(y, 500);
      },
    );
  const [extremes, whole] = [costs(true), costs(false)];
  store.close();
  process.stdout.write(`a far view: going over all points costs ${extremes.toFixed(1)} times ours, with what joins the columns ${whole.toFixed(1)} times\n`);
  expect(extremes).toBeGreaterThan(2);
  expect(whole).toBeGreaterThan(1.3);
});

function leastAndGreatest(y: Float64Array, columns: number): Float64Array {
  const found = new Float64Array(2 * columns);
  for (let c = 0; c < columns; c += 1) {
    let [min, max] = [Infinity, -Infinity];
    for (let i = Math.floor((c * y.length) / columns); i < ((c + 1) * y.length) / columns; i += 1) {
      if (y[i]! < min) min = y[i]!;
      if (y[i]! > max) max = y[i]!;
    }
    found.set([min, max], 2 * c);
  }
  return found;
}
