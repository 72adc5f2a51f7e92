/** A script of the benchmarks as the app runs its service: a bundle, not a hundred files whose types are stripped at each start. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { ascii } from '../../scripts/ascii.ts';
import { bundledSqlite } from '../../scripts/bundled-sqlite.ts';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache');

const service = join(import.meta.dirname, '..', '..', 'main', 'service');
/** The service starts these beside its own script. */
const THREADS = { 'disk-worker': join(service, 'watch', 'disk-worker.ts'), 'diagnosis-worker': join(service, 'diagnosisWorker.ts') };

/** Bundles a file beside this one, into scripts as the app's service is, and hands over the path of the result, which is gone afterwards. */
export async function withBundle<T>(name: string, work: (script: string) => Promise<T>): Promise<T> {
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'gapwatch-bench-'));
  try {
    const input = { [name]: join(import.meta.dirname, `${name}.ts`), ...THREADS };
    const output = { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' };
    await build({ configFile: false, logLevel: 'error', plugins: [ascii(), bundledSqlite(outDir)], build: { ssr: true, outDir, emptyOutDir: true, rolldownOptions: { input, output } }, ssr: { noExternal: true } });
    return await work(join(outDir, `${name}.cjs`));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
