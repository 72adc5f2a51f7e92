/**
 * The process that the kill test kills: goes on where the store says it stands, commits batches of deterministic points to three
 * sources, and prints the offset after each commit. Argument: the database.
 */
import { Batch } from '../../../main/service/formats/batch.ts';
import { openStore } from '../../../main/service/store/open.ts';

const SOURCES = 3;

/** Point number i of every series, and how many the commit that begins at `offset` has. */
export function stepOf(i: number): number {
  return i * 3;
}
export function valueOf(i: number): number {
  return i % 97 === 0 ? NaN : Math.sin(i) * i;
}
function sizeOf(offset: number): number {
  return [1, 3, 1, 40, 2, 700, 1, 5000][offset % 8]!;
}

function write(file: string): void {
  const store = openStore(file);
  const root = store.addRoot('/runs');
  const ids = Array.from({ length: SOURCES }, (_, s) => store.addSource(root, `log-${s}`, 'x').id);
  for (;;) {
    const commits = ids.map((sourceId) => {
      const { offset } = store.source(sourceId)!;
      const count = sizeOf(offset);
      const batch = new Batch();
      for (let i = offset; i < offset + count; i += 1) {
        for (const name of ['loss', 'lr']) batch.point(batch.series(name), stepOf(i), NaN, 1.7e9 + i, valueOf(i));
      }
      batch.config('last', offset);
      const provisional = new Batch();
      provisional.point(provisional.series('loss'), stepOf(offset + count), NaN, NaN, -1);
      const end = offset + count;
      const position = { device: 1, inode: sourceId, size: end, offset: end, marker: '', mtimeMs: 0, reader: { end } };
      return { sourceId, position, batch, provisional, mode: 'append' as const, grewAtMs: null };
    });
    store.commit(commits);
    process.stdout.write('.');
  }
}

if (process.argv[2] !== undefined && import.meta.filename === process.argv[1]) write(process.argv[2]);
