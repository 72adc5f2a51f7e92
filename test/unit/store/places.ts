import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { Batch } from '../../../main/service/formats/batch.ts';
import type { Commit, SourcePosition, Store } from '../../../main/service/store/store.ts';
import { type StoreOptions, openStore } from '../../../main/service/store/open.ts';

const folders: string[] = [];
const stores: Store[] = [];

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'gapwatch-store-'));
  folders.push(made);
  return made;
}

/** A store on a real file, closed after the test. */
export function store(file = join(folder(), 'gapwatch.db'), options: StoreOptions = {}): Store {
  const opened = openStore(file, options);
  stores.push(opened);
  return opened;
}

export function position(offset = 0): SourcePosition {
  return { device: 1, inode: 2, size: offset, offset, marker: '', mtimeMs: 3, reader: undefined };
}

export function batch(fill: (batch: Batch) => void): Batch {
  const made = new Batch();
  fill(made);
  return made;
}

/** A commit of one batch at an offset. */
export function commit(sourceId: number, offset: number, fill: (batch: Batch) => void, more: Partial<Commit> = {}): Commit {
  return { sourceId, position: position(offset), batch: batch(fill), mode: 'append', grewAtMs: null, ...more };
}

/** Values of a series, or of a curve, as plain numbers. */
export function numbers(column: Float64Array, length = column.length): number[] {
  return [...column.subarray(0, length)];
}

/** A store with 20,000 points of two series, closed. */
export function filled(file: string): { source: number; root: number } {
  const kept = openStore(file);
  const root = kept.addRoot('/runs');
  const source = kept.addSource(root, 'log', 'x').id;
  kept.documents.set('note', 'run', 'mine');
  kept.commit([commit(source, 77, (b) => {
    for (let i = 0; i < 10_000; i += 1) {
      b.point(b.series('loss'), i, NaN, 1.7e9 + i * 1.3, Math.sin(i));
      b.point(b.series('lr'), i, NaN, 1.7e9 + i * 1.3, 0.001);
    }
  })]);
  kept.rest();
  kept.close();
  return { source, root };
}
