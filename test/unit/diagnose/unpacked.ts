/** The packed subset of the corpus (test/fixtures/corpus) as files in a temporary folder. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

interface Packed {
  labels: { runs: { id: string }[] };
  files: Record<string, string>;
}

/** Writes the runs and labels.json; `only` keeps the first runs that it says yes to. */
export function unpackCorpus(only: (id: string, index: number) => boolean = () => true): { folder: string; remove(): void } {
  const packed = JSON.parse(
    gunzipSync(readFileSync(new URL('../../fixtures/corpus/runs.json.gz', import.meta.url))).toString('utf8'),
  ) as Packed;
  const folder = mkdtempSync(join(tmpdir(), 'gapwatch-runs-'));
  const runs = packed.labels.runs.filter(({ id }, index) => only(id, index));
  const ids = new Set(runs.map(({ id }) => id));
  for (const [path, content] of Object.entries(packed.files)) {
    if (!ids.has(path.split('/')[0] ?? '')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(content, 'base64'));
  }
  writeFileSync(join(folder, 'labels.json'), JSON.stringify({ ...packed.labels, runs }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
