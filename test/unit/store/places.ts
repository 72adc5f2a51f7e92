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
