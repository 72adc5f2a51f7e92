/** Reads a corpus folder the way the product reads any folder: tail, formats, store and runs, in a store of its own that is then dropped. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputOf } from '../../main/service/diagnosedRun.ts';
import type { RunInput } from '../../main/service/diagnose/input.ts';
import { readFolder } from '../../main/service/reading.ts';
import { openStore } from '../../main/service/store/open.ts';

/** What the diagnosis gets to see of every run below `folder`, by the first part of the run's path. */
export async function readCorpusRuns(folder: string): Promise<Map<string, RunInput>> {
  const home = mkdtempSync(join(tmpdir(), 'gapwatch-corpus-'));
  const store = openStore(join(home, 'store.db'));
  try {
    const { runs } = await readFolder(store, realpathSync(folder));
    const now = Date.now();
    const inputs = new Map<string, RunInput>();
    for (const run of runs) {
      const id = run.folder.split('/')[0] ?? run.folder;
      const input = inputOf(run, store, now);
      const before = inputs.get(id);
      if (!before || input.series.length > before.series.length) inputs.set(id, input);
    }
    return inputs;
  } finally {
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}
